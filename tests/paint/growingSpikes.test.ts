import { describe, expect, it } from "vitest";
import type { SpikeTable } from "../../src/core/types.ts";
import { correctedDepths } from "../../src/paint/correctedDepths.ts";
import { figureData } from "../../src/paint/figureData.ts";
import { figureSvg } from "../../src/paint/figures.ts";
import { appendedSpikes, lengthened } from "../../src/paint/growingSpikes.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { prepareSpikes, type SpikeData } from "../../src/paint/spikeData.ts";
import { motionOf, scatteredSpikes, view } from "./synthetic.ts";

const all: SpikeTable = {
  ...scatteredSpikes(5000),
  channel: Int32Array.from({ length: 5000 }, (_, i) => i % 384),
  segment: Int32Array.from({ length: 5000 }, (_, i) => Math.floor(i / 3000)),
  shank: Int32Array.from({ length: 5000 }, (_, i) => i % 4),
  sampleIndex: Float64Array.from({ length: 5000 }, (_, i) => 7 * i),
};

/** Rows [from, to) as a table of its own, as a worker would send it. */
function part(table: SpikeTable, from: number, to: number): SpikeTable {
  const columns = Object.entries(table).flatMap(([name, column]) =>
    typeof column === "number" ? [] : [[name, column.slice(from, to)]],
  );
  return { nSpikes: to - from, ...Object.fromEntries(columns) };
}

function grown(cuts: readonly number[]): SpikeData {
  const bounds = [0, ...cuts, all.nSpikes];
  return bounds
    .slice(2)
    .reduce(
      (data, to, i) => appendedSpikes(data, part(all, bounds[i + 1], to)),
      prepareSpikes(part(all, 0, bounds[1])),
    );
}

describe("spikes that arrive in pieces", () => {
  it.each([[[2500]], [[0, 1]], [[1, 2, 3, 3, 1024, 1025, 4999]], [[100, 1500, 2900, 4300]]])(
    "cut at %j are the spikes set at once",
    (cuts) => {
      expect(grown(cuts)).toEqual(prepareSpikes(all));
    },
  );

  it("are drawn and counted like those set at once", () => {
    for (const kind of ["raster-raw", "amplitudes"] as const) {
      const show = (spikes: SpikeData) => {
        const size = { widthPx: 300, heightPx: 200, pixelRatio: 1 };
        const figure = buildPicture(kind, { ...noPaintData(), spikes }, view, size);
        return { svg: figureSvg(figure), numbers: figureData(figure, spikes) };
      };
      expect(show(grown([700, 2000]))).toEqual(show(prepareSpikes(all)));
    }
  });

  it("leave the table that was set as it was", () => {
    // both views of one buffer: what follows the first must not be overwritten
    const first = part(all, 0, 10);
    const buffer = new Float64Array(20).fill(-1);
    buffer.set(first.timeSec);
    first.timeSec = buffer.subarray(0, 10);
    appendedSpikes(prepareSpikes(first), part(all, 10, 20));
    expect([...buffer.subarray(10)]).toEqual(Array(10).fill(-1));
  });

  it("are copied a few times each, however many pieces they come in", () => {
    let column = new Float64Array(1);
    const buffers = new Set<ArrayBufferLike>();
    for (let n = 2; n <= 100_000; n++) {
      column = lengthened(column, n);
      buffers.add(column.buffer);
    }
    expect(buffers.size).toBeLessThan(12);
  });

  it("must come in order of time and with the columns of those before", () => {
    const data = prepareSpikes(part(all, 100, 200));
    expect(() => appendedSpikes(data, part(all, 0, 10))).toThrow("in order of time");
    const { shank: _, ...without } = part(all, 200, 210);
    expect(() => appendedSpikes(prepareSpikes(part(all, 100, 200)), without)).toThrow("shank");
  });

  it("are corrected like those set at once, and only the new ones", () => {
    const motion = motionOf((t, d) => Math.sin(t) * (d / 100), [0, 500, 1000]);
    const expected = correctedDepths(all, motion).upTo(0, all.nSpikes);
    const first = correctedDepths(part(all, 0, 2000), motion);
    first.upTo(0, 10);
    first.target[3] = 42; // a second computation would undo this
    const both = first.extendedTo(all).upTo(0, all.nSpikes);
    expect(both[3]).toBe(42);
    both[3] = expected[3];
    expect(both).toEqual(expected);
  });
});

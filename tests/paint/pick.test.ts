import { describe, expect, it } from "vitest";
import type { SpikeTable } from "../../src/core/types.ts";
import { type CorrectedDepths, correctedDepths } from "../../src/paint/correctedDepths.ts";
import type { PickColumns } from "../../src/paint/figure.ts";
import { nearestSpike, pickedSpike, pickRadiusPx } from "../../src/paint/pick.ts";
import type { PlotArea } from "../../src/protocol/plotArea.ts";
import { motionOf, scatteredSpikes } from "./synthetic.ts";

/** 500 × 200 px over 100 s and 1000 µm: 5 px per s, 0.2 px per µm. */
const whole: PlotArea = {
  left: 62,
  top: 26,
  width: 500,
  height: 200,
  xRange: [0, 100],
  yRange: [0, 1000],
  xUnit: "s",
  yUnit: "µm",
  x: "time",
  y: "depth",
};

function spikesAt(...places: [timeSec: number, depthUm: number][]): SpikeTable {
  return {
    nSpikes: places.length,
    timeSec: Float64Array.from(places, ([t]) => t),
    depthUm: Float64Array.from(places, ([, d]) => d),
    ampUv: new Float32Array(places.length).fill(-80),
  };
}

/** Where a raster draws spikes: by observed depth or, with a correction, by corrected depth. */
function drawn(spikes: SpikeTable, corrected: CorrectedDepths | null = null): PickColumns {
  const y = corrected ? corrected.upTo(0, spikes.nSpikes) : spikes.depthUm;
  return { x: spikes.timeSec, y, from: 0, to: spikes.nSpikes, isSorted: true };
}

/** Where a spike is drawn, written once more the plain way. */
function placeOf(area: PlotArea, timeSec: number, depthUm: number): { x: number; y: number } {
  const fx = (timeSec - area.xRange[0]) / (area.xRange[1] - area.xRange[0]);
  const fy = (depthUm - area.yRange[0]) / (area.yRange[1] - area.yRange[0]);
  return { x: area.left + fx * area.width, y: area.top + (1 - fy) * area.height };
}

describe("the spike nearest to a click", () => {
  it("is nearest in pixels and not in seconds or micrometres", () => {
    // from (50 s, 500 µm): row 0 is 2 s = 10 px away, row 1 is 40 µm = 8 px
    const spikes = spikesAt([48, 500], [50, 540]);
    const { x, y } = placeOf(whole, 50, 500);
    expect(nearestSpike(drawn(spikes), whole, x, y)).toBe(1);
    // 20 s over the same width: 2 s are 50 px; and 100 µm over the same height: 40 µm are 80 px
    const inTime: PlotArea = { ...whole, xRange: [40, 60] };
    const inDepth: PlotArea = { ...whole, yRange: [450, 550] };
    const centre = { x: whole.left + 250, y: whole.top + 100 };
    expect(nearestSpike(drawn(spikes), inTime, centre.x, centre.y)).toBe(1);
    expect(nearestSpike(drawn(spikes), inDepth, centre.x, centre.y)).toBe(0);
  });

  it("is none beyond twelve pixels, and found at exactly twelve", () => {
    const spikes = spikesAt([50, 500]);
    const { x, y } = placeOf(whole, 50, 500);
    expect(pickRadiusPx).toBe(12);
    expect(nearestSpike(drawn(spikes), whole, x + 12, y)).toBe(0);
    expect(nearestSpike(drawn(spikes), whole, x, y - 12)).toBe(0);
    expect(nearestSpike(drawn(spikes), whole, x + 12.01, y)).toBeNull();
    expect(nearestSpike(drawn(spikes), whole, x + 9, y + 9)).toBeNull();
  });

  it("is where the raster shows it: observed or corrected", () => {
    const spikes = spikesAt([50, 500], [50, 700]);
    const corrected = correctedDepths(
      spikes,
      motionOf(() => 200, [0]),
    );
    const at500 = placeOf(whole, 50, 500);
    expect(nearestSpike(drawn(spikes), whole, at500.x, at500.y)).toBe(0);
    expect(nearestSpike(drawn(spikes, corrected), whole, at500.x, at500.y)).toBe(1);
  });

  it("is the lowest row among equally near ones", () => {
    const { x, y } = placeOf(whole, 50, 500);
    expect(nearestSpike(drawn(spikesAt([50, 500], [50, 500], [50, 500])), whole, x, y)).toBe(0);
    expect(nearestSpike(drawn(spikesAt([49, 500], [51, 500])), whole, x, y)).toBe(0);
  });

  it("is never one outside the frame, which nobody sees", () => {
    const zoomed: PlotArea = { ...whole, xRange: [50, 60], yRange: [500, 600] };
    const corner = { x: whole.left, y: whole.top + whole.height };
    expect(nearestSpike(drawn(spikesAt([49.99, 510])), zoomed, corner.x, corner.y - 20)).toBeNull();
    expect(nearestSpike(drawn(spikesAt([50.1, 499.9])), zoomed, corner.x, corner.y)).toBeNull();
    expect(nearestSpike(drawn(spikesAt([50, 500])), zoomed, corner.x, corner.y)).toBe(0);
  });

  it("is none among no spikes", () => {
    expect(nearestSpike(drawn(spikesAt()), whole, 300, 100)).toBeNull();
  });

  it("is the one that looking at every spike finds", () => {
    const spikes = scatteredSpikes(3000);
    const motion = motionOf((t, d) => 60 * Math.sin(t / 9 + d / 400), [0, 300, 1000]);
    const corrected = correctedDepths(spikes, motion);
    const depths = { raw: spikes.depthUm, corrected: corrected.upTo(0, spikes.nSpikes) };
    const random = scatteredSpikes(300); // another 300 places, of the same recurrence
    let [nFound, nNone] = [0, 0];
    for (let k = 0; k < 300; k++) {
      const from = (k * 7) % 60;
      const area: PlotArea = { ...whole, xRange: [from, from + 3 + (k % 40)], yRange: [k, k + 40 + 2 * k] };
      const x = area.left - 5 + ((random.depthUm[k] * 31) % (area.width + 10));
      const y = area.top - 5 + ((random.depthUm[k] * 17) % (area.height + 10));
      for (const kind of ["raw", "corrected"] as const) {
        const expected = bruteForce(spikes.timeSec, depths[kind], area, x, y);
        const picks = drawn(spikes, kind === "raw" ? null : corrected);
        expect(nearestSpike(picks, area, x, y)).toBe(expected);
        expect(nearestSpike({ ...picks, isSorted: false }, area, x, y)).toBe(expected);
        if (expected === null) nNone++;
        else nFound++;
      }
    }
    // both answers are common, or the comparison would say little
    expect(Math.min(nFound, nNone)).toBeGreaterThan(30);
  });
});

function bruteForce(timeSec: Float64Array, depthUm: Float64Array, area: PlotArea, x: number, y: number): number | null {
  const all = Array.from(timeSec, (t, row) => {
    const place = placeOf(area, t, depthUm[row]);
    return { row, t, d: depthUm[row], px: Math.hypot(place.x - x, place.y - y) };
  });
  const seen = all.filter(
    ({ t, d, px }) =>
      t >= area.xRange[0] && t <= area.xRange[1] && d >= area.yRange[0] && d <= area.yRange[1] && px <= 12,
  );
  return seen.sort((a, b) => a.px - b.px || a.row - b.row)[0]?.row ?? null;
}

describe("a spike in words' numbers", () => {
  const spikes = spikesAt([10, 500], [20, 700]);
  it("has its row's values, and a corrected depth when there is a motion", () => {
    const corrected = correctedDepths(
      spikes,
      motionOf(() => 25, [0]),
    );
    const plain = { index: 1, timeSec: 20, depthUm: 700, ampUv: -80 };
    expect(pickedSpike(spikes, null, 1)).toEqual({ ...plain, correctedDepthUm: null });
    expect(pickedSpike(spikes, corrected, 1)).toEqual({ ...plain, correctedDepthUm: 675 });
  });
  it("is null for a row that is not there", () => {
    for (const row of [-1, 2, 0.5, Number.NaN]) expect(pickedSpike(spikes, null, row)).toBeNull();
  });
});

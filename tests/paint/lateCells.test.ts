import { describe, expect, it } from "vitest";
import { type RasterSums, raster } from "../../src/core/raster.ts";
import { LateCells } from "../../src/paint/lateCells.ts";
import { type RasterStore, rasterStore } from "../../src/paint/rasterPlot.ts";
import { type CellFrame, spikeCells } from "../../src/paint/scatterCells.ts";
import type { CountRequest } from "../../src/protocol/spikeCounter.ts";
import { fakeCanvas, setUp } from "./fakeCanvas.ts";
import { scatteredSpikes, view } from "./synthetic.ts";

const n = 150_000;
const spikes = scatteredSpikes(n);
// across time and depth in any order, as the columns of projections are
const columns = { x: spikes.depthUm, y: Float64Array.from(spikes.ampUv), from: 0, to: n };
const values = Float32Array.from(spikes.ampUv);
const frame = (x: readonly [number, number]): CellFrame => ({ x, y: [-200, 0], nx: 120, ny: 80, pixelRatio: 1 });
const wanted = (x: readonly [number, number], basis: readonly unknown[] = [columns]) => {
  return { columns, values, value: "mean" as const, frame: frame(x), basis, isFilledInPlace: false };
};

/** Another machine: it answers when it is told to. */
function counter() {
  const asked: CountRequest[] = [];
  const answers: ((gone?: Error) => void)[] = [];
  const cells = (request: CountRequest): Promise<RasterSums> => {
    asked.push(request);
    const { x, y, value, grid, from, to } = request;
    return new Promise((resolve, reject) => {
      answers.push((gone) =>
        gone ? reject(gone) : resolve(raster(x.values, y.values, value?.values ?? null, grid, from, to)),
      );
    });
  };
  const answer = async (gone?: Error) => {
    answers.shift()!(gone);
    await new Promise((done) => setTimeout(done));
  };
  return { asked, answer, cells };
}

function late() {
  const machine = counter();
  let nRedraws = 0;
  const cells = new LateCells(machine, () => nRedraws++);
  return { ...machine, late: cells, store: rasterStore(cells), nRedraws: () => nRedraws };
}

describe("cells that another machine counts", () => {
  it("are those of before until they come, and then those that would have been counted here", async () => {
    const { late: cells, store, asked, answer, nRedraws } = late();
    const first = cells.cells(store, wanted([0, 1000]));
    expect(asked).toHaveLength(0); // nothing to show before it answers: counted here
    const before = cells.cells(store, wanted([0, 500]));
    expect(before).toBe(first);
    expect(before.x).toEqual([0, 1000]);
    expect([asked.length, cells.isBehind]).toEqual([1, true]);
    await answer();
    expect([nRedraws(), cells.isBehind]).toEqual([1, false]);
    const after = cells.cells(store, wanted([0, 500]));
    expect(after).toEqual(spikeCells(columns, values, frame([0, 500]), "mean"));
    expect(asked).toHaveLength(1);
  });

  it("are asked for one at a time: of a gesture the newest counts", async () => {
    const { late: cells, store, asked, answer } = late();
    for (const high of [1000, 900, 800, 700]) cells.cells(store, wanted([0, high]));
    expect(asked.map(({ grid }) => grid.xHigh)).toEqual([900]);
    await answer();
    cells.cells(store, wanted([0, 700])); // the redraw that it asked for
    expect(asked.map(({ grid }) => grid.xHigh)).toEqual([900, 700]);
    await answer();
    expect(cells.cells(store, wanted([0, 700])).x).toEqual([0, 700]);
  });

  it("of other spikes are counted here first, and what comes late of those before is dropped", async () => {
    const { late: cells, store, answer } = late();
    cells.cells(store, wanted([0, 1000]));
    cells.cells(store, wanted([0, 500]));
    const other = cells.cells(store, wanted([0, 500], [columns, "moved"]));
    expect(other.x).toEqual([0, 500]);
    await answer();
    expect(cells.cells(store, wanted([0, 500], [columns, "moved"]))).toBe(other);
  });

  it("are counted here again once the machine is gone", async () => {
    const { late: cells, store, asked, answer } = late();
    cells.cells(store, wanted([0, 1000]));
    cells.cells(store, wanted([0, 500]));
    await answer(new Error("the device was lost"));
    expect(cells.cells(store, wanted([0, 500])).x).toEqual([0, 500]);
    expect(asked).toHaveLength(1);
  });

  it("are never asked for of few spikes, of the strongest, or of rows in order", () => {
    const { late: cells, asked } = late();
    const kinds = [
      { columns: { ...columns, to: 1000 } },
      { value: "strongest" as const },
      { columns: { ...columns, isSorted: true } },
    ];
    for (const kind of kinds) {
      const store: RasterStore = rasterStore(cells);
      for (const high of [1000, 500]) expect(cells.cells(store, { ...wanted([0, high]), ...kind }).x[1]).toBe(high);
    }
    expect(asked).toHaveLength(0);
  });
});

it("a picture is up to date when the cells that it asked for are drawn", async () => {
  const { painter, frame: draw } = setUp();
  const machine = counter();
  painter.countWith(machine);
  await painter.setSpikes({ ...spikes, xUm: spikes.depthUm.map((y) => y / 20) });
  const { canvas } = fakeCanvas();
  await painter.setView({ ...view, freeRanges: { x: [0, 50] } });
  await painter.attach("p", "projections", canvas, 600, 400, 1);
  draw();
  await painter.setView({ ...view, freeRanges: { x: [0, 20] } });
  let isPainted = false;
  const painted = painter.whenPainted("p").then(() => {
    isPainted = true;
  });
  draw();
  await Promise.resolve();
  expect([machine.asked.length > 0, isPainted]).toEqual([true, false]);
  while (machine.asked.length > 0) {
    machine.asked.pop();
    await machine.answer();
  }
  draw();
  await painted;
  expect(isPainted).toBe(true);
});

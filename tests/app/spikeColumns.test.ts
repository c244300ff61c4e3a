import { describe, expect, it } from "vitest";
import { copySpikes, GrowingSpikes, joinSpikes, noSpikes } from "../../src/app/spikeColumns.ts";
import type { SpikeTable } from "../../src/core/types.ts";

/** Rows from..to − 1, whose columns say which row they are. */
function rows(from: number, to: number): SpikeTable {
  const of = (value: (row: number) => number) => Array.from({ length: to - from }, (_, i) => value(from + i));
  return {
    nSpikes: to - from,
    timeSec: Float64Array.from(of((row) => row / 10)),
    depthUm: Float64Array.from(of((row) => 10 * row)),
    ampUv: Float32Array.from(of((row) => -row)),
    channel: Int32Array.from(of((row) => row % 7)),
  };
}

describe("GrowingSpikes", () => {
  it("is the pieces one after the other, across the growth of its room", () => {
    const growing = new GrowingSpikes();
    for (let from = 0; from < 20_000; from += 2500) growing.append(rows(from, from + 2500));
    expect(copySpikes(growing.table())).toEqual(rows(0, 20_000));
  });
  it("hands out tables that later pieces do not change", () => {
    const growing = new GrowingSpikes();
    growing.append(rows(0, 3));
    const early = growing.table();
    growing.append(rows(3, 10_000));
    expect(copySpikes(early)).toEqual(rows(0, 3));
  });
  it("is empty before the first piece", () => {
    expect(new GrowingSpikes().table()).toEqual(noSpikes());
  });
  it("drops a column that a later piece lacks", () => {
    const growing = new GrowingSpikes();
    growing.append(rows(0, 2));
    const { channel: _, ...without } = rows(2, 4);
    growing.append(without);
    expect(growing.table().channel).toBeUndefined();
    expect([...growing.table().timeSec]).toEqual([0, 0.1, 0.2, 0.3]);
  });
});

describe("joinSpikes", () => {
  it("joins pieces into memory of their own, without spare room", () => {
    const joined = joinSpikes([rows(0, 2), rows(2, 5), rows(5, 6)]);
    expect(joined).toEqual(rows(0, 6));
    expect(joined.timeSec.buffer.byteLength).toBe(6 * 8);
  });
});

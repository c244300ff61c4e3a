import { describe, expect, it, vi } from "vitest";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { KeptStore } from "../../src/io/scratch/keptStore.ts";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import type { KeptPack } from "../../src/protocol/kept.ts";
import type { StepResult } from "../../src/protocol/methods.ts";

vi.mock("../../src/app/clients.ts", () => ({}));
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });

const { emptyDataSet } = await import("../../src/app/dataSetState.ts");
const { arraysIn, bytesIn, freeze, thaw } = await import("../../src/app/frozen.ts");
const { KeptDataSet } = await import("../../src/app/keptDataSet.ts");
const { MOTION_COLOURS } = await import("../../src/app/motionColours.ts");

const n = 140_000; // a column takes more than a megabyte, hence a pack of its own
const spikes: SpikeTable = {
  nSpikes: n,
  timeSec: Float64Array.from({ length: n }, (_, i) => i / 3),
  depthUm: Float64Array.from({ length: n }, (_, i) => Math.sin(i) * 1e3),
  ampUv: Float32Array.from({ length: n }, (_, i) => -i),
  channel: Int32Array.from({ length: n }, (_, i) => i % 7),
};
const motion: Motion = {
  displacementUm: Float64Array.of(1, 2, Number.NaN),
  timeBinCentersSec: Float64Array.of(0, 1, 2),
  depthBinCentersUm: Float64Array.of(9),
};
const step: StepResult = {
  method: "medicine",
  params: { bins: [1, 2], on: true },
  stageSeconds: { train: 2.5 },
  motion,
  metrics: { loss: { step: Float64Array.of(1, 2), value: Float32Array.of(0.5, 0.25) } },
  summary: { rho: 0.5, missing: Number.NaN, huge: Number.POSITIVE_INFINITY },
  complete: true,
};

function stateOf(curve: number[]) {
  const empty = emptyDataSet();
  const from = { kind: "run", method: "medicine", params: {}, seed: 0, complete: true } as const;
  const entry = { id: "m4", title: "M", motion, from, shown: true, colour: MOTION_COLOURS[1] };
  const found = {
    ...empty.found,
    spikes,
    outcomes: { medicine: step },
    curves: { medicine: { step: curve.map((_, i) => i), values: { loss: curve } } },
    motions: { entries: [entry], activeId: "m4", truthId: null },
    scores: { ...empty.found.scores, scored: new Map([["M", motion]]) },
  };
  return { ...empty, found };
}

/** The same columns, bit by bit. */
function isSame(a: SpikeTable | null | undefined, b: SpikeTable): boolean {
  const bytes = (array: ArrayBufferView) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  const columns = (["timeSec", "depthUm", "ampUv", "channel"] as const).every(
    (name) => a?.[name] !== undefined && bytes(a[name]).equals(bytes(b[name] ?? new Float64Array(0))),
  );
  return a?.nSpikes === b.nSpikes && columns;
}

/** The worker's side: everything it writes crosses as copies. */
function storage() {
  const store = new KeptStore(memoryScratch());
  /** names of the packs of each save */
  const written: string[][] = [];
  const names: string[] = [];
  return {
    store,
    written,
    api: {
      keepPack: async (key: string, pack: KeptPack) => {
        names.push(pack.name);
        await store.writePack(key, structuredClone(pack));
      },
      keep: async (...given: Parameters<KeptStore["write"]>) => {
        written.push(names.splice(0));
        await store.write(...given);
      },
      kept: (key: string) => store.read(key),
      keptPacks: (...given: Parameters<KeptStore["readPacks"]>) => store.readPacks(...given),
    },
  };
}

describe("a frozen value", () => {
  it("comes back with its arrays, its maps and the numbers that JSON lacks", () => {
    const value = { a: Float32Array.of(1, 2), b: [Number.NaN, -Infinity, null], c: new Map([["k", Int32Array.of(3)]]) };
    const arrays = [...arraysIn(value)];
    const text = freeze(value, (array) => arrays.indexOf(array));
    expect(thaw(text, (id) => arrays[id])).toEqual(value);
    expect(bytesIn(value)).toBe(12);
    expect(bytesIn([value, value.a])).toBe(12);
  });
});

describe("a kept data set", () => {
  it("comes back as it was, float64 and all, its files as what they are known by", async () => {
    const { api } = storage();
    const file = new File([new Uint8Array(5)], "peak_times.npy");
    const state = { ...stateOf([3, Number.NaN, 1]), spikeFiles: [{ path: "x/peak_times.npy", file }] };
    await new KeptDataSet("set-1", api).save(state, []);
    const back = await new KeptDataSet("set-1", api).load();
    expect({ ...back?.found, spikes: null }).toEqual({ ...state.found, spikes: null });
    expect(isSame(back?.found.spikes, spikes)).toBe(true);
    expect(back?.spikeFiles[0]).toMatchObject({ path: "x/peak_times.npy", described: { bytes: 5 } });
    // the motion of the step, of the list and of the scores is one and the same
    expect(back?.found.motions.entries[0].motion.displacementUm).toBe(
      back?.found.outcomes.medicine.motion?.displacementUm,
    );
    // arrays cross threads without their neighbours
    for (const array of arraysIn(back)) expect(array.buffer.byteLength - array.byteLength).toBeLessThanOrEqual(8);
    expect(await new KeptDataSet("set-2", api).load()).toBeNull();
  });

  it("is written once: a change writes what is new and gives the room of what is gone back", async () => {
    const { api, written, store } = storage();
    const kept = new KeptDataSet("set-1", api);
    const curve = [1, 2];
    const state = stateOf(curve);
    await kept.save(state, []);
    expect(written[0].length).toBe(3); // two large columns, and one pack of all that is small
    await kept.save(state, []);
    expect(written[1]).toEqual([]);
    const before = kept.bytes;
    const moved = { ...spikes, depthUm: spikes.depthUm.slice() };
    await kept.save({ ...state, found: { ...state.found, spikes: moved } }, []);
    expect(written[2]).toHaveLength(1);
    expect(kept.bytes).toBe(before);
    const again = new KeptDataSet("set-1", api);
    expect(isSame((await again.load())?.found.spikes, moved)).toBe(true);
    // what was read back counts as written
    const loaded = await again.load();
    await again.save(loaded!, []);
    expect(written[3]).toHaveLength(1); // curves alone, which are lists
    await store.forget("set-1");
    expect(await store.keys()).toEqual([]);
  });

  it("survives a page that was closed while it wrote", async () => {
    const scratch = memoryScratch();
    const store = new KeptStore(scratch);
    await store.writePack("a", { name: "p", parts: [Uint8Array.of(1, 2, 3), Float64Array.of(7)] });
    await store.write("a", "first µ", []);
    await store.write("a", "second", []);
    const run = await scratch.open("a");
    const newest = (await run.size("text-0")) > 0 ? "text-0" : "text-1";
    await run.truncate(newest, (await run.size(newest)) - 1);
    expect(await store.read("a")).toBe("first µ");
    const [pack] = await store.readPacks("a", [{ name: "p", bytes: 16 }]);
    expect([...pack.subarray(0, 3)]).toEqual([1, 2, 3]);
    expect(new Float64Array(pack.buffer, pack.byteOffset + 8, 1)[0]).toBe(7);
    await expect(store.readPacks("a", [{ name: "p", bytes: 24 }])).rejects.toThrow(/damaged/);
  });
});

import { describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import { CheckpointStore, checkpointKey } from "../../src/methods/sln/checkpoints.ts";
import type { Scratch } from "../../src/protocol/scratch.ts";

interface Header {
  epoch: number;
  rows: (number | string)[][];
}

const stateAt = (epoch: number) => ({
  header: { epoch, rows: [[epoch, Number.NaN, Infinity, "train"]] },
  arrays: {
    weights: Float32Array.of(epoch, 0.1, Number.NaN),
    times: Float64Array.of(1 / 3, 2 ** 53),
    order: Int32Array.of(-1, 7),
    none: new Float32Array(0),
  },
});

async function savedTwice(): Promise<Scratch> {
  const scratch = memoryScratch();
  const store = await CheckpointStore.open<Header>(scratch, "a");
  expect(await store.load()).toBeNull();
  for (const epoch of [1, 2, 3]) expect(await store.save(stateAt(epoch))).toBeNull();
  await store.close();
  return scratch;
}

async function loaded(scratch: Scratch) {
  return (await CheckpointStore.open<Header>(scratch, "a")).load();
}

describe("checkpoints", () => {
  it("give the newest state back, with every number", async () => {
    expect(await loaded(await savedTwice())).toEqual(stateAt(3));
  });

  it("fall back to the one before when the last is torn, wherever it was cut", async () => {
    const scratch = await savedTwice();
    const run = await scratch.open("a");
    for (const bytes of [(await run.size("checkpoint-0.bin")) - 1, 200, 20, 8, 3, 0]) {
      await run.truncate("checkpoint-0.bin", bytes);
      expect((await loaded(scratch))?.header.epoch).toBe(2);
    }
    await run.truncate("checkpoint-1.bin", 30);
    expect(await loaded(scratch)).toBeNull();
  });

  it("go on counting after a load, and start over when told to forget", async () => {
    const scratch = await savedTwice();
    const store = await CheckpointStore.open<Header>(scratch, "a");
    await store.load();
    await store.save(stateAt(4));
    expect((await loaded(scratch))?.header.epoch).toBe(4);
    await store.forget();
    expect(await loaded(scratch)).toBeNull();
    await store.save(stateAt(1));
    expect((await loaded(scratch))?.header.epoch).toBe(1);
  });

  it("leave no folder behind when nothing was kept", async () => {
    const scratch = await savedTwice();
    const kept = await CheckpointStore.open<Header>(scratch, "a");
    await kept.close();
    const none = await CheckpointStore.open<Header>(scratch, "b");
    await none.forget();
    await none.close();
    expect(await scratch.runs()).toEqual(["a"]);
  });

  it("say so when they cannot be kept, and keep nothing without a scratch", async () => {
    const scratch = memoryScratch();
    const full: Scratch = {
      ...scratch,
      open: async (key) => ({
        ...(await scratch.open(key)),
        append: async () => {
          throw new AppError("bad-file", "The disk is full.");
        },
      }),
    };
    const store = await CheckpointStore.open<Header>(full, "a");
    expect(await store.save(stateAt(1))).toMatch(/could not be kept \(The disk is full\.\)/);
    const nowhere = await CheckpointStore.open<Header>(undefined, "a");
    expect(await nowhere.save(stateAt(1))).toBeNull();
    expect(await nowhere.load()).toBeNull();
  });

  it("belong to one method, its parameters but the epochs, one seed and one set of numbers", async () => {
    const key = (params: Record<string, number>, seed: number, values: number[], method = "sln-pretrain") =>
      checkpointKey(method, params, seed, [Float64Array.from(values)]);
    const first = await key({ epochs: 6, batch: 512 }, 0, [1, 2, Number.NaN]);
    expect(first).toMatch(/^sln-pretrain-[0-9a-f]{40}$/);
    expect(await key({ batch: 512, epochs: 11 }, 0, [1, 2, Number.NaN])).toBe(first);
    for (const other of [
      key({ epochs: 6, batch: 256 }, 0, [1, 2, Number.NaN]),
      key({ epochs: 6, batch: 512 }, 1, [1, 2, Number.NaN]),
      key({ epochs: 6, batch: 512 }, 0, [1, 2 + 1e-12, Number.NaN]),
      key({ epochs: 6, batch: 512 }, 0, [2, 1, Number.NaN]),
      key({ epochs: 6, batch: 512 }, 0, [1, 2, Number.NaN], "sln-joint"),
    ])
      expect(await other).not.toBe(first);
  });
});

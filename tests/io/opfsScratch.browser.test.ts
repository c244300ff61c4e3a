import { afterEach, describe, expect, it } from "vitest";
import { discardFinished, unfinishedRuns } from "../../src/methods/unfinished.ts";
import { connect } from "../../src/protocol/comlink.ts";
import type { Scratch } from "../../src/protocol/scratch.ts";
import { checkScratch } from "./scratchContract.ts";

const workers: Worker[] = [];

/** The store as another visit of the page opens it: from a worker of its own. */
function visit(): Scratch {
  const worker = new Worker(new URL("./opfsScratchWorker.ts", import.meta.url), { type: "module" });
  workers.push(worker);
  return connect<Scratch>(worker);
}

afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

describe("scratch in the browser's own file system", () => {
  it("keeps the contract, and outlives the page", async () => {
    expect(await visit().survivesReload()).toBe(true);
    await checkScratch(visit);
  });

  it("is whole for the next visit although the page was closed without a word", async () => {
    const run = await visit().open("closed");
    await run.append("a", Uint8Array.of(1, 2, 3));
    for (const worker of workers.splice(0)) worker.terminate();
    const next = visit();
    const again = await next.open("closed");
    // the browser lets go of a dead worker's files in its own time
    await expect.poll(() => again.size("a").catch(() => null), { timeout: 10_000 }).toBe(3);
    expect(await again.read("a", 0, 3)).toEqual(Uint8Array.of(1, 2, 3));
    await again.close();
    await next.discard("closed");
  });

  it("says so when another page works on the same run", async () => {
    const run = await visit().open("shared");
    await run.append("a", Uint8Array.of(1));
    const state = await visit().open("started");
    await state.truncate("state-0.json", 0);
    const other = visit();
    const inUse =
      /^The intermediate results of this run are in use by another page of this browser \(.*\); close it and try again\.$/s;
    const second = await other.open("shared");
    await expect(second.size("a")).rejects.toThrow(inUse);
    await expect(other.discard("shared")).rejects.toThrow(inUse);
    // its own runs are looked through all the same
    await (await other.open("empty")).close();
    expect(await unfinishedRuns(other)).toEqual([]);
    await discardFinished(other, new Set());
    expect((await other.runs()).sort()).toEqual(["shared", "started"]);
    await state.close();
    await run.close();
    expect(await second.size("a")).toBe(1); // nothing of the refusal is left
    await second.close();
    await discardFinished(other, new Set());
    expect(await other.runs()).toEqual([]);
  });
});

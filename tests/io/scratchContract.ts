import { expect } from "vitest";
import type { Scratch } from "../../src/protocol/scratch.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

/** What every scratch must do; throws through `expect`. `make` opens the same store again, as another visit would. */
export async function checkScratch(make: () => Scratch): Promise<void> {
  const scratch = make();
  expect(await scratch.runs()).toEqual([]);
  const run = await scratch.open("one");
  expect(await run.size("a")).toBe(0);
  expect(await run.read("a", 0, 0)).toEqual(bytes());
  await run.truncate("a", 0); // a file that is not there has no bytes to cut
  const piece = bytes(1, 2, 3);
  await run.append("a", piece);
  piece.fill(9); // what is stored is a copy
  await run.append("a", bytes(4, 5));
  await run.append("b", bytes(7).subarray(0, 1));
  expect([await run.size("a"), await run.size("b")]).toEqual([5, 1]);
  expect(await run.read("a", 0, 5)).toEqual(bytes(1, 2, 3, 4, 5));
  expect(await run.read("a", 2, 4)).toEqual(bytes(3, 4));
  // bytes that are not there are never zeros
  const damaged = "damaged: expected 6 bytes in a, found 5; run it again from the start.";
  await expect(run.read("a", 3, 6)).rejects.toThrow(damaged);
  await expect(run.truncate("a", 6)).rejects.toThrow(damaged);
  await run.truncate("a", 4);
  await run.append("a", bytes(6));
  expect(await run.read("a", 0, 5)).toEqual(bytes(1, 2, 3, 4, 6));
  await run.truncate("a", 0);
  expect(await run.size("a")).toBe(0);
  await run.append("a", bytes(8));
  const found = await run.read("a", 0, 1);
  expect(found.buffer.byteLength).toBe(1); // columns take the whole buffer
  await run.close();
  await run.close();
  await checkRuns(make, scratch);
}

/** Runs are kept apart, opened again, and discarded one by one. */
async function checkRuns(make: () => Scratch, scratch: Scratch): Promise<void> {
  const other = await scratch.open("two");
  expect(await other.size("a")).toBe(0);
  await other.append("a", new Uint8Array(100_000).fill(3));
  await other.close();
  expect((await scratch.runs()).sort()).toEqual(["one", "two"]);
  const later = (await scratch.survivesReload()) ? make() : scratch;
  const again = await later.open("one");
  expect(await again.read("a", 0, 1)).toEqual(bytes(8));
  await again.close();
  const [seen, same] = await Promise.all([later.peek("two", "a", 99_998, 100_000), later.peek("two", "a", 0, 2)]);
  expect([seen, same]).toEqual([bytes(3, 3), bytes(3, 3)]);
  expect(seen.buffer.byteLength).toBe(2); // columns take the whole buffer
  await expect(later.peek("two", "a", 0, 100_001)).rejects.toThrow("damaged: expected 100001 bytes in a, found 100000");
  const free = await later.freeBytes();
  expect(free === null || free > 1e6).toBe(true);
  await later.discard("one");
  expect(await later.runs()).toEqual(["two"]);
  await later.discard("one"); // it is gone already
  await later.discard("two");
  expect(await later.runs()).toEqual([]);
  const fresh = await later.open("two");
  expect(await fresh.size("a")).toBe(0);
  await fresh.close();
  await later.discard("two");
}

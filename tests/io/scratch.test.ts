import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { nodeScratch } from "../../src/cli/nodeScratch.ts";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import { checkScratch } from "./scratchContract.ts";

const folder = mkdtempSync(join(tmpdir(), "driftscope-scratch-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("scratch", () => {
  it("in a folder keeps the contract, and outlives the process", async () => {
    expect(await nodeScratch(folder).survivesReload()).toBe(true);
    await checkScratch(() => nodeScratch(join(folder, "runs")));
  });

  it("in memory keeps the contract, for as long as the page lives", async () => {
    const scratch = memoryScratch();
    expect(await scratch.survivesReload()).toBe(false);
    await checkScratch(() => scratch);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderPlace } from "../../src/cli/folderPlace.ts";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import { scratchPlace } from "../../src/io/write/correctionSinks.ts";

describe("a folder on disk", () => {
  it("shows a file under its name once it is whole, and nothing of one that was given up", async () => {
    const folder = mkdtempSync(join(tmpdir(), "driftscope-place-"));
    const place = folderPlace(join(folder, "deep", "er"));
    const file = await place.create("a.bin", 4);
    await file.append(Uint8Array.of(1, 2));
    await file.append(Uint8Array.of(3, 4));
    expect(readdirSync(join(folder, "deep", "er"))).toEqual(["a.bin.partial"]);
    await file.close();
    expect([...readFileSync(join(folder, "deep", "er", "a.bin"))]).toEqual([1, 2, 3, 4]);
    const given = await place.create("b.bin", 1);
    await given.append(Uint8Array.of(1));
    await given.discard();
    expect(readdirSync(join(folder, "deep", "er"))).toEqual(["a.bin"]);
    rmSync(folder, { recursive: true });
  });

  it("says before it begins that there is no room, and that it may not write", async () => {
    const folder = mkdtempSync(join(tmpdir(), "driftscope-place-"));
    const room = folderPlace(folder).create("a.bin", 2 ** 60);
    await expect(room).rejects.toThrow(/a\.bin: expected room for 1152921504607 MB, found \d+ MB free/);
    const inFile = folderPlace(join(import.meta.dirname, "correctionSinks.test.ts", "x")).create("a.bin", 1);
    await expect(inFile).rejects.toThrow(/could not be written \(.*\); free some disk space or choose another folder/);
    rmSync(folder, { recursive: true });
  });
});

describe("the browser's own storage", () => {
  it("names what is whole, and starts a file anew", async () => {
    const run = await memoryScratch().open("x");
    const names: string[] = [];
    const place = scratchPlace(run, names);
    for (const value of [1, 2]) {
      const file = await place.create("a.bin", 1);
      await file.append(Uint8Array.of(value));
      if (value === 2) await file.close();
    }
    const given = await place.create("b.bin", 1);
    await given.append(Uint8Array.of(1));
    await given.discard();
    expect([names, await run.size("b.bin")]).toEqual([["a.bin"], 0]);
    expect(await run.read("a.bin", 0, 1)).toEqual(Uint8Array.of(2));
  });
});

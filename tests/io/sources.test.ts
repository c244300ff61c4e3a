import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { AppError } from "../../src/core/errors.ts";
import { fileSource, memorySource } from "../../src/io/byteSource.ts";
import { openSources } from "../../src/io/open.ts";
import { zipBytes } from "../../src/io/write/zip.ts";
import { openZip } from "../../src/io/zipSource.ts";
import { utf8, watched } from "./support.ts";

const content = utf8("0123456789");
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sources-"));
  await mkdir(join(folder, "set", "inner"), { recursive: true });
  await mkdir(join(folder, "empty"));
  await writeFile(join(folder, "set", "b.npy"), content);
  await writeFile(join(folder, "set", "a.npy"), content);
  await writeFile(join(folder, "set", ".hidden"), content);
  await writeFile(join(folder, "set", "inner", "c.npy"), content);
  await symlink(join(folder, "set"), join(folder, "set", "inner", "loop"));
});

afterAll(() => rm(folder, { recursive: true }));

describe("every source of bytes", () => {
  const kinds = {
    memory: async () => memorySource("a.npy", content),
    blob: async () => fileSource("a.npy", new Blob([content])),
    node: async () => (await nodeSources([join(folder, "set", "a.npy")]))[0],
    "zip member, stored": async () =>
      (await openZip(memorySource("z", zipBytes([{ path: "a.png", bytes: content }]))))[0],
    "zip member, deflated": async () =>
      (await openZip(memorySource("z", zipBytes([{ path: "a.npy", bytes: content }]))))[0],
  };

  it.each(Object.entries(kinds))("%s: reads exactly the range, or says it cannot", async (_, make) => {
    const source = await make();
    expect(source.size).toBe(10);
    expect([...(await source.read(2, 5))]).toEqual([...utf8("234")]);
    expect(await source.read(4, 4)).toHaveLength(0);
    expect([...(await source.read(0, 10))]).toEqual([...content]);
    const outcome = await source.read(5, 11).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(AppError);
  });

  it("a file that went away says so", async () => {
    const gone = new Blob([content]);
    gone.slice = () => {
      throw new DOMException("not found", "NotFoundError");
    };
    await expect(fileSource("a.npy", gone).read(0, 1)).rejects.toThrow(
      "a.npy could not be read any more: it was moved, changed or deleted after it was opened (not found).",
    );
  });
});

describe("folders in Node", () => {
  it("gives every file once, sorted, with paths from the folder that was named", async () => {
    const paths = (await nodeSources([join(folder, "set")])).map((s) => s.path);
    expect(paths).toEqual(["set/a.npy", "set/b.npy", "set/inner/c.npy"]);
    expect(await nodeSources([join(folder, "empty")])).toEqual([]);
  });

  it("lists the chunks of an array with their sizes and its hidden descriptions, and nothing else that is hidden", async () => {
    const array = join(folder, "a.zarr", "traces_seg0");
    await mkdir(array, { recursive: true });
    for (const name of [".zarray", ".DS_Store", "0.0", "10.0", "2.0"]) await writeFile(join(array, name), name);
    const found = (await nodeSources([join(folder, "a.zarr")])).map(({ path, size }) => [path, size]);
    expect(found).toEqual([".zarray", "0.0", "10.0", "2.0"].map((name) => [`a.zarr/traces_seg0/${name}`, name.length]));
  });

  it("says which path does not exist", async () => {
    const path = join(folder, "nowhere");
    await expect(nodeSources([path])).rejects.toThrow(
      `${path}: expected a file or folder that can be read, but there is no such file or folder.`,
    );
  });
});

describe("archives", () => {
  it("a stored member is read by range, not whole", async () => {
    const large = new Uint8Array(100_000).fill(7);
    const { source, reads } = watched(memorySource("z.zip", zipBytes([{ path: "a.png", bytes: large }])));
    const [member] = await openZip(source);
    reads.length = 0;
    await member.read(50_000, 50_010);
    expect(reads.map(([start, end]) => end - start)).toEqual([30, 10]);
  });

  it("gives the head of a compressed member without the rest of it", async () => {
    const large = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * i * 31) >> 5);
    const zip = zipBytes([{ path: "a.npy", bytes: large }]);
    const { source, reads } = watched(memorySource("z.zip", zip));
    const [member] = await openZip(source);
    reads.length = 0;
    expect(await member.read(0, 4096)).toEqual(large.subarray(0, 4096));
    expect(await member.read(100, 200)).toEqual(large.subarray(100, 200));
    expect(reads.reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThan(50_000);
    expect(await member.read(4090, 5000)).toEqual(large.subarray(4090, 5000));
    expect(await member.read(0, 10)).toEqual(large.subarray(0, 10));
  });

  it("of a hundred thousand members is a list like any other", async () => {
    const bytes = Uint8Array.of(1);
    const zip = zipBytes(Array.from({ length: 100_000 }, (_, i) => ({ path: `${i % 100}/${i}.png`, bytes })));
    await expect(openSources([memorySource("z.zip", zip)])).rejects.toThrow("found 100000 files:");
  });

  it("a compressed chunk of a Zarr array is inflated again when it is asked for again, any other member is kept", async () => {
    const large = new Uint8Array(100_000).map((_, i) => i % 251);
    for (const [path, nReads] of [
      ["a.zarr/x/0.0", 2],
      ["a.txt", 1],
    ] as const) {
      const { source, reads } = watched(memorySource("z.zip", zipBytes([{ path, bytes: large }])));
      const [member] = await openZip(source);
      reads.length = 0;
      for (let i = 0; i < 2; i++) expect(await member.read(50_000, 50_003)).toEqual(large.slice(50_000, 50_003));
      expect(reads.filter(([start, end]) => end - start > 100)).toHaveLength(nReads);
    }
  });

  it("refuses a locked member and an unknown compression", async () => {
    const bytes = zipBytes([{ path: "a.npy", bytes: content }]);
    const view = new DataView(bytes.buffer);
    const entry = bytes.length - 22 - (46 + "a.npy".length);
    expect(view.getUint32(entry, true)).toBe(0x02014b50);
    view.setUint16(entry + 10, 12, true);
    const read = async () => (await openZip(memorySource("z.zip", bytes)))[0].read(0, 1);
    await expect(read()).rejects.toThrow(
      "z.zip/a.npy: expected a stored or deflated member, found compression method 12.",
    );
    view.setUint16(entry + 8, view.getUint16(entry + 8, true) | 1, true);
    await expect(read()).rejects.toThrow("found one locked with a password");
  });
});

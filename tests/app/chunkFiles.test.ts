import { describe, expect, it } from "vitest";
import { isChunkName, spokenName, withoutInnerChunks } from "../../src/protocol/chunkFiles.ts";

describe("files of Zarr folders", () => {
  it("are chunks by the numbers of their names", () => {
    for (const path of ["0", "a.zarr/x/0.0", "a/x/c/12/3", "a/x/c.1.0"]) expect(isChunkName(path), path).toBe(true);
    for (const path of ["a.npy", "1.txt", "a/0.bin", ".zarray", "v1.0", "a/1.0/x"])
      expect(isChunkName(path), path).toBe(false);
  });

  it("are told by their descriptions and the first and last chunk of each array", () => {
    const paths = [
      "a/.zattrs",
      "a/x/.zarray",
      "a/x/0.0",
      "a/x/10.0",
      "a/x/2.0",
      "a/y/c/0/0",
      "a/y/c/0/1",
      "a/y/c/1/0",
      "b.npy",
    ];
    const kept = withoutInnerChunks(paths.map((path) => ({ path }))).map(({ path }) => path);
    expect(kept).toEqual(["a/.zattrs", "a/x/.zarray", "a/x/0.0", "a/x/10.0", "a/y/c/0/0", "a/y/c/1/0", "b.npy"]);
  });

  it("are called by their folder where they only describe it", () => {
    expect(spokenName("session/recording.zarr/.zattrs")).toBe("recording.zarr");
    expect(spokenName("recording.zarr/zarr.json")).toBe("recording.zarr");
    expect(spokenName("session/run.ap.bin")).toBe("run.ap.bin");
    expect(spokenName(".zattrs")).toBe(".zattrs");
  });
});

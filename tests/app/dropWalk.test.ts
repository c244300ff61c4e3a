import { describe, expect, it } from "vitest";
import { collectDrop, collectPicked, type EntryLike, type HandleLike, type ItemLike } from "../../src/app/dropWalk.ts";
import { FileCount, MAX_CHUNK_FILES, MAX_FILES } from "../../src/protocol/chunkFiles.ts";

const fileEntry = (name: string): EntryLike => ({
  isFile: true,
  isDirectory: false,
  name,
  file: (resolve) => resolve(new File(["x"], name)),
});

/** Hands its children out two at a time, as browsers hand out a hundred. */
const folderEntry = (name: string, children: EntryLike[]): EntryLike => ({
  isFile: false,
  isDirectory: true,
  name,
  createReader() {
    let next = 0;
    return {
      readEntries(resolve) {
        const some = children.slice(next, next + 2);
        next += 2;
        resolve(some);
      },
    };
  },
});

const item = (parts: Partial<ItemLike>): ItemLike => ({ kind: "file", getAsFile: () => null, ...parts });

describe("collectDrop", () => {
  it("walks folders, in as many reads as it takes, and sorts by path", async () => {
    const inner = folderEntry("b", [fileEntry("z.npy"), fileEntry("y.npy"), fileEntry("x.npy")]);
    const root = folderEntry("set", [fileEntry("c.npy"), inner, fileEntry("a.npy")]);
    const files = await collectDrop([item({ webkitGetAsEntry: () => root })]);
    expect(files.map((f) => f.path)).toEqual(["set/a.npy", "set/b/x.npy", "set/b/y.npy", "set/b/z.npy", "set/c.npy"]);
    expect(files[0].file.name).toBe("a.npy");
  });

  it("asks every item before the handler returns, because the browser empties the list then", async () => {
    let emptied = false;
    const late = () => {
      if (emptied) throw new Error("read too late");
    };
    const items = ["one.npy", "two.npy"].map((name) =>
      item({
        webkitGetAsEntry: () => {
          late();
          return fileEntry(name);
        },
        getAsFile: () => {
          late();
          return new File(["x"], name);
        },
      }),
    );
    const pending = collectDrop(items);
    emptied = true;
    expect((await pending).map((f) => f.path)).toEqual(["one.npy", "two.npy"]);
  });

  it("walks handles when there is no entry, and takes a plain file when there is neither", async () => {
    const child: HandleLike = { kind: "file", name: "t.npy", getFile: async () => new File(["x"], "t.npy") };
    const folder: HandleLike = {
      kind: "directory",
      name: "h",
      values: async function* () {
        yield child;
      },
    };
    const files = await collectDrop([
      item({ webkitGetAsEntry: () => null, getAsFileSystemHandle: async () => folder }),
      item({ getAsFile: () => new File(["x"], "plain.npy") }),
      { kind: "string", getAsFile: () => null },
    ]);
    expect(files.map((f) => f.path)).toEqual(["h/t.npy", "plain.npy"]);
  });

  it("names the file that the browser could not read", async () => {
    const broken: EntryLike = {
      isFile: true,
      isDirectory: false,
      name: "gone",
      file: (_, reject) => reject(new Error("gone was moved")),
    };
    await expect(collectDrop([item({ webkitGetAsEntry: () => broken })])).rejects.toMatchObject({
      code: "bad-file",
      message: "The browser could not read gone (gone was moved); it may have been moved, or be closed to this page.",
    });
  });

  it("refuses a folder with too many files in one sentence", async () => {
    const many = folderEntry(
      "home",
      Array.from({ length: MAX_FILES + 1 }, (_, i) => fileEntry(`${i}.txt`)),
    );
    await expect(collectDrop([item({ webkitGetAsEntry: () => many })])).rejects.toMatchObject({
      name: "AppError",
      code: "nothing-found",
      message: "The folder holds more than 20000 files; drop the data set's own folder instead of one above it.",
    });
  });

  it("takes the chunks of an array beyond that, and not without end", () => {
    const count = new FileCount();
    for (let i = 0; i < MAX_CHUNK_FILES; i++) count.add(`a.zarr/traces_seg0/${i}.0`);
    for (let i = 0; i < MAX_FILES; i++) count.add(`a/${i}.npy`);
    expect(() => count.add("b.zarr/traces_seg0/c/0/0")).toThrow(/more than 500000 chunks of arrays;/);
  });
});

describe("collectPicked", () => {
  it("uses the path inside a picked folder, else the name", () => {
    const inFolder = new File(["x"], "a.npy");
    Object.defineProperty(inFolder, "webkitRelativePath", { value: "set/a.npy" });
    expect(collectPicked([new File(["x"], "z.npy"), inFolder]).map((f) => f.path)).toEqual(["set/a.npy", "z.npy"]);
  });
});

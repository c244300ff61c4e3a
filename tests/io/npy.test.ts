import { describe, expect, it } from "vitest";
import { memorySource } from "../../src/io/byteSource.ts";
import { readColumn, readTable } from "../../src/io/columns.ts";
import { readNpyHeader } from "../../src/io/npy/header.ts";
import { parsePythonLiteral } from "../../src/io/npy/pythonLiteral.ts";
import { readNpyRows, TILE_BYTES } from "../../src/io/npy/rows.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { fixtureBytes } from "../fixture.ts";
import { checkRanges, expectedOf, fixtureSource, watched } from "./support.ts";

const kinds = ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"];
const numbers = kinds.flatMap((kind) => [`${kind}_little`, `${kind}_big`]);
const shapes = ["c_order_3d", "fortran_3d", "fortran_2d_i8", "column_n1", "version_1", "version_2", "version_3"];

describe("arrays written by numpy", () => {
  it.each([...numbers, ...shapes])("%s: every value", async (name) => {
    const source = await fixtureSource(`npy/${name}.npy`);
    const header = await readNpyHeader(source);
    const expected = await expectedOf(name);
    expect(header.shape).toEqual(expected.shape);
    expect([...(await readNpyRows(source, header, 0, header.shape[0]))]).toEqual(expected.values);
  });

  it.each([...numbers, ...shapes])("%s: [0, b) and [b, n) are [0, n)", async (name) => {
    await checkRanges(await fixtureSource(`npy/${name}.npy`));
  });

  it("a scalar has one row, an empty array none", async () => {
    const scalar = await fixtureSource("npy/scalar.npy");
    expect([...(await readNpyRows(scalar, await readNpyHeader(scalar), 0, 1))]).toEqual([4.5]);
    expect((await readColumn(await fixtureSource("npy/no_rows.npy"))).values).toHaveLength(0);
  });

  it("columns of structured arrays, padded ones too", async () => {
    const peaks = await fixtureSource("npy/peaks.npy");
    expect([...(await readColumn(peaks, "channel_index")).values]).toEqual([3, 1, 4, 1, 5, 9]);
    expect([...(await readColumn(peaks, "amplitude")).values]).toEqual([-80.5, -120.25, -60, -75, -200, -55.125]);
    await checkRanges(peaks, "sample_index");
    const aligned = await fixtureSource("npy/aligned.npy");
    expect([...(await readColumn(aligned, "value")).values]).toEqual([0.5, 1.5, 2.5]);
    await expect(readColumn(aligned, "pair")).rejects.toThrow(
      'expected a column "pair" with one number per row, found 2',
    );
    await expect(readColumn(aligned, "depth")).rejects.toThrow('expected a column "depth"');
    await expect(readColumn(aligned)).rejects.toThrow("found a table with the columns flag, value, pair");
  });

  it.each([
    ["text", "text (<U3)"],
    ["complex", "complex numbers (<c16)"],
    ["objects", "Python objects (|O)"],
  ])("%s are refused by name", async (name, words) => {
    await expect(readColumn(await fixtureSource(`npy/${name}.npy`))).rejects.toThrow(
      `expected numbers, found ${words}`,
    );
  });
});

describe("reading by range", () => {
  it("asks only for the bytes of its rows, in tiles", async () => {
    const nRows = 3_000_000;
    const bytes = npyBytes(new Float64Array(nRows).fill(2), [nRows], "<f8");
    const { source, reads } = watched(memorySource("big.npy", bytes));
    const header = await readNpyHeader(source);
    reads.length = 0;
    expect([...(await readNpyRows(source, header, 1000, 1003))]).toEqual([2, 2, 2]);
    expect(reads).toEqual([[128 + 8000, 128 + 8024]]);
    reads.length = 0;
    await readNpyRows(source, header, 0, nRows);
    expect(reads.length).toBe(3);
    expect(Math.max(...reads.map(([start, end]) => end - start))).toBeLessThanOrEqual(TILE_BYTES);
  });

  it("works at any alignment of the bytes in memory", async () => {
    const bytes = npyBytes([1.5, -2.5, 3.5], [3], "<f4");
    for (let shift = 0; shift < 4; shift++) {
      const moved = new Uint8Array(bytes.length + shift);
      moved.set(bytes, shift);
      const column = await readColumn(memorySource("moved.npy", moved.subarray(shift)));
      expect([...column.values]).toEqual([1.5, -2.5, 3.5]);
    }
  });
});

describe("writing", () => {
  it.each(["f8_little", "f4_little", "i8_little", "i4_little", "c_order_3d", "no_rows", "scalar"])(
    "%s comes back byte for byte as numpy wrote it",
    async (name) => {
      const original = new Uint8Array(await fixtureBytes(`io/npy/${name}.npy`));
      const { shape, values } = await expectedOf(name);
      const descr = /'descr': '(<\w\d)'/.exec(new TextDecoder("latin1").decode(original))![1];
      expect(npyBytes(values, shape, descr as "<f8" | "<f4" | "<i8" | "<i4")).toEqual(original);
    },
  );

  it("keeps NaN and negative zero", async () => {
    const table = await readTable(memorySource("t.npy", npyBytes([Number.NaN, -0, 1, 2], [2, 2], "<f4")));
    expect([...table.values]).toEqual([Number.NaN, -0, 1, 2]);
  });
});

describe("the literals of a header", () => {
  it("parses what numpy writes", () => {
    const value = parsePythonLiteral(
      "{'a': (3,), \"b\": [('x', '<f8', (2, 2)), ((\"t\", 'y'), '<i4')], 'c': None, 'd': 12L}",
    );
    expect(value).toEqual(
      new Map<string, unknown>([
        ["a", [3]],
        [
          "b",
          [
            ["x", "<f8", [2, 2]],
            [["t", "y"], "<i4"],
          ],
        ],
        ["c", null],
        ["d", 12],
      ]),
    );
    expect(parsePythonLiteral("'\\x41\\u00b5\\'\\\\'")).toBe("Aµ'\\");
  });

  it.each(["", "{", "{'a' 1}", "{1: 2}", "[1 2]", "(1,", "'open", "'\\q'", "1 2", "nope", "f()", "[".repeat(50)])(
    "%j is an error with a position",
    (text) => {
      expect(() => parsePythonLiteral(text)).toThrow(/^expected .* at position \d+, found/);
    },
  );
});

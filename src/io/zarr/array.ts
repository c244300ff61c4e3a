import { AppError, assert, messageOf } from "../../core/errors.ts";
import type { Column } from "../columns.ts";
import type { Numbers } from "../npy/decode.ts";
import { decodeRun } from "../npy/decode.ts";
import { parseDtype, type Scalar } from "../npy/dtype.ts";
import { bad, inWords, type Json } from "../spikeinterface/fields.ts";
import { loadZarrita } from "./codecs.ts";
import { type ArrayShape, fileOfChunk, parseArray } from "./metadata.ts";
import { type DecodedChunk, type GetChunk, NumberChunks } from "./numberChunks.ts";
import type { ZarrStore } from "./store.ts";

/** An array of one or two dimensions, read by rows. */
export interface ZarrArray {
  /** the file that describes it */
  path: string;
  shape: readonly number[];
  dataType: string;
  nRows: number;
  /** 1 for one dimension */
  nColumns: number;
  /** files it should have, and how many of them are not there: those are read as `fill` */
  nFiles: number;
  nMissing: number;
  fill: number;
  /** Rows [from, to) of an array of numbers, [to − from, nColumns]. Throws AppError, which names the chunk. */
  readRows(from: number, to: number): Promise<Numbers>;
  /** All of a one-dimensional array of text. Throws AppError. */
  readText(): Promise<string[]>;
}

const MAX_TEXT_ROWS = 1e6;

/**
 * An array of a hierarchy; null when there is none of that name. Its description is checked, no chunk is read. Throws AppError
 * for a description that is broken or asks for what cannot be decoded, and for an array without any of its chunks.
 */
export async function openArray(store: ZarrStore, node: string): Promise<ZarrArray | null> {
  const json = await store.array(node);
  return json && openDescribed(store, node, json);
}

async function openDescribed(store: ZarrStore, node: string, json: Json): Promise<ZarrArray> {
  const { path } = store.describing(node);
  const described = parseArray(path, json);
  const { shape, dataType, fileShape, fill } = described;
  if (shape.length !== 1 && shape.length !== 2) {
    throw bad(path, "an array of one or two dimensions", `${shape.length} dimensions`);
  }
  const grid = shape.map((n, k) => Math.ceil(n / fileShape[k]));
  const nFiles = grid.reduce((product, n) => product * n, 1);
  const nThere = countFiles(store.chunksOf(node), grid, described);
  if (nFiles > 0 && nThere === 0) throw bad(path, `the ${nFiles} chunk files it describes beside it`, "none");
  const getChunk = await chunkGetter(store, node, json, described);
  const numbers = new NumberChunks(store, node, described, path, getChunk);
  return {
    path,
    shape,
    dataType,
    nRows: shape[0],
    nColumns: shape[1] ?? 1,
    nFiles,
    nMissing: nFiles - nThere,
    fill,
    readRows: (from, to) => numbers.rows(from, to),
    readText: () => allText(path, described, getChunk),
  };
}

/** Columns of a one-dimensional array of records, e.g. x and y. Null when there is none; throws AppError as openArray does. */
export async function readRecords(store: ZarrStore, node: string): Promise<Map<string, Column> | null> {
  const json = await store.array(node);
  if (!json) return null;
  const { path } = store.describing(node);
  const fields = fieldsOf(path, json.dtype);
  const [shape, chunks] = [json.shape, json.chunks].map((list) => (Array.isArray(list) ? list : []));
  if (shape.length !== 1 || chunks.length !== 1) throw bad(path, "a list of records", `${shape.length} dimensions`);
  if (![...shape, ...chunks].every(Number.isSafeInteger))
    throw bad(path, "whole numbers of records", inWords([...shape, ...chunks]));
  const itemBytes = fields.reduce((sum, { scalar }) => sum + scalar.bytes, 0);
  // records as the bytes they are: the library knows no types of several numbers
  const asBytes = {
    ...json,
    dtype: "|u1",
    fill_value: 0,
    shape: [shape[0] * itemBytes],
    chunks: [chunks[0] * itemBytes],
  };
  const array = await openDescribed(store, node, asBytes);
  if (array.nMissing > 0) throw bad(path, `${array.nFiles} chunks`, `${array.nMissing} of them missing`);
  const bytes = (await array.readRows(0, array.nRows)) as Uint8Array;
  const count = array.nRows / itemBytes;
  let byteStart = 0;
  const columns = new Map<string, Column>();
  for (const { name, scalar } of fields) {
    const values = new Float64Array(count);
    decodeRun({ bytes, scalar, byteStart, byteStep: itemBytes, count, out: values, outStart: 0, outStep: 1 });
    columns.set(name, { path: `${path} (${name})`, values });
    byteStart += scalar.bytes;
  }
  return columns;
}

function fieldsOf(path: string, dtype: unknown): { name: string; scalar: Scalar }[] {
  if (!Array.isArray(dtype) || dtype.length === 0) throw bad(path, "records of numbers", inWords(dtype));
  return dtype.map((field: unknown) => {
    const [name, descr, more] = Array.isArray(field) ? field : [];
    const scalar = typeof descr === "string" && more === undefined ? parseDtype(descr)?.scalar : null;
    if (typeof name === "string" && scalar) return { name, scalar };
    throw bad(path, "records of numbers", inWords(field));
  });
}

/** Of the chunk files beside an array, those that lie in its grid. */
function countFiles(names: readonly string[], grid: readonly number[], { fileName }: ArrayShape): number {
  let count = 0;
  for (const name of names) {
    const coords = name
      .replace(/^c[./]/, "")
      .split(/[./]/)
      .map(Number);
    if (coords.length === grid.length && coords.every((c, k) => c < grid[k]) && fileName(coords) === name) count++;
  }
  return count;
}

async function chunkGetter(store: ZarrStore, node: string, json: Json, described: ArrayShape): Promise<GetChunk> {
  const library = await loadZarrita();
  const { path } = store.describing(node);
  const open = store.version === 2 ? library.open.v2 : library.open.v3;
  const array = await explained(path, "a Zarr array that can be read", () =>
    open(library.root(arrayStore(store, node, json)), { kind: "array", attrs: false }),
  );
  const nElements = described.chunkShape.reduce((product, n) => product * n, 1);
  const expected = `an intact chunk of ${described.chunkShape.join(" × ")} values (${described.dataType})`;
  return async (coords) => {
    const name = fileOfChunk(coords, described);
    const file = store.file(node === "" ? name : `${node}/${name}`);
    return explained(file?.path ?? path, expected, async () => {
      const chunk = (await array.getChunk(coords)) as unknown as DecodedChunk;
      if (chunk.data.length !== nElements) throw new Error(`${chunk.data.length} values`);
      return chunk;
    });
  };
}

/** The files of one array as zarrita asks for them: keys from "/". What describes it was read and is given again. */
function arrayStore(store: ZarrStore, node: string, json: Json) {
  const description = store.version === 2 ? "/.zarray" : "/zarr.json";
  const fileOf = (key: string) => store.file(node === "" ? key.slice(1) : `${node}${key}`);
  return {
    async get(key: string): Promise<Uint8Array | undefined> {
      if (key === description) return new TextEncoder().encode(JSON.stringify(json));
      const file = fileOf(key);
      return file?.read(0, file.size);
    },
    /** of shards, whose index stands at their end */
    async getRange(
      key: string,
      range: { suffixLength: number } | { offset: number; length: number },
    ): Promise<Uint8Array | undefined> {
      const file = fileOf(key);
      if (!file) return undefined;
      if ("suffixLength" in range) return file.read(file.size - range.suffixLength, file.size);
      return file.read(range.offset, range.offset + range.length);
    },
  };
}

/** What the library throws, as one sentence that names the file. */
async function explained<T>(path: string, expected: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    if (cause instanceof AppError) throw cause;
    throw bad(path, expected, messageOf(cause).replace(/\.+$/, ""));
  }
}

async function allText(path: string, described: ArrayShape, getChunk: GetChunk): Promise<string[]> {
  const { shape, chunkShape, dataType } = described;
  assert(shape.length === 1, "text is read from lists");
  if (shape[0] > MAX_TEXT_ROWS) throw bad(path, `at most ${MAX_TEXT_ROWS} entries`, String(shape[0]));
  if (!/^v2:|^string$/.test(dataType)) throw bad(path, "text", dataType);
  const out: string[] = [];
  for (let chunk = 0; out.length < shape[0]; chunk++) {
    const { data } = await getChunk([chunk]);
    const n = Math.min(chunkShape[0], shape[0] - out.length);
    const all = data as ArrayLike<unknown> & { get?(i: number): unknown };
    for (let i = 0; i < n; i++) out.push(String(all.get ? all.get(i) : all[i]));
  }
  return out;
}

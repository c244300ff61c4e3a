import { assert } from "../../core/errors.ts";
import type { Numbers } from "../npy/decode.ts";
import { bad } from "../spikeinterface/fields.ts";
import { ChunkCache } from "./chunkCache.ts";
import { type ArrayShape, fileOfChunk } from "./metadata.ts";
import type { ZarrStore } from "./store.ts";

/** What zarrita gives for one chunk, whatever its type. */
export interface DecodedChunk {
  data: { readonly length: number };
  stride: readonly number[];
}
export type GetChunk = (coords: number[]) => Promise<DecodedChunk>;

interface NumberChunk {
  data: Numbers;
  /** steps between rows and between columns */
  step: readonly [number, number];
  byteLength: number;
}

/** Of decoded chunks, over all arrays of a hierarchy: some seconds of 384 channels. */
const CACHE_BYTES = 96 * 1024 * 1024;
/** Chunks asked of a disk at once; they are decoded one after the other. */
const CHUNKS_AT_ONCE = 4;
const caches = new WeakMap<ZarrStore, ChunkCache<NumberChunk>>();

/** More than any tile or column of spikes. */
const MAX_RANGE_BYTES = 2 ** 30;
const ARRAYS: Record<string, { new (n: number): Numbers; BYTES_PER_ELEMENT: number }> = {
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
};

/** A rectangle of an array and of a chunk. */
interface Part {
  coords: [row: number, column: number];
  rows: [from: number, to: number];
  columns: [from: number, to: number];
}

/** The chunks of an array of numbers, decoded when they are asked for and kept for a while. */
export class NumberChunks {
  readonly #store: ZarrStore;
  readonly #node: string;
  readonly #described: ArrayShape;
  readonly #path: string;
  readonly #getChunk: GetChunk;
  readonly #cache: ChunkCache<NumberChunk>;

  constructor(store: ZarrStore, node: string, described: ArrayShape, path: string, getChunk: GetChunk) {
    this.#store = store;
    this.#node = node;
    this.#described = described;
    this.#path = path;
    this.#getChunk = getChunk;
    this.#cache = caches.get(store) ?? new ChunkCache(CACHE_BYTES);
    caches.set(store, this.#cache);
  }

  /** [to − from, columns] row-major. 64-bit numbers and halves come as float64. */
  async rows(from: number, to: number): Promise<Numbers> {
    const { shape, dataType, fill } = this.#described;
    const [nRows, nColumns = 1] = shape;
    assert(from >= 0 && from <= to && to <= nRows, "rows of this array");
    if (/^v2:|^string$/.test(dataType)) throw bad(this.#path, "numbers", `text (${dataType})`);
    const bytes = (to - from) * nColumns * (ARRAYS[dataType]?.BYTES_PER_ELEMENT ?? 8);
    if (bytes > MAX_RANGE_BYTES) throw bad(this.#path, "at most 1 GiB to be read at once", `${bytes} bytes`);
    const out = new (ARRAYS[dataType] ?? Float64Array)((to - from) * nColumns);
    if (fill !== 0) out.fill(fill);
    const parts = [...this.#partsOf(from, to)];
    for (let i = 0; i < parts.length; i += CHUNKS_AT_ONCE) {
      await Promise.all(parts.slice(i, i + CHUNKS_AT_ONCE).map((part) => this.#copy(part, out, from)));
    }
    return out;
  }

  *#partsOf(from: number, to: number): Generator<Part> {
    const { shape, chunkShape } = this.#described;
    const [, nColumns = 1] = shape;
    const [perRow, perColumn = 1] = chunkShape;
    for (let row = Math.floor(from / perRow); row * perRow < to; row++) {
      for (let column = 0; column * perColumn < nColumns; column++) {
        const rows: Part["rows"] = [Math.max(from, row * perRow), Math.min(to, (row + 1) * perRow)];
        const columns: Part["columns"] = [column * perColumn, Math.min(nColumns, (column + 1) * perColumn)];
        yield { coords: [row, column], rows, columns };
      }
    }
  }

  /** Chunks that are not there stay what `fill` is. */
  async #copy({ coords, rows, columns }: Part, out: Numbers, from: number): Promise<void> {
    const given = coords.slice(0, this.#described.shape.length);
    const name = `${this.#node}/${fileOfChunk(given, this.#described)}`.replace(/^\//, "");
    if (!this.#store.file(name)) return;
    const { data, step } = await this.#cache.get(`${this.#node}:${given}`, async () =>
      this.#numbersOf(await this.#getChunk(given)),
    );
    const [, nColumns = 1] = this.#described.shape;
    const [perRow] = this.#described.chunkShape;
    const width = columns[1] - columns[0];
    const start = (rows[0] - coords[0] * perRow) * step[0];
    if (step[1] === 1 && step[0] === nColumns && width === nColumns) {
      out.set(data.subarray(start, start + (rows[1] - rows[0]) * nColumns), (rows[0] - from) * nColumns);
      return;
    }
    for (let row = rows[0]; row < rows[1]; row++) {
      const at = start + (row - rows[0]) * step[0];
      const to = (row - from) * nColumns + columns[0];
      if (step[1] === 1) out.set(data.subarray(at, at + width), to);
      else for (let c = 0; c < width; c++) out[to + c] = data[at + c * step[1]];
    }
  }

  #numbersOf({ data, stride }: DecodedChunk): NumberChunk {
    const numbers = this.#asNumbers(data);
    return { data: numbers, step: [stride[0], stride[1] ?? 1], byteLength: numbers.byteLength };
  }

  #asNumbers(data: { readonly length: number }): Numbers {
    const { dataType } = this.#described;
    if (dataType in ARRAYS && dataType !== "bool") return data as Numbers;
    if (dataType === "float64") return data as Float64Array;
    const out = new Float64Array(data.length);
    const all = data as ArrayLike<unknown> & { get?(i: number): unknown };
    for (let i = 0; i < out.length; i++) out[i] = Number(all.get ? all.get(i) : all[i]);
    const unsafe = /int64/.test(dataType) ? out.findIndex((value) => !Number.isSafeInteger(value)) : -1;
    if (unsafe >= 0) throw bad(this.#path, "integers below 2^53", `${out[unsafe]}`);
    return out;
  }
}

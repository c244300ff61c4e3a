import { AppError, messageOf } from "../../core/errors.ts";
import type { Hdf5Engine, Hdf5Metadata, Hdf5Module } from "./engine.ts";
import { filterInWords, isReadable } from "./filters.ts";
import { arrayOf, isNumberType, type NumberArray, numberTypeOf } from "./numbers.ts";
import type { SyncSource } from "./syncSource.ts";

/** What a path of the file leads to. */
export type Hdf5Kind = "group" | "dataset" | "missing target" | "other file" | "something else" | "nothing";

/** An array in the file, without its values. */
export interface Hdf5Dataset {
  /** in the file, from its root, e.g. "/units/spike_times" */
  path: string;
  /** file and path, for sentences */
  words: string;
  shape: readonly number[];
  /** bytes of one element */
  elementBytes: number;
  metadata: Hdf5Metadata;
  /** as it is laid out; null when it lies in one piece */
  chunks: readonly number[] | null;
  isCompressed: boolean;
  isNumbers: boolean;
}

export type Hdf5Attribute = string | number | readonly string[] | Float64Array | null;

const KINDS: Record<number, Hdf5Kind> = { 0: "group", 1: "dataset", 3: "missing target", 4: "other file" };
const [TEXT, REFERENCE] = [3, 7];
/** Attributes and small tables are a few kB; a damaged file may declare anything. */
const MAX_ATTRIBUTE_BYTES = 1024 * 1024;
const MAX_TEXT_BYTES = 64 * 1024 * 1024;
/** A chunk is unpacked whole. */
const MAX_CHUNK_BYTES = 256 * 1024 * 1024;
const MAX_READ_BYTES = 512 * 1024 * 1024;

/**
 * An open HDF5 file, while it is being read. Every failure is an AppError that names file and path: what HDF5 throws, what it
 * returns, what a damaged file makes its WebAssembly do.
 */
export class Hdf5Reading {
  private readonly engine: Hdf5Engine;
  private readonly source: SyncSource;

  constructor(engine: Hdf5Engine, source: SyncSource) {
    this.engine = engine;
    this.source = source;
  }

  get fileBytes(): number {
    return this.source.size;
  }

  /** A path of the file as a sentence names it. */
  words(path: string): string {
    return `${this.source.path}${path}`;
  }

  kindOf(path: string): Hdf5Kind {
    const type = this.call(path, (module, file) => module.get_type(file, path));
    return type === -1 ? "nothing" : (KINDS[type] ?? "something else");
  }

  /** What is in a group, by name. */
  names(group: string): string[] {
    return this.call(group, (module, file) => module.get_names(file, group, false));
  }

  /** Where a link leads that is no object itself: a path of this file, or "file: path" of another; "" for neither. */
  linkTarget(path: string): string {
    const soft = this.call(path, (module, file) => module.get_symbolic_link(file, path));
    if (soft !== null) return soft;
    const { filename, obj_path } = this.call(path, (module, file) => module.get_external_link(file, path));
    return filename === undefined ? "" : `${filename}: ${obj_path}`;
  }

  /** Text, a number, or several of either; a reference as the path it leads to. Null: absent, or of no such type. */
  attribute(path: string, name: string): Hdf5Attribute {
    const names = this.call(path, (module, file) => module.get_attribute_names(file, path));
    if (!names.includes(name)) return null;
    const what = `${path} (${name})`;
    const metadata = this.call(what, (module, file) => module.get_attribute_metadata(file, path, name));
    const nBytes = this.bytesOf(what, metadata, MAX_ATTRIBUTE_BYTES);
    if (nBytes === 0) return null;
    const values = this.withMemory(what, nBytes, (module, file, at) => {
      this.succeeded(what, module.get_attribute_data(file, path, name, BigInt(at)));
      const read = this.decoded(what, metadata, at, nBytes);
      if (metadata.vlen) module.reclaim_vlen_memory(file, path, name, BigInt(at));
      return read;
    });
    if (values === null) return null;
    return metadata.shape?.length === 0 || (Array.isArray(values) && values.length === 1) ? values[0] : values;
  }

  /** What an array is. Throws AppError for one that cannot be read here, with the reason: its compression, its other file. */
  dataset(path: string): Hdf5Dataset {
    const kind = this.kindOf(path);
    const words = this.words(path);
    if (kind === "missing target" || kind === "other file") throw this.linked(path, words);
    if (kind !== "dataset") {
      throw new AppError("bad-file", `${words}: expected an array, found ${kind === "group" ? "a group" : "none"}.`);
    }
    const metadata = this.call(path, (module, file) => module.get_dataset_metadata(file, path));
    const filters = this.call(path, (module, file) => module.get_dataset_filters(file, path));
    const unknown = filters.find(({ id }) => !isReadable(id));
    if (unknown) {
      throw new AppError(
        "bad-file",
        `${words}: expected no compression or gzip, found ${filterInWords(unknown)}, which cannot be unpacked here; save a copy with gzip (h5repack -f GZIP=4 in.nwb out.nwb).`,
        { path, filter: unknown.id },
      );
    }
    const elsewhere = metadata.virtual_sources?.find(({ file_name }) => file_name !== ".");
    if (elsewhere) {
      throw new AppError(
        "bad-file",
        `${words}: expected its values in the file, found that they lie in another file (${elsewhere.file_name}); save a copy with everything in one file.`,
        { path },
      );
    }
    const { shape, chunks, size } = metadata;
    if (chunks && chunks.reduce((product, n) => product * n, size) > MAX_CHUNK_BYTES) {
      throw new AppError(
        "bad-file",
        `${words}: expected chunks of at most 256 MiB, found chunks of ${chunks.join(" × ")} elements; save a copy with smaller ones (h5repack -l CHUNK=30000x64 in.nwb out.nwb).`,
        { path },
      );
    }
    const isCompressed = filters.length > 0;
    const isNumbers = isNumberType(metadata);
    return { path, words, shape: shape ?? [0], elementBytes: size, metadata, chunks, isCompressed, isNumbers };
  }

  /**
   * Part of an array of numbers: `count` elements from `offset` on along each dimension, row-major. What `take` is given is
   * HDF5's own memory: it must be copied out.
   */
  numbers<T>(of: Hdf5Dataset, offset: readonly number[], count: readonly number[], take: (read: NumberArray) => T): T {
    const { path, words, metadata } = of;
    const type = numberTypeOf(metadata, words);
    const nElements = count.reduce((product, n) => product * n, 1);
    if (nElements === 0) return take(arrayOf(type, new ArrayBuffer(0), 0, 0));
    const nBytes = this.bounded(path, nElements * metadata.size, MAX_READ_BYTES);
    return this.withMemory(path, nBytes, (module, file, at) => {
      const [counts, offsets] = [count.map(BigInt), offset.map(BigInt)];
      const status = module.get_dataset_data(
        file,
        path,
        counts,
        offsets,
        counts.map(() => 1n),
        BigInt(at),
      );
      this.succeeded(path, status);
      return take(arrayOf(type, module.HEAPU8.buffer, at, nElements));
    });
  }

  /** A column of text. Null when it is none. */
  texts(of: Hdf5Dataset): string[] | null {
    return of.metadata.type === TEXT ? this.whole(of) : null;
  }

  /** A column of references, as the paths they lead to. Null when it is none. */
  targets(of: Hdf5Dataset): string[] | null {
    return of.metadata.type === REFERENCE ? this.whole(of) : null;
  }

  private whole({ path, metadata }: Hdf5Dataset): string[] {
    const nBytes = this.bytesOf(path, metadata, MAX_TEXT_BYTES);
    if (nBytes === 0) return [];
    return this.withMemory(path, nBytes, (module, file, at) => {
      this.succeeded(path, module.get_dataset_data(file, path, null, null, null, BigInt(at)));
      const read = this.decoded(path, metadata, at, nBytes);
      if (metadata.vlen) module.reclaim_vlen_memory(file, path, "", BigInt(at));
      return read as string[];
    });
  }

  /** Elements at a place of HDF5's memory: text, the targets of references, or numbers; null for other types. */
  private decoded(what: string, metadata: Hdf5Metadata, at: number, nBytes: number): string[] | Float64Array | null {
    const { module, fileId } = this.engine;
    const { type, size, vlen } = metadata;
    const places = Array.from({ length: nBytes / size }, (_, i) => at + i * size);
    if (type === TEXT && vlen) {
      const pointers = new Uint32Array(module.HEAPU8.buffer, at, nBytes / 4);
      return Array.from(pointers, (pointer) => (pointer === 0 ? "" : module.UTF8ToString(pointer)));
    }
    if (type === TEXT) return places.map((place) => textAt(module, place, size));
    if (type === REFERENCE && size === 8) {
      const references = places.map((place) => module.HEAPU8.slice(place, place + size));
      return references.map((bytes) => module.get_referenced_name(fileId, bytes, true) ?? "");
    }
    if (type !== 0 && type !== 1) return null;
    const numbers = arrayOf(numberTypeOf(metadata, this.words(what)), module.HEAPU8.buffer, at, nBytes / size);
    return Float64Array.from(numbers as ArrayLike<number>, Number);
  }

  private linked(path: string, words: string): AppError {
    const target = this.linkTarget(path);
    return new AppError(
      "bad-file",
      `${words}: expected an array in the file, found a link to ${target || "nothing"}, which is not there; save a copy with everything in one file.`,
      { path, target },
    );
  }

  private bytesOf(what: string, { shape, total_size, size }: Hdf5Metadata, limit: number): number {
    return shape === null ? 0 : this.bounded(what, total_size * size, limit);
  }

  private bounded(what: string, nBytes: number, limit: number): number {
    if (nBytes >= 0 && nBytes <= limit) return nBytes;
    throw this.damaged(what, `it declares ${nBytes} bytes`);
  }

  private succeeded(what: string, status: number): void {
    if (status < 0) throw this.damaged(what, reasonIn(this.engine.lines));
  }

  private damaged(what: string, why: string, cause?: unknown): AppError {
    const message = `${this.words(what)}: expected an intact HDF5 file, found that this part of it cannot be read (${why}); it may be cut short or damaged.`;
    return new AppError("bad-file", message, { path: what }, { cause });
  }

  private withMemory<T>(what: string, nBytes: number, action: (module: Hdf5Module, file: bigint, at: number) => T): T {
    return this.call(what, (module, file) => {
      const at = module._malloc(nBytes);
      if (at === 0) throw this.damaged(what, `there is no memory for its ${nBytes} bytes`);
      try {
        return action(module, file, at);
      } finally {
        module._free(at);
      }
    });
  }

  /** Call HDF5. An AppError (of ours, or of the file that is read) goes on as it is. */
  private call<T>(what: string, action: (module: Hdf5Module, file: bigint) => T): T {
    const { engine } = this;
    engine.lines.length = 0;
    try {
      return action(engine.module, engine.fileId);
    } catch (error) {
      if (error instanceof AppError) throw error;
      engine.threw(error);
      throw this.damaged(what, messageOf(error), error);
    }
  }
}

function textAt({ HEAPU8 }: Hdf5Module, at: number, size: number): string {
  const bytes = HEAPU8.slice(at, at + size);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** The innermost thing HDF5 says of an error: the last numbered line, without where in its source that stands. */
function reasonIn(lines: readonly string[]): string {
  const said = lines.flatMap((line) => /^\s+#\d+: .*?: (.+)$/.exec(line)?.[1] ?? []);
  return said[said.length - 1] ?? "HDF5 gives no reason";
}

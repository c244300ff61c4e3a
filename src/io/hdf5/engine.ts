import { PagedFile } from "./pages.ts";
import type { SyncSource } from "./syncSource.ts";

/** What HDF5 says of a type of numbers or text, and of the array of them. */
export interface Hdf5Metadata {
  /** HDF5's class of types: 0 integers, 1 floats, 3 text, 7 references, 8 enumerations */
  type: number;
  /** bytes of one element */
  size: number;
  signed: boolean;
  /** text of any length: the element is a pointer to it */
  vlen: boolean;
  /** how many elements */
  total_size: number;
  /** null for an array that holds nothing */
  shape: number[] | null;
  chunks: number[] | null;
  /** of an array put together out of others: the files those are in */
  virtual_sources?: { file_name: string; dset_name: string }[];
}

interface FileNode {
  size?: number;
  stream_ops: object;
  node_ops: { getattr(node: FileNode): { size: number } };
}

/** The part of h5wasm's module that reads. Functions that return a number return a negative one when they fail. */
export interface Hdf5Module {
  HEAPU8: Uint8Array<ArrayBuffer>;
  FS: {
    writeFile(path: string, bytes: Uint8Array): void;
    unlink(path: string): void;
    lookupPath(path: string): { node: FileNode };
  };
  _malloc(nBytes: number): number;
  _free(at: number): void;
  UTF8ToString(at: number): string;
  open(path: string, mode: number, trackOrder: boolean, low: number, high: number): bigint;
  close_file(file: bigint): number;
  get_names(file: bigint, path: string, recursive: boolean): string[];
  get_type(file: bigint, path: string): number;
  get_symbolic_link(file: bigint, path: string): string | null;
  get_external_link(file: bigint, path: string): { filename?: string; obj_path?: string };
  get_attribute_names(file: bigint, path: string): string[];
  get_attribute_metadata(file: bigint, path: string, name: string): Hdf5Metadata;
  get_attribute_data(file: bigint, path: string, name: string, at: bigint): number;
  get_dataset_metadata(file: bigint, path: string): Hdf5Metadata;
  get_dataset_filters(file: bigint, path: string): { id: number; name: string }[];
  get_dataset_data(
    file: bigint,
    path: string,
    count: bigint[] | null,
    offset: bigint[] | null,
    strides: bigint[] | null,
    at: bigint,
  ): number;
  reclaim_vlen_memory(file: bigint, path: string, attribute: string, at: bigint): number;
  get_referenced_name(file: bigint, reference: Uint8Array, isObject: boolean): string | null;
}

const READ_ONLY = 0;
/** What HDF5 prints of an error: enough to find the reason in, whatever a damaged file makes it print. */
const MAX_LINES = 200;
/** What a module that grew beyond this holds is not given back: the next file gets a new one. */
const MAX_KEPT_BYTES = 256 * 1024 * 1024;
const MAX_FILES = 100;
/** Each time that h5wasm throws instead of returning, a piece of the module's stack (2 MiB) is lost. */
const MAX_ANSWERS = 200;

/** One WebAssembly module of HDF5, in which at most one file is open. */
export class Hdf5Engine {
  readonly module: Hdf5Module;
  /** what HDF5 printed since it was last emptied */
  readonly lines: string[];
  source: SyncSource | null = null;
  fileId = -1n;
  /** something was thrown out of it: its stack and its tables are no longer what it believes */
  isSpoilt = false;
  /** the bytes of the file */
  pages: PagedFile | null = null;
  private nFiles = 0;
  private nAnswers = 0;

  private constructor(module: Hdf5Module, lines: string[]) {
    this.module = module;
    this.lines = lines;
  }

  static async create(): Promise<Hdf5Engine> {
    const lines: string[] = [];
    const keep = (text: string) => {
      if (lines.length < MAX_LINES) lines.push(text);
    };
    // a megabyte of WebAssembly, for those alone who open such a file; a file of its own, which all workers share
    const { default: createModule } = await import("../../../node_modules/h5wasm/dist/esm/hdf5_util.js");
    return new Hdf5Engine(await createModule({ noInitialRun: true, print: keep, printErr: keep }), lines);
  }

  /** Open a file, in place of the one before. False when HDF5 finds it is none; the lines say why. */
  open(source: SyncSource): boolean {
    this.lines.length = 0;
    this.nFiles++;
    this.source = source;
    this.guarded(() => {
      this.mount(source);
      this.fileId = this.module.open(this.place, READ_ONLY, false, -1, -1);
    });
    return this.fileId >= 0n;
  }

  private get place(): string {
    return `/opened${this.nFiles}`;
  }

  /** Close the file. False when the module is not fit for another one. */
  close(): boolean {
    if (this.isSpoilt) return false;
    if (this.source === null) return true;
    if (this.fileId >= 0n && this.guarded(() => this.module.close_file(this.fileId)) < 0) return false;
    this.guarded(() => this.module.FS.unlink(this.place));
    this.source = null;
    this.fileId = -1n;
    return this.nFiles < MAX_FILES && this.module.HEAPU8.length <= MAX_KEPT_BYTES;
  }

  /** Something was thrown out of the module: that spoils it at once, or, where h5wasm itself throws, by and by. */
  threw(error: unknown): void {
    const isAnswer = error instanceof Error && error.message.startsWith("error - ");
    if (!isAnswer || ++this.nAnswers > MAX_ANSWERS) this.isSpoilt = true;
  }

  private guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.threw(error);
      throw error;
    }
  }

  /** A file of the module's own file system whose bytes are those of a source. */
  private mount(source: SyncSource): void {
    const { FS } = this.module;
    const pages = new PagedFile(source);
    this.pages = pages;
    FS.writeFile(this.place, new Uint8Array(0));
    const { node } = FS.lookupPath(this.place);
    const { getattr } = node.node_ops;
    node.node_ops = { ...node.node_ops, getattr: (of) => ({ ...getattr(of), size: source.size }) };
    node.stream_ops = {
      read: (_stream: unknown, heap: Int8Array, offset: number, length: number, position: number) =>
        this.guarded(() => pages.read(heap, offset, length, position)),
      llseek: (stream: { position: number }, offset: number, whence: number) =>
        [0, stream.position, source.size][whence] + offset,
    };
  }
}

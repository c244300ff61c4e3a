import { AppError } from "../../core/errors.ts";
import { isChunkName } from "../../protocol/chunkFiles.ts";
import { type ByteSource, folderOf } from "../byteSource.ts";
import { type Drop, type Folder, folderInWords } from "../drop.ts";
import { isObject, type Json } from "../spikeinterface/fields.ts";

/** Files that make a folder a node of a Zarr hierarchy. */
const MARKERS = ["zarr.json", ".zmetadata", ".zattrs", ".zgroup", ".zarray"];
const MAX_JSON_BYTES = 64 * 1024 * 1024; // consolidated metadata of a large NWB file has a few MB

/** One Zarr hierarchy: its files by their paths below its root, and what describes its nodes. */
export class ZarrStore {
  /** the folder of the root; "" where its parts were opened as loose files */
  readonly folder: string;
  readonly version: 2 | 3;
  /** the file that says what the root is, for messages */
  readonly marker: ByteSource;
  readonly #files: ReadonlyMap<string, ByteSource>;
  readonly #nodes: ReadonlySet<string>;
  #chunks: Map<string, string[]> | null = null;
  #consolidated: Promise<Json> | null = null;

  constructor(folder: string, files: ReadonlyMap<string, ByteSource>, nodes: ReadonlySet<string>) {
    this.folder = folder;
    this.#files = files;
    this.#nodes = nodes;
    this.version = files.has("zarr.json") ? 3 : 2;
    const names = this.version === 3 ? ["zarr.json"] : [".zattrs", ".zmetadata", ".zgroup", ".zarray"];
    const marker = names.flatMap((name) => files.get(name) ?? [])[0];
    this.marker = marker;
  }

  get place(): string {
    return folderInWords(this.folder);
  }

  /** Descriptions first, then chunks in the order they lie. */
  get files(): ByteSource[] {
    const all = [...this.#files];
    return [...all.filter(([key]) => !isChunkName(key)), ...all.filter(([key]) => isChunkName(key))].map(([, f]) => f);
  }

  file(key: string): ByteSource | undefined {
    return this.#files.get(key);
  }

  /** Paths below the root of every node that lies there as a folder. */
  get nodes(): Iterable<string> {
    return this.#nodes;
  }

  /** Chunk files of a node, by their paths below it. */
  chunksOf(node: string): readonly string[] {
    if (!this.#chunks) {
      this.#chunks = new Map();
      for (const key of this.#files.keys()) {
        if (!isChunkName(key)) continue;
        let owner = folderOf(key);
        while (owner !== "" && !this.#nodes.has(owner)) owner = folderOf(owner);
        if (owner === "") owner = folderOf(key); // described at the root alone, or of the root
        const list = this.#chunks.get(owner) ?? [];
        list.push(owner === "" ? key : key.slice(owner.length + 1));
        this.#chunks.set(owner, list);
      }
    }
    return this.#chunks.get(node) ?? [];
  }

  /** Attributes of a node; empty when it has none. Throws AppError where their file is no JSON. */
  async attributes(node: string): Promise<Json> {
    if (this.version === 2) return (await this.#description(node, ".zattrs")) ?? {};
    const attributes = (await this.#description(node, "zarr.json"))?.attributes;
    return isObject(attributes) ? attributes : {};
  }

  /** What describes a node that is an array; null when there is none. Throws AppError where its file is no JSON. */
  async array(node: string): Promise<Json | null> {
    if (this.version === 2) return this.#description(node, ".zarray");
    const found = await this.#description(node, "zarr.json");
    return found?.node_type === "array" ? found : null;
  }

  /** The file that describes an array, for messages; that of the root where only the root describes it. */
  describing(node: string): ByteSource {
    return this.#files.get(below(node, this.version === 2 ? ".zarray" : "zarr.json")) ?? this.marker;
  }

  /** From the node's own file, else from what was consolidated at the root. */
  async #description(node: string, name: string): Promise<Json | null> {
    const own = this.#files.get(below(node, name));
    if (own) return lenientJson(own);
    this.#consolidated ??= this.#consolidate();
    const all = await this.#consolidated;
    const found = all[this.version === 2 ? below(node, name) : node];
    return isObject(found) ? found : null;
  }

  async #consolidate(): Promise<Json> {
    const file = this.#files.get(this.version === 2 ? ".zmetadata" : "zarr.json");
    if (!file) return {};
    const json = await lenientJson(file);
    const holder = this.version === 2 ? json : json.consolidated_metadata;
    const metadata = isObject(holder) ? holder.metadata : null;
    return isObject(metadata) ? metadata : {};
  }
}

const below = (node: string, name: string) => (node === "" ? name : `${node}/${name}`);

/**
 * Every Zarr hierarchy of a drop: a folder with one of Zarr's description files and no such folder above it. Nothing is read.
 * Of the root's own files only the descriptions belong to it, of folders below it those that hold nodes.
 */
export function zarrStores(drop: Drop): ZarrStore[] {
  const nodes = new Set([...drop.values()].filter(isNode).map(({ path }) => path));
  if (nodes.size === 0) return [];
  const roots = new Map<string, { files: Map<string, ByteSource>; nodes: Set<string>; tops: Set<string> }>();
  const rootOf = (path: string) => [...upwards(path)].filter((one) => nodes.has(one)).at(-1);
  const relative = (root: string, path: string) => (root === "" ? path : path.slice(root.length + 1));
  for (const path of nodes) {
    const root = rootOf(path) ?? path;
    const found = roots.get(root) ?? { files: new Map(), nodes: new Set(), tops: new Set() };
    const key = relative(root, path);
    found.nodes.add(key);
    found.tops.add(key.split("/")[0]);
    roots.set(root, found);
  }
  for (const { path, files } of drop.values()) {
    const root = rootOf(path);
    const found = root === undefined ? undefined : roots.get(root);
    if (root === undefined || !found) continue;
    const key = relative(root, path);
    const isDescribedAbove = drop.get(root)?.files.has(".zmetadata") && [...files.keys()].some(isChunkName);
    if (path !== root && !found.tops.has(key.split("/")[0]) && !isDescribedAbove) continue;
    const isArray = files.has(".zarray") || files.has("zarr.json");
    for (const [name, file] of files) {
      const belongs = path !== root || MARKERS.includes(name) || (isArray && isChunkName(name));
      if (belongs) found.files.set(key === "" ? name : `${key}/${name}`, file);
    }
  }
  return [...roots].map(([root, found]) => new ZarrStore(root, found.files, found.nodes));
}

function isNode({ files }: Folder): boolean {
  return MARKERS.some((name) => files.has(name));
}

/** "a/b" → "a/b", "a", "". */
function* upwards(path: string): Generator<string> {
  for (let at = path; at !== ""; at = folderOf(at)) yield at;
  yield "";
}

/** A text, which stays, or one of the words that Python writes for numbers JSON does not have. */
const NOT_JSON = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
const parsed = new WeakMap<ByteSource, Promise<Json>>();

/** A JSON object in which Python's NaN and Infinity may stand; they become null. Throws AppError for anything else. */
function lenientJson(source: ByteSource): Promise<Json> {
  const known = parsed.get(source) ?? parse(source);
  parsed.set(source, known);
  return known;
}

async function parse(source: ByteSource): Promise<Json> {
  const { path, size } = source;
  if (size > MAX_JSON_BYTES) {
    throw new AppError("bad-file", `${path}: expected a description of at most 64 MiB, found ${size} bytes.`, { path });
  }
  const text = new TextDecoder().decode(await source.read(0, size));
  const value = parseText(text) ?? parseText(text.replace(NOT_JSON, (found) => (found[0] === '"' ? found : "null")));
  if (isObject(value)) return value;
  const found = size === 0 ? "an empty file" : value === null ? "text that cannot be parsed" : "something else";
  throw new AppError("bad-file", `${path}: expected a JSON object, found ${found}.`, { path });
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // said by the caller, who may try again
  }
}

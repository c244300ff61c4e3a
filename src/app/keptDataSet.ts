import { assert } from "../core/errors.ts";
import { withoutInnerChunks } from "../protocol/chunkFiles.ts";
import type { DroppedFile } from "../protocol/datasets.ts";
import { describeInputs } from "../protocol/fingerprint.ts";
import { type KeptPack, packPlaces } from "../protocol/kept.ts";
import type { KeptApi } from "../protocol/workers.ts";
import type { DataSetState } from "./dataSetState.ts";
import { arrayOf, freeze, type NumberArray, thaw, typeOf } from "./frozen.ts";
import type { LossCurves } from "./results.ts";

/**
 * A data set as it is kept in the browser: a text that says everything but the numbers, and its arrays in packs. Every array
 * is written once, for arrays are replaced and never changed; what is written again at a change is the text.
 */

/** Larger arrays get a pack of their own, so that its room comes back when the array goes; smaller ones share one. */
const OWN_PACK_BYTES = 1 << 20;

interface Place {
  pack: string;
  at: number;
  type: string;
  length: number;
}

interface KeptText {
  driftscope: 1;
  nextId: number;
  packs: Record<string, number>;
  places: Record<number, Place>;
  /** the frozen state */
  state: string;
}

/** The state with files as what they are known by, which is all that stays of them. */
type Keepable = Omit<DataSetState, "recordingFiles" | "spikeFiles"> & {
  files: { path: string; described: { bytes: number; sha1OfFirstMb: string } }[];
  /** of the open recording's own files */
  recordingFiles: { path: string; described: { bytes: number; sha1OfFirstMb: string } }[];
};

/** What is called of the worker that keeps. */
export type Keep = Pick<KeptApi, "keep" | "keepPack" | "kept" | "keptPacks">;

const described = new WeakMap<File, { bytes: number; sha1OfFirstMb: string }>();

async function describe(files: readonly DroppedFile[]): Promise<Keepable["files"]> {
  return Promise.all(
    withoutInnerChunks(files).map(async (one) => {
      const known = one.described ?? described.get(one.file);
      if (known) return { path: one.path, described: known };
      const [{ bytes, sha1OfFirstMb }] = await describeInputs([one]);
      described.set(one.file, { bytes, sha1OfFirstMb });
      return { path: one.path, described: { bytes, sha1OfFirstMb } };
    }),
  );
}

/** Files of which only that is known. */
function standIns(files: Keepable["files"]): DroppedFile[] {
  return files.map(({ path, described: known }) => ({
    path,
    file: new File([], path.split("/").at(-1) ?? path),
    described: known,
  }));
}

/** Curves are lists that grow in place; what has not grown since is the same array as before. */
const curveArrays = new WeakMap<number[], Float64Array>();

function asArray(values: number[]): Float64Array {
  const before = curveArrays.get(values);
  if (before?.length === values.length) return before;
  const now = Float64Array.from(values);
  curveArrays.set(values, now);
  return now;
}

type FrozenCurves = Record<string, { step: NumberArray; values: Record<string, NumberArray> }>;

function packCurves(curves: Record<string, LossCurves>): FrozenCurves {
  const packed = Object.entries(curves).map(([method, { step, values }]) => {
    const columns = Object.entries(values).map(([name, curve]) => [name, asArray(curve)] as const);
    return [method, { step: asArray(step), values: Object.fromEntries(columns) }] as const;
  });
  return Object.fromEntries(packed);
}

function unpackCurves(curves: FrozenCurves): Record<string, LossCurves> {
  const unpacked = Object.entries(curves).map(([method, { step, values }]) => {
    const columns = Object.entries(values).map(([name, curve]) => [name, Array.from(curve)] as const);
    return [method, { step: Array.from(step), values: Object.fromEntries(columns) }] as const;
  });
  return Object.fromEntries(unpacked);
}

/** One data set on its way to the storage and back. Saves must not overlap. */
export class KeptDataSet {
  readonly #key: string;
  readonly #api: Keep;
  #ids = new WeakMap<NumberArray, number>();
  #places: Record<number, Place> = {};
  #packs: Record<string, number> = {};
  #nextId = 0;

  constructor(key: string, api: Keep) {
    this.#key = key;
    this.#api = api;
  }

  /** Bytes it takes in the storage, but for the text. */
  get bytes(): number {
    return Object.values(this.#packs).reduce((sum, one) => sum + one, 0);
  }

  /** Write it down as it is. Rejects with AppError when there is no room; what was kept before stays. */
  async save(state: DataSetState, ownRecordingFiles: readonly DroppedFile[]): Promise<void> {
    const files = await describe(state.spikeFiles);
    const recordingFiles = await describe(ownRecordingFiles);
    const fresh: { id: number; array: NumberArray }[] = [];
    const used = new Set<number>();
    let nextId = this.#nextId;
    const ids = new Map<NumberArray, number>();
    const idOf = (array: NumberArray) => {
      const known = this.#ids.get(array) ?? ids.get(array);
      const id = known ?? nextId++;
      used.add(id);
      if (known === undefined) {
        ids.set(array, id);
        fresh.push({ id, array });
      }
      return id;
    };
    const frozen = freeze(keepable(state, files, recordingFiles), idOf);
    const { packs, places, sizes } = packed(fresh);
    const all = Object.entries({ ...this.#places, ...places }).filter(([id]) => used.has(Number(id)));
    const needed = new Set(all.map(([, { pack }]) => pack));
    const kept = Object.entries({ ...this.#packs, ...sizes }).filter(([name]) => needed.has(name));
    const unused = Object.keys(this.#packs).filter((name) => !needed.has(name));
    const text: KeptText = {
      driftscope: 1,
      nextId,
      packs: Object.fromEntries(kept),
      places: Object.fromEntries(all),
      state: frozen,
    };
    // one at a time: a message is copied at a stretch, and the page must stay free
    for (const pack of packs) await this.#api.keepPack(this.#key, pack);
    await this.#api.keep(this.#key, JSON.stringify(text), unused);
    for (const [array, id] of ids) this.#ids.set(array, id);
    [this.#nextId, this.#packs, this.#places] = [nextId, text.packs, text.places];
  }

  /** Read it back; null when there is none. */
  async load(): Promise<DataSetState | null> {
    const written = await this.#api.kept(this.#key);
    if (written === null) return null;
    const text = JSON.parse(written) as KeptText;
    if (text.driftscope !== 1) return null;
    const names = Object.keys(text.packs);
    const bytes = await this.#api.keptPacks(
      this.#key,
      names.map((name) => ({ name, bytes: text.packs[name] })),
    );
    const packs = new Map(names.map((name, k) => [name, bytes[k]]));
    const arrays = new Map<number, NumberArray>();
    const value = thaw(text.state, (id) => {
      const known = arrays.get(id);
      if (known) return known;
      const { pack, at, type, length } = text.places[id];
      const whole = packs.get(pack);
      assert(whole, `pack ${pack} was read`);
      // an array of its own memory: a view would carry its neighbours along to another thread
      const view = arrayOf(type, whole, at, length);
      const array = view.byteLength + 8 > whole.length ? view : view.slice();
      arrays.set(id, array);
      this.#ids.set(array, id);
      return array;
    });
    [this.#nextId, this.#packs, this.#places] = [text.nextId, text.packs, text.places];
    return restored(value as Keepable);
  }
}

function packed(fresh: readonly { id: number; array: NumberArray }[]): {
  packs: KeptPack[];
  places: Record<number, Place>;
  sizes: Record<string, number>;
} {
  const own = fresh.filter(({ array }) => array.byteLength > OWN_PACK_BYTES).map((one) => [one]);
  const small = fresh.filter(({ array }) => array.byteLength <= OWN_PACK_BYTES);
  const packs: KeptPack[] = [];
  const places: Record<number, Place> = {};
  const sizes: Record<string, number> = {};
  for (const group of small.length > 0 ? [...own, small] : own) {
    const name = `pack-${group[0].id}`;
    const { starts, bytes } = packPlaces(group.map(({ array }) => array.byteLength));
    // a view of a larger memory would carry all of it along
    const parts = group.map(({ array }) => (array.byteLength < array.buffer.byteLength ? array.slice() : array));
    packs.push({ name, parts });
    sizes[name] = bytes;
    for (const [k, { id, array }] of group.entries())
      places[id] = { pack: name, at: starts[k], type: typeOf(array), length: array.length };
  }
  return { packs, places, sizes };
}

function keepable(
  { found, runs, recordingFiles: _, spikeFiles: __, ...rest }: DataSetState,
  files: Keepable["files"],
  recordingFiles: Keepable["files"],
): unknown {
  return {
    ...rest,
    found: { ...found, curves: packCurves(found.curves) },
    runs: {
      ...runs,
      runs: runs.runs.map((run) => ({
        ...run,
        found: run.found && { ...run.found, curves: packCurves(run.found.curves) },
      })),
    },
    files,
    recordingFiles,
  };
}

/** Files are not at hand: what needs more of them than their names waits until they are. */
function restored({ files, recordingFiles, found, runs, recording, ...rest }: Keepable): DataSetState {
  const curvesOf = (one: DataSetState["found"]) => ({
    ...one,
    curves: unpackCurves(one.curves as unknown as FrozenCurves),
  });
  const away = recording && { ...recording, info: { ...recording.info, absent: true as const } };
  const needsFiles = !recording && found.info?.has?.includes("waveforms") === true;
  const info = found.info && (needsFiles ? { ...found.info, absent: true as const } : found.info);
  return {
    ...rest,
    recording: away,
    recordings: away ? [away] : [],
    found: { ...curvesOf(found), info },
    runs: { ...runs, runs: runs.runs.map((run) => ({ ...run, found: run.found && curvesOf(run.found) })) },
    recordingFiles: standIns(recordingFiles),
    spikeFiles: standIns(files),
  };
}

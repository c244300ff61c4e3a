import { AppError } from "../../core/errors.ts";
import type { WaveformSource } from "../../protocol/waveforms.ts";
import { type ByteSource, readJsonObject } from "../byteSource.ts";
import { type Column, columnOf, readColumn, readTable, requireEqualLengths } from "../columns.ts";
import type { Drop, Folder } from "../drop.ts";
import { readNpyHeader } from "../npy/header.ts";
import { requireSiblings } from "../readers/reader.ts";

/** The files of one training subset, as far as they are there. */
export interface SubsetFiles {
  folder: Folder;
  waveforms: ByteSource;
  frames: ByteSource;
  anchors?: ByteSource;
  targets?: ByteSource;
  relative?: ByteSource;
  split?: ByteSource;
  indices?: ByteSource;
  manifest?: ByteSource;
}

const MEMBERS = ["waveforms.npy", "frame_ids.npy", "spike_indices.npy", "manifest.json"];
const SIGNS = ["anchors.npy", "targets_global.npy", "targets_relative.npy", "split.npy"];

/** Folders that hold a training subset: waveforms.npy with anchors, targets or a split. */
export function subsetFolders(drop: Drop): Folder[] {
  return [...drop.values()].filter(({ files }) => files.has("waveforms.npy") && SIGNS.some((name) => files.has(name)));
}

/** The files of a folder that belong to the subset in it, whatever else lies there. */
export function subsetMembers({ files }: Folder): ByteSource[] {
  return [...MEMBERS, ...SIGNS].flatMap((name) => files.get(name) ?? []);
}

/** Every training subset. Throws AppError when frame_ids is missing. */
export function findSubsets(drop: Drop, title: string): SubsetFiles[] {
  return subsetFolders(drop).map((folder) => {
    const [waveforms, frames] = requireSiblings(folder, ["waveforms.npy", "frame_ids.npy"], title);
    const get = (name: string) => folder.files.get(name);
    return {
      folder,
      waveforms,
      frames,
      anchors: get("anchors.npy"),
      targets: get("targets_global.npy"),
      relative: get("targets_relative.npy"),
      split: get("split.npy"),
      indices: get("spike_indices.npy"),
      manifest: get("manifest.json"),
    };
  });
}

/** All files of a subset, the waveforms first. */
export function subsetFiles({ folder, ...files }: SubsetFiles): ByteSource[] {
  return Object.values(files).filter((file) => file !== undefined);
}

/** frame_ids counts seconds: each spike is taken to lie in the middle of its own. [N] s */
export async function subsetTimes({ frames, waveforms }: SubsetFiles): Promise<Column> {
  const { path, values } = await readColumn(frames);
  const { shape } = await readNpyHeader(waveforms);
  requireEqualLengths(
    [
      { path, values },
      { path: waveforms.path, values: new Float64Array(shape[0] ?? 0) },
    ],
    "spikes",
  );
  return { path, values: values.map((frame) => frame + 0.5) };
}

/** Where each spike is: the targets, else the anchors with the relative targets, else the anchors alone. */
export async function subsetPositions(
  files: SubsetFiles,
  warnings: string[],
): Promise<{ depthUm: Column; xUm: Column; zUm?: Column }> {
  const { folder, targets, anchors, relative } = files;
  if (targets) return columnsOf(await readXyz(targets));
  if (!anchors) {
    const message = `${files.waveforms.path}: expected depths beside it in targets_global.npy or anchors.npy, found neither.`;
    throw new AppError("bad-file", message, { folder: folder.path });
  }
  const table = await readXyz(anchors);
  if (!relative) {
    warnings.push(
      `${anchors.path}: there are no targets, so the anchors stand for the depths; they come in steps of the probe's rows.`,
    );
    const { depthUm, xUm } = columnsOf(table);
    return { depthUm, xUm };
  }
  const offsets = await readXyz(relative);
  requireEqualLengths([columnOf(table, 1), columnOf(offsets, 1)], "spikes");
  return columnsOf({ ...table, values: table.values.map((value, i) => value + offsets.values[i]) });
}

/** A table of x, y, z in µm, (N, 3). Throws AppError for any other shape. */
export async function readXyz(source: ByteSource): ReturnType<typeof readTable> {
  const table = await readTable(source);
  if (table.nColumns === 3) return table;
  const { path } = source;
  const message = `${path}: expected x, y and z of each spike, shape (N, 3), found shape (${table.nRows}, ${table.nColumns}).`;
  throw new AppError("bad-file", message, { path });
}

function columnsOf(table: Awaited<ReturnType<typeof readTable>>): { depthUm: Column; xUm: Column; zUm: Column } {
  return { xUm: columnOf(table, 0), depthUm: columnOf(table, 1), zUm: columnOf(table, 2) };
}

const SPIKES_AT_ONCE = 2048; // 7 MB of waveforms of 10 × 90

/** The deepest value of each waveform [N], in the unit of the file: the subset has no table of amplitudes. */
export async function deepestValues(waveforms: WaveformSource): Promise<Float64Array> {
  const { nSpikes, nSlots, nSamples } = waveforms;
  const out = new Float64Array(nSpikes);
  for (let from = 0; from < nSpikes; from += SPIKES_AT_ONCE) {
    const to = Math.min(nSpikes, from + SPIKES_AT_ONCE);
    const values = await waveforms.readRange(from, to);
    for (let i = from; i < to; i++) {
      const start = (i - from) * nSlots * nSamples;
      out[i] = values.subarray(start, start + nSlots * nSamples).reduce((low, v) => Math.min(low, v), Infinity);
    }
  }
  return out;
}

/** A number in the manifest, above 0; null when there is no manifest or no such number in it. */
export async function manifestNumber({ manifest }: SubsetFiles, key: string): Promise<number | null> {
  const value = manifest ? (await readJsonObject(manifest))[key] : undefined;
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null;
}

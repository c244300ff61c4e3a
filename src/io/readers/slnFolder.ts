import { AppError } from "../../core/errors.ts";
import type { OpenedDataset } from "../../protocol/datasets.ts";
import type { ByteSource } from "../byteSource.ts";
import { type Column, columnOf, readColumn, readTable } from "../columns.ts";
import { type Folder, folderInWords } from "../drop.ts";
import { readChannelLocations } from "../geometry/channelLocations.ts";
import { readNpyHeader, shapeInWords } from "../npy/header.ts";
import { subsetFolders, subsetMembers } from "../sln/subset.ts";
import { filesOf, findSlnFolders, type SlnFiles } from "../sln/tables.ts";
import { spikesDataset } from "../spikes.ts";
import { waveformFile } from "../waveforms.ts";
import type { Reader } from "./reader.ts";

/**
 * A data set folder of the Spike Localization Network (Maliia2/Spike-Localization-Network): spike_times in samples with fs,
 * amplitudes, positions from the monopolar tables, else from the anchors. Waveforms are checked, and read by openWaveforms.
 * Its training subsets, where they lie beside it, are left alone: they hold the same spikes.
 */
export const slnFolder: Reader = {
  id: "sln-folder",
  title: "SLN data set",
  names: "spike_times.npy, spike_amplitudes.npy and fs.npy",
  about: {
    knownBy:
      "spike_times.npy and fs.npy beside spike_amplitudes.npy and other tables of the data set, by name, without a params.py",
    reads:
      "times, amplitudes, channels, positions (spike_locs_*, else the anchors), contacts of channel_locations.npy; waveforms_all.npy by range",
    leaves: "training subsets beside it, clusters",
  },
  async find(drop) {
    const subsets = subsetFolders(drop);
    return findSlnFolders(drop, this.title).map((tables) => ({
      title: this.title,
      kind: "spikes" as const,
      place: folderInWords(tables.folder.path),
      files: [...filesOf(tables), ...subsets.flatMap(subsetMembers)],
      open: () => openSln(tables, subsets),
    }));
  },
};

async function openSln(tables: SlnFiles, subsets: readonly Folder[]): Promise<OpenedDataset> {
  const { positions, channels, anchors, waveforms, locations } = tables;
  const optional = async (source: ByteSource | undefined) => (source ? readColumn(source) : undefined);
  const rateHz = await readRate(tables.rate);
  const sampleIndex = await readColumn(tables.times);
  const timeSec = { path: tables.times.path, values: sampleIndex.values.map((sample) => sample / rateHz) };
  const warnings = subsets.map(
    ({ path }) =>
      `There is a training subset in ${folderInWords(path)}: the whole data set was opened, and the subset was not read.`,
  );
  const columns = positions
    ? {
        depthUm: await readColumn(positions.y),
        xUm: await optional(positions.x),
        zUm: await optional(positions.z),
        alpha: await optional(positions.alpha),
      }
    : await readAnchors(tables, warnings);
  if (waveforms) await waveformFile(waveforms, sampleIndex.values.length);
  if (anchors) await checkAnchors(anchors, sampleIndex);
  const { id: format, title } = slnFolder;
  return spikesDataset({
    format,
    title,
    files: filesOf(tables),
    warnings,
    positionsUm: locations ? (await readChannelLocations(locations)).positionsUm : undefined,
    timeSec,
    sampleIndex,
    ampUv: await readColumn(tables.amplitudes),
    channel: await optional(channels),
    ...columns,
    alsoHas: [...(anchors ? ["anchors"] : []), ...(waveforms ? ["waveforms"] : [])],
  });
}

/** The sampling rate in Hz: element 0 of fs.npy. */
export async function readRate(source: ByteSource): Promise<number> {
  const { values } = await readColumn(source);
  if (values.length > 0 && values[0] > 0 && Number.isFinite(values[0])) return values[0];
  const found = values.length === 0 ? "an empty array" : String(values[0]);
  throw new AppError("bad-data", `${source.path}: expected a sampling rate in Hz above 0, found ${found}.`, {
    path: source.path,
  });
}

/** Without positions, the middle of each spike's ten channels stands for it: rows of a few µm, no lateral information. */
async function readAnchors(
  { anchors, times }: SlnFiles,
  warnings: string[],
): Promise<{ depthUm: Column; xUm: Column }> {
  if (!anchors) {
    throw new AppError(
      "bad-file",
      `SLN data set: expected depths beside ${times.path} in spike_locs_y.npy or spike_anchors.npy, found neither.`,
      { path: times.path },
    );
  }
  const table = await readTable(anchors);
  if (table.nColumns < 2) {
    throw new AppError("bad-file", `${anchors.path}: expected the columns x, y, z, found ${table.nColumns}.`, {
      path: anchors.path,
    });
  }
  warnings.push(
    `${anchors.path}: there are no spike_locs, so the anchors stand for the depths; they come in steps of the probe's rows.`,
  );
  return { depthUm: columnOf(table, 1), xUm: columnOf(table, 0) };
}

/** A table that is listed, not read: its header must be sound and its rows must be the spikes. */
async function checkAnchors(source: ByteSource, spikes: Column): Promise<void> {
  const { shape } = await readNpyHeader(source);
  if (shape.length === 2 && shape[0] === spikes.values.length) return;
  throw new AppError(
    "bad-file",
    `${source.path}: expected shape (${spikes.values.length}, 3) to fit ${spikes.path}, found shape ${shapeInWords(shape)}.`,
    { path: source.path },
  );
}

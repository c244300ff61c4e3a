import { AppError } from "../../core/errors.ts";
import type { OpenedDataset } from "../../protocol/datasets.ts";
import type { ByteSource } from "../byteSource.ts";
import { type Column, columnOf, readColumn, readTable } from "../columns.ts";
import { type Drop, fileBelow, folderInWords } from "../drop.ts";
import { readNpyHeader, shapeInWords } from "../npy/header.ts";
import { spikesDataset } from "../spikes.ts";
import { type Reader, requireSiblings } from "./reader.ts";

const SIGNS = ["spike_amplitudes.npy", "spike_channels.npy", "spike_anchors.npy", "spike_locs_y.npy"];
const WAVEFORMS = ["all_spike_waveforms/waveforms_all.npy", "waveforms_all.npy"];

/** The tables of one data set folder, as far as they are there. */
interface SlnFiles {
  times: ByteSource;
  amplitudes: ByteSource;
  rate: ByteSource;
  /** folder prefix of the position tables in use: denoised monopolar before plain monopolar */
  positions: { x?: ByteSource; y: ByteSource; z?: ByteSource; alpha?: ByteSource } | null;
  anchors?: ByteSource;
  channels?: ByteSource;
  waveforms?: ByteSource;
}

/**
 * A data set folder of the Spike Localization Network (Maliia2/Spike-Localization-Network): spike_times in samples with fs,
 * amplitudes, positions from the monopolar tables, else from the anchors. Waveforms are listed, not read.
 * A folder with params.py is a sorter's and not this.
 */
export const slnFolder: Reader = {
  id: "sln-folder",
  title: "SLN data set",
  async find(drop) {
    const folders = [...drop.values()].filter(
      ({ files }) => files.has("spike_times.npy") && !files.has("params.py") && SIGNS.some((name) => files.has(name)),
    );
    return folders.map((folder) => {
      const [times, amplitudes, rate] = requireSiblings(
        folder,
        ["spike_times.npy", "spike_amplitudes.npy", "fs.npy"],
        this.title,
      );
      const tables = { times, amplitudes, rate, ...optionalTables(drop, folder.path) };
      const { positions, ...others } = tables;
      const files = [...Object.values(others), ...Object.values(positions ?? {})].filter((f) => f !== undefined);
      return {
        title: this.title,
        kind: "spikes" as const,
        place: folderInWords(folder.path),
        files,
        open: () => openSln(tables, files),
      };
    });
  },
};

function optionalTables(drop: Drop, folder: string): Omit<SlnFiles, "times" | "amplitudes" | "rate"> {
  const find = (name: string) => fileBelow(drop, folder, name);
  const positionsIn = (prefix: string) => {
    const y = find(`${prefix}spike_locs_y.npy`);
    const table = (axis: string) => find(`${prefix}spike_locs_${axis}.npy`);
    return y ? { x: table("x"), y, z: table("z"), alpha: table("alpha") } : null;
  };
  return {
    positions: positionsIn("tpca_monopolar_full/") ?? positionsIn(""),
    anchors: find("spike_anchors.npy"),
    channels: find("spike_channels.npy"),
    waveforms: WAVEFORMS.map(find).find((f) => f !== undefined),
  };
}

async function openSln(tables: SlnFiles, files: readonly ByteSource[]): Promise<OpenedDataset> {
  const { positions, channels, anchors, waveforms } = tables;
  const optional = async (source: ByteSource | undefined) => (source ? readColumn(source) : undefined);
  const rateHz = await readRate(tables.rate);
  const sampleIndex = await readColumn(tables.times);
  const timeSec = { path: tables.times.path, values: sampleIndex.values.map((sample) => sample / rateHz) };
  const warnings: string[] = [];
  const columns = positions
    ? {
        depthUm: await readColumn(positions.y),
        xUm: await optional(positions.x),
        zUm: await optional(positions.z),
        alpha: await optional(positions.alpha),
      }
    : await readAnchors(tables, warnings);
  if (waveforms) await checkRows(waveforms, sampleIndex, "channels, samples", 3);
  if (anchors) await checkRows(anchors, sampleIndex, "3", 2);
  const { id: format, title } = slnFolder;
  return spikesDataset({
    format,
    title,
    files,
    warnings,
    timeSec,
    sampleIndex,
    ampUv: await readColumn(tables.amplitudes),
    channel: await optional(channels),
    ...columns,
    alsoHas: [...(anchors ? ["anchors"] : []), ...(waveforms ? ["waveforms"] : [])],
  });
}

async function readRate(source: ByteSource): Promise<number> {
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
async function checkRows(source: ByteSource, spikes: Column, columns: string, nDimensions: number): Promise<void> {
  const { shape } = await readNpyHeader(source);
  if (shape.length === nDimensions && shape[0] === spikes.values.length) return;
  throw new AppError(
    "bad-file",
    `${source.path}: expected shape (${spikes.values.length}, ${columns}) to fit ${spikes.path}, found shape ${shapeInWords(shape)}.`,
    { path: source.path },
  );
}

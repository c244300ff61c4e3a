import { AppError } from "../core/errors.ts";
import { assertMotion, median } from "../core/motion.ts";
import type { Motion } from "../core/types.ts";
import type { OpenedDataset } from "../protocol/datasets.ts";
import type { MotionNote } from "../protocol/motions.ts";
import type { ByteSource } from "./byteSource.ts";
import { type Column, readColumn, requireFinite } from "./columns.ts";
import { readNpyHeader, shapeInWords } from "./npy/header.ts";
import { readNpyRows } from "./npy/rows.ts";
import { rangeOf } from "./spikes.ts";

export type MotionDataset = Extract<OpenedDataset, { kind: "motion" }>;

/** The files of one motion, and what their reader says about it. */
export interface MotionFiles {
  format: string;
  title: string;
  warnings: string[];
  /** (T, S) µm, or (T,) for a rigid one */
  displacement: ByteSource;
  timeBins: ByteSource;
  /** absent where a rigid motion was saved without: then there is one bin, at 0 */
  depthBins?: ByteSource;
  lateral?: ByteSource;
  note?: MotionNote;
  /** other files that belong to it and are not read */
  alsoThere?: readonly ByteSource[];
  /** whether the file states the middle of each time bin, or its start */
  timeBinsAre: "centres" | "left edges";
  /** what the file states is added to a depth instead of subtracted from it */
  isCorrection?: boolean;
}

/**
 * Read and check one motion. Throws AppError when shapes disagree, values are NaN or infinite, or bins do not ascend.
 * Bins of time may be given themselves where no file states them. Left edges become centres here, by half the median distance between bins, with a warning that says so.
 */
export async function motionDataset(
  files: Omit<MotionFiles, "timeBins"> & { timeBins: ByteSource | Column },
): Promise<MotionDataset> {
  const warnings = [...files.warnings];
  const { timeBins } = files;
  const time = await readBins(timeBins);
  const rigid = { path: "one depth, as there are no depth bins", values: new Float64Array(1) };
  const depth = await readBins(files.depthBins ?? rigid);
  const displacementUm = await readDisplacement(files.displacement, time, depth);
  const lateral = files.lateral ? await readColumn(files.lateral) : null;
  if (lateral) {
    requireFinite(lateral);
    if (lateral.values.length !== time.values.length) {
      throw new AppError(
        "bad-file",
        `${lateral.path}: expected one value per time bin (${time.values.length}), found ${lateral.values.length}.`,
        { path: lateral.path },
      );
    }
  }
  const timeBinCentersSec = files.timeBinsAre === "centres" ? time.values : centresOf(time, warnings);
  const motion = {
    displacementUm: files.isCorrection ? displacementUm.map((v) => 0 - v) : displacementUm,
    timeBinCentersSec,
    depthBinCentersUm: depth.values,
    ...(lateral ? { lateralUm: lateral.values } : {}),
  };
  const stated = "values" in timeBins ? [] : [timeBins];
  const optional = [files.depthBins, files.lateral].flatMap((source) => source ?? []);
  const used = [files.displacement, ...stated, ...optional];
  return datasetOfMotion(motion, { ...files, warnings }, [...used, ...(files.alsoThere ?? [])]);
}

/** A motion that has been read, with what is said of it. */
export function datasetOfMotion(
  motion: Motion,
  { format, title, warnings, note }: Pick<MotionFiles, "format" | "title" | "warnings" | "note">,
  files: readonly ByteSource[],
): MotionDataset {
  assertMotion(motion);
  const { displacementUm, timeBinCentersSec, depthBinCentersUm } = motion;
  const nTimeBins = timeBinCentersSec.length;
  return {
    kind: "motion",
    motion,
    info: {
      format,
      title,
      kind: "motion",
      warnings,
      files: files.map((f) => ({ path: f.path, bytes: f.size })),
      durationSec: timeBinCentersSec[nTimeBins - 1],
      timeRangeSec: [timeBinCentersSec[0], timeBinCentersSec[nTimeBins - 1]],
      depthRangeUm: rangeOf(depthBinCentersUm),
      nTimeBins,
      nDepthBins: depthBinCentersUm.length,
      displacementRangeUm: rangeOf(displacementUm),
      ...(note ? { note } : {}),
    },
  };
}

async function readBins(source: ByteSource | Column): Promise<Column> {
  const bins = "values" in source ? source : await readColumn(source);
  checkBins(bins);
  return bins;
}

/** Throws AppError unless there are bins, finite and ascending. */
export function checkBins(bins: Column): void {
  requireFinite(bins);
  if (bins.values.length === 0) {
    throw new AppError("bad-data", `${bins.path}: expected at least one bin, found none.`, { path: bins.path });
  }
  const row = bins.values.findIndex((v, i) => i > 0 && v <= bins.values[i - 1]);
  if (row > 0) {
    throw new AppError(
      "bad-data",
      `${bins.path}: expected ascending bins, found ${bins.values[row]} after ${bins.values[row - 1]} in row ${row} (counting from 0).`,
      { path: bins.path, row },
    );
  }
}

async function readDisplacement(source: ByteSource, time: Column, depth: Column): Promise<Float64Array> {
  const header = await readNpyHeader(source);
  const [nTimeBins, nDepthBins] = [time.values.length, depth.values.length];
  const [rows, columns = 1] = header.shape;
  if (header.shape.length > 2 || rows !== nTimeBins || columns !== nDepthBins) {
    throw new AppError(
      "bad-file",
      `${source.path}: expected shape (${nTimeBins}, ${nDepthBins}) to fit ${time.path} and ${depth.path}, found shape ${shapeInWords(header.shape)}.`,
      { path: source.path, expected: [nTimeBins, nDepthBins], found: header.shape },
    );
  }
  const values = await readNpyRows(source, header, 0, nTimeBins);
  requireFinite({ path: source.path, values });
  return values;
}

function centresOf(leftEdges: Column, warnings: string[]): Float64Array {
  const edges = leftEdges.values;
  if (edges.length === 1) {
    warnings.push(`${leftEdges.path}: a single time bin does not tell its width; its start is used as its middle.`);
    return edges;
  }
  const halfSec = median(edges.subarray(1).map((v, i) => v - edges[i])) / 2;
  const half = Number(halfSec.toPrecision(6));
  warnings.push(
    `${leftEdges.path}: these are the starts of the time bins; ${half} s (half a bin) was added to get their middles.`,
  );
  return edges.map((v) => v + halfSec);
}

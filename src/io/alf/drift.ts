import { AppError } from "../../core/errors.ts";
import { type ByteSource, baseName } from "../byteSource.ts";
import { readColumn, requireFinite } from "../columns.ts";
import { folderInWords } from "../drop.ts";
import { checkBins, datasetOfMotion, type MotionDataset } from "../motions.ts";
import { type NpyHeader, readNpyHeader, shapeInWords } from "../npy/header.ts";
import { readNpyRows } from "../npy/rows.ts";
import { listInWords } from "../readers/reader.ts";
import { arrayFile } from "./attributes.ts";
import { firstSampleSec } from "./clock.ts";
import type { AlfSet } from "./names.ts";

export const DRIFT_PARTS = ["drift.times", "drift.um", "drift_depths.um"];

/**
 * The drift beside ALF spikes: drift.times (T,) s, drift.um (T, D) or (T,) µm, drift_depths.um µm. iblsorter and pykilosort write what
 * they add to depths, with the depths as one row (1, D) (iblsorter/main.py, datashift2.py: channels are sampled at y − dshift); pipelines that
 * run SpikeInterface copy its motion, which is subtracted, with the depths as a list (D,). Which was taken stands in a warning, and by how much
 * times were moved onto the clock of spikes.times. Throws AppError for missing files and shapes that disagree.
 */
export async function openAlfDrift(
  set: AlfSet,
  about: { format: string; title: string },
): Promise<{ data: MotionDataset; isOfSorter: boolean }> {
  const [times, drift, depths] = requireParts(set);
  const timeSec = await readColumn(times);
  checkBins(timeSec);
  const depthHeader = await readNpyHeader(depths);
  const isRow = depthHeader.shape.length === 2 && depthHeader.shape[0] === 1;
  const depthUm = await readDepths(depths, depthHeader, isRow);
  const values = await readDrift(drift, [timeSec.values.length, depthUm.length], [times.path, depths.path]);
  const passedOver = DRIFT_PARTS.flatMap((key) => set.passedOver.get(key) ?? []);
  const warnings = [...passedOver, signInWords(drift.path, depths, isRow)];
  const startSec = await startOfSpikes(set);
  if (startSec > 0)
    warnings.push(
      `${times.path}: counts from the start of the recording and was moved by ${Number(startSec.toFixed(4))} s onto the clock of spikes.times.`,
    );
  const motion = {
    displacementUm: isRow ? values.map((v) => 0 - v) : values,
    timeBinCentersSec: startSec > 0 ? timeSec.values.map((t) => t + startSec) : timeSec.values,
    depthBinCentersUm: depthUm,
  };
  return { data: datasetOfMotion(motion, { ...about, warnings }, [drift, times, depths]), isOfSorter: isRow };
}

/** s of the first sample on the clock that the spikes keep; where that is negative they were moved instead. */
async function startOfSpikes(set: AlfSet): Promise<number> {
  return Math.max(0, (await firstSampleSec(set)) ?? 0);
}

function requireParts(set: AlfSet): ByteSource[] {
  const there = DRIFT_PARTS.flatMap((key) => arrayFile(set, key) ?? []);
  if (there.length === DRIFT_PARTS.length) return there;
  const missing = DRIFT_PARTS.filter((key) => !arrayFile(set, key));
  throw new AppError(
    "bad-file",
    `IBL ALF drift in ${folderInWords(set.folder)}: expected ${listInWords(DRIFT_PARTS.map((key) => `${key}.npy`))} side by side, found ${listInWords(there.map(({ path }) => path))} without ${listInWords(missing)}.`,
    { missing, folder: set.folder },
  );
}

async function readDepths(source: ByteSource, header: NpyHeader, isRow: boolean): Promise<Float64Array> {
  if (!isRow) {
    const column = await readColumn(source);
    checkBins(column);
    return column.values;
  }
  const values = await readNpyRows(source, header, 0, 1);
  checkBins({ path: source.path, values });
  return values;
}

async function readDrift(
  source: ByteSource,
  [nTimes, nDepths]: [number, number],
  [times, depths]: [string, string],
): Promise<Float64Array> {
  const header = await readNpyHeader(source);
  const [rows, columns = 1] = header.shape;
  if (header.shape.length > 2 || rows !== nTimes || columns !== nDepths) {
    const message = `${source.path}: expected shape (${nTimes}, ${nDepths}) to fit ${times} and ${depths}, found shape ${shapeInWords(header.shape)}.`;
    throw new AppError("bad-file", message, { path: source.path });
  }
  const values = await readNpyRows(source, header, 0, nTimes);
  requireFinite({ path: source.path, values });
  return values;
}

function signInWords(path: string, depths: ByteSource, isRow: boolean): string {
  const shape = `${baseName(depths.path)} has shape ${isRow ? "(1, D)" : "(D,)"}`;
  if (isRow)
    return `${path}: taken as iblsorter writes it, as ${shape}: µm that are added to a depth, so the motion shown is its negative; iblsorter's own spikes.depths are corrected by it already.`;
  return `${path}: taken as a copy of SpikeInterface's motion, as ${shape}: µm that are subtracted from a depth; iblsorter, whose sign is the opposite, writes (1, D).`;
}

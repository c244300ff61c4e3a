import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { datasetOfMotion, type MotionDataset, type MotionFiles, motionDataset } from "../motions.ts";
import { segmentClock, startOfBins } from "./segmentClock.ts";

/** A Motion folder: segment 0 like every motion, the others beside it, and what tells how they lie in time. */
export interface SegmentFiles {
  /** of segment 0 */
  files: MotionFiles;
  /** displacement and time bins of the segments after it */
  others: readonly { displacement: ByteSource; timeBins: ByteSource }[];
  /** as the description says */
  nSegments: number;
  info: ByteSource | null;
  /** parameters.json and peaks.npy of the motion_info folder around it */
  parameters?: ByteSource;
  peaks?: ByteSource;
}

/**
 * The motion of all segments on one clock, one after the other. Throws AppError where nothing tells how segments lie in time, and
 * as motionDataset does.
 */
export async function openSegments(one: SegmentFiles): Promise<MotionDataset> {
  const { files, others, nSegments, info, parameters, peaks } = one;
  const bins = [files.timeBins, ...others.map(({ timeBins }) => timeBins)];
  const clock = bins.length === nSegments ? await segmentClock(bins, parameters) : null;
  if (nSegments === 1) return movedBy(files, clock?.addSec[0] ?? 0, peaks, parameters);
  if (!clock) throw oneSegmentWanted(info?.path ?? files.displacement.path, nSegments);
  const { lateral: _, ...plain } = files;
  const parts: MotionDataset[] = [];
  for (const part of [plain, ...others.map((other) => ({ ...plain, ...other }))]) parts.push(await motionDataset(part));
  const times = parts.map(({ motion }, s) => motion.timeBinCentersSec.map((t) => t + clock.addSec[s]));
  const late = times.findIndex((bin, s) => s > 0 && bin[0] <= times[s - 1][times[s - 1].length - 1]);
  if (late > 0) throw oneSegmentWanted(bins[late].path, nSegments);
  const motion = {
    displacementUm: joined(parts.map((part) => part.motion.displacementUm)),
    timeBinCentersSec: joined(times),
    depthBinCentersUm: parts[0].motion.depthBinCentersUm,
  };
  const startsInWords = clock.startsSec.map((start) => Number(start.toFixed(3))).join(", ");
  const warnings = [
    ...files.warnings,
    `${info?.path ?? bins[0].path}: the motions of ${nSegments} segments were put on one clock; they start at ${startsInWords} s.`,
  ];
  const ofOthers = others.flatMap(({ displacement, timeBins }) => [displacement, timeBins]);
  const depthBins = files.depthBins ? [files.depthBins] : [];
  const all = [files.displacement, files.timeBins, ...depthBins, ...ofOthers, ...(files.alsoThere ?? [])];
  return datasetOfMotion(motion, { ...files, warnings }, all);
}

/** A motion of one segment, in time from the first sample where its peaks count from there. */
async function movedBy(
  files: MotionFiles,
  statedSec: number,
  peaks: ByteSource | undefined,
  parameters: ByteSource | undefined,
): Promise<MotionDataset> {
  const data = await motionDataset(files);
  const startSec = statedSec === 0 && peaks ? await startOfBins(files.timeBins, peaks, parameters) : 0;
  const addSec = statedSec - startSec;
  if (addSec === 0) return data;
  const { motion, info } = data;
  const timeBinCentersSec = motion.timeBinCentersSec.map((t) => t + addSec);
  const said = `${files.timeBins.path}: the recording started at ${Number(startSec.toFixed(3))} s of its own clock, while its peaks count from 0; that was taken off the bins.`;
  const warnings = startSec === 0 ? info.warnings : [...info.warnings, said];
  const { durationSec: _, ...again } = info;
  const [first, last] = [timeBinCentersSec[0], timeBinCentersSec[timeBinCentersSec.length - 1]];
  const moved = { ...again, warnings, durationSec: last, timeRangeSec: [first, last] as const };
  return { ...data, motion: { ...motion, timeBinCentersSec }, info: moved };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function oneSegmentWanted(path: string, nSegments: number): AppError {
  return new AppError(
    "bad-data",
    `${path}: expected a motion of 1 segment, found ${nSegments}; save each segment on its own.`,
    { path },
  );
}

import { AppError } from "../../core/errors.ts";

/** What a spike is for. */
export const TRAIN = 0;
export const VALIDATE = 1;
export const TEST = 2;
export const splitNames = ["train", "val", "test"] as const;

/** Below this a recording is cut at any moment, beyond it at whole seconds, as the reference cuts it. */
const wholeSecondsFrom = 20;

/** Fewer spikes than this cannot teach anything, and fewer validation spikes choose at random. */
const fewest = { train: 32, val: 8 };

/** Moments at which training ends and validation ends, in a recording of T = ⌈duration⌉ seconds: ⌊share · T⌋. */
export function splitTimes(durationSec: number, train: number, validation: number): [number, number] {
  const share = Math.min(1, train + validation);
  if (durationSec < wholeSecondsFrom) return [train * durationSec, share * durationSec];
  const nFrames = Math.ceil(durationSec);
  // a share like 0.7 + 0.15 is a little less than 0.85
  return [Math.floor(train * nFrames + 1e-9), Math.floor(share * nFrames + 1e-9)];
}

/** By time: [N] 0, 1 or 2. */
export function splitByTime(timeSec: Float64Array, [trainEnd, validationEnd]: readonly [number, number]): Int32Array {
  return Int32Array.from(timeSec, (t) => (t < trainEnd ? TRAIN : t < validationEnd ? VALIDATE : TEST));
}

/** Rows of one kind that have a target. targets: [N, nOut], NaN for those without. */
export function rowsOf(split: Int32Array, kind: number, targets: Float32Array, nOut: number): Int32Array {
  const rows: number[] = [];
  split.forEach((of, row) => {
    if (of === kind && !Number.isNaN(targets[nOut * row])) rows.push(row);
  });
  return Int32Array.from(rows);
}

/** Throws AppError when there are too few to train or to validate on. */
export function checkEnough(train: Int32Array, val: Int32Array): void {
  if (train.length >= fewest.train && val.length >= fewest.val) return;
  throw new AppError(
    "bad-data",
    `Expected at least ${fewest.train} spikes with a position to train on and ${fewest.val} to validate on, found ${train.length} and ${val.length}; lower the detection threshold, take a longer recording or change the parts.`,
    { train: train.length, val: val.length },
  );
}

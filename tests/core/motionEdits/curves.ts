import type { Motion } from "../../../src/core/types.ts";

/** A motion of bins 1 s apart from 0.5 s, 100 µm apart from 0 µm: one row per time bin. */
export function motionOf(rows: readonly (readonly number[])[], stepSec = 1): Motion {
  return {
    displacementUm: Float64Array.from(rows.flat()),
    timeBinCentersSec: Float64Array.from(rows, (_, t) => (t + 0.5) * stepSec),
    depthBinCentersUm: Float64Array.from(rows[0], (_, s) => 100 * s),
  };
}

/** A rigid motion of these values. */
export function rigid(values: readonly number[], stepSec = 1): Motion {
  return motionOf(
    values.map((v) => [v]),
    stepSec,
  );
}

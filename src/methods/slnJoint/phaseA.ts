import { AppError, asAppError, messageOf } from "../../core/errors.ts";
import { interpolateUnknown } from "../../core/lateralDrift.ts";
import type { Motion, SpikeTable } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { checkParams, type Method, type MethodContext, type MethodInputs, type Yielded } from "../defineMethod.ts";
import { dredge } from "../dredge/dredge.ts";
import { eachShank } from "../eachShank.ts";
import { gradientMotion } from "../gradientMotion/gradientMotion.ts";
import { lateralDrift } from "../lateralDrift/lateralDrift.ts";
import { medicine } from "../medicine/medicine.ts";
import type { JointSettings, MotionSource } from "./settings.ts";

/** Shanks are estimated apart here too. */
const estimators: Partial<Record<MotionSource, Method>> = {
  dredge: eachShank(dredge),
  medicine: eachShank(medicine),
  "gradient-motion": eachShank(gradientMotion),
};
const acrossTheProbe = eachShank(lateralDrift);

export const motionTitle: Record<MotionSource, string> = {
  dredge: "DREDge",
  medicine: "MEDiCINe",
  "gradient-motion": "gradient motion",
  given: "the given motion",
  none: "no motion",
};

/** Neither up nor down, over the time of the spikes. */
export function zeroMotion({ timeSec, nSpikes }: SpikeTable, binSec: number): Motion {
  const nTimes = Math.max(1, Math.ceil(timeSec[nSpikes - 1] / binSec));
  return {
    displacementUm: new Float64Array(nTimes),
    timeBinCentersSec: Float64Array.from({ length: nTimes }, (_, t) => (t + 0.5) * binSec),
    depthBinCentersUm: Float64Array.of(0),
  };
}

/**
 * Phase A: the motion of the spikes at the positions they have in `inputs.spikes`. A method that cannot estimate one is
 * reported, and the run goes on without motion. `onShare` hears how much of the estimate is done.
 */
export async function* phaseA(
  inputs: MethodInputs & { spikes: SpikeTable },
  source: MotionSource,
  settings: JointSettings,
  context: MethodContext,
  onShare: (share: number) => Yielded,
): AsyncGenerator<Yielded, Motion> {
  const { binSec } = settings.blocks;
  if (source === "none") return zeroMotion(inputs.spikes, binSec);
  if (source === "given") return checkedMotion(inputs.motion, inputs.spikes);
  try {
    const params: ParamValues = source === "dredge" ? { win_scale_um: settings.winScaleUm } : {};
    const along = yield* estimate(estimators[source]!, params, inputs, context, onShare);
    const across = along && settings.lateral !== "off" ? yield* lateralOf(along, inputs, settings, context) : along;
    return across ?? zeroMotion(inputs.spikes, binSec);
  } catch (error) {
    if (!asAppError(error)) throw error;
    const message = `${motionTitle[source]} failed: ${messageOf(error)} The run goes on without motion.`;
    yield { kind: "warning", code: "sln-joint-motion", message };
    return zeroMotion(inputs.spikes, binSec);
  }
}

/** A motion method's own motions and warnings pass; its stages, curves and pictures are its own affair here. */
async function* estimate(
  method: Method,
  given: ParamValues,
  inputs: MethodInputs,
  context: MethodContext,
  onShare: (share: number) => Yielded,
): AsyncGenerator<Yielded, Motion | undefined> {
  const events = method.run(inputs, checkParams(method, given), context);
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value.motion;
      const event = next.value;
      if (event.kind === "motion" || event.kind === "warning" || event.kind === "tick") yield event;
      else if (event.kind === "progress") yield onShare(event.done / event.total);
      else yield { kind: "tick" };
    }
  } finally {
    await events.return({ metrics: {}, summary: {}, complete: false });
  }
}

/** The published code takes whole bins of 4 µm and the opposite sign. */
async function* lateralOf(
  motion: Motion,
  inputs: MethodInputs,
  { lateral }: JointSettings,
  context: MethodContext,
): AsyncGenerator<Yielded, Motion> {
  const isPublished = lateral === "as-published";
  const params: ParamValues = isPublished ? { sub_bin: false } : {};
  const found = yield* estimate(acrossTheProbe, params, { ...inputs, motion }, context, () => ({ kind: "tick" }));
  if (!found?.lateralUm) return motion;
  interpolateUnknown(found.lateralUm);
  return isPublished ? { ...found, lateralUm: found.lateralUm.map((um) => -um) } : found;
}

/** Throws AppError when there is no motion, or one of another time. */
export function checkedMotion(motion: Motion | undefined, { timeSec, nSpikes }: SpikeTable): Motion {
  if (!motion)
    throw new AppError(
      "bad-data",
      "The joint optimisation was asked to train under a given motion, found none: open a motion, run a method that estimates one first, or choose another motion.",
    );
  const times = motion.timeBinCentersSec;
  const [first, last] = [times[0], times[times.length - 1]];
  const [from, to] = [timeSec[0], timeSec[nSpikes - 1]];
  if (times.length > 1 && (last < from || first > to)) {
    const seconds = (low: number, high: number) => `${low.toFixed(1)} to ${high.toFixed(1)} s`;
    throw new AppError(
      "bad-data",
      `The given motion is of another time: it covers ${seconds(first, last)}, the spikes ${seconds(from, to)}; open the motion of this recording.`,
    );
  }
  return motion;
}

import { type MotionScore, scoreMotion } from "../../../src/core/motionScore.ts";
import { type Axes, type PositionScore, scorePositions } from "../../../src/core/positionTruth.ts";
import type { PositionSet } from "../../../src/core/scoreboard/grid.ts";
import type { Motion, SpikeTable } from "../../../src/core/types.ts";
import { type Measured, Measurer } from "../../../src/methods/scoreboard/measure.ts";
import type { ParamValues } from "../../../src/protocol/methods.ts";
import type { GateVerdict } from "../../../src/protocol/models.ts";
import { runMethod, type World } from "./world.ts";

export interface StudyRow {
  seed: number;
  title: string;
  motion: string;
  truth: PositionScore;
  /** of spikes in the last 30 % of the time, µm */
  heldOutRmsUm: Axes;
  /** of the motion; null for none */
  drift: Pick<MotionScore, "r" | "gain" | "rmseUm"> | null;
  rhoUncorrected: number;
  rho: number;
  deltaRho: number;
  /** under the true motion */
  rhoTrueMotion: number;
  entropyNats: number;
  sdXUm: number;
  sdZUm: number;
  pitchLock: number;
  /** null where nothing was fine-tuned */
  gate: GateVerdict | null;
  /** that positions and motion took, on the clock */
  seconds: number;
}

/** How the motion of a row is come by: estimated on its own positions, known, given, or none. */
export type StudyMotion =
  | { title: string; method: string; preset?: string; params?: ParamValues }
  | { title: string; motion: Motion };

export async function rowOf(
  world: World,
  title: string,
  set: PositionSet,
  motion: StudyMotion | null,
  about: { gate?: GateVerdict; seconds?: number } = {},
): Promise<StudyRow> {
  const started = performance.now();
  const estimate = motion && (await estimated(world, set, motion));
  const seconds = (about.seconds ?? 0) + (performance.now() - started) / 1000;
  const measurer = new Measurer(world.measuring, set);
  const measure = (m: Motion | null) => drain(measurer.measure(m));
  const uncorrected = measure(null);
  const corrected = estimate ? measure(estimate) : uncorrected;
  const { r, gain, rmseUm } = scoreMotion(estimate ?? world.motion, world.motion);
  return {
    seed: world.seed,
    title,
    motion: motion?.title ?? "none",
    truth: scorePositions(world.matched, set),
    heldOutRmsUm: scorePositions(world.heldOut, set).rmsUm,
    drift: estimate ? { r, gain, rmseUm } : null,
    rhoUncorrected: uncorrected.rho,
    rho: corrected.rho,
    deltaRho: corrected.rho - uncorrected.rho,
    rhoTrueMotion: measure(world.motion).rho,
    entropyNats: corrected.entropyNats,
    sdXUm: corrected.sdXUm,
    sdZUm: corrected.sdZUm,
    pitchLock: corrected.pitchLock,
    gate: about.gate ?? null,
    seconds,
  };
}

async function estimated(world: World, set: PositionSet, motion: StudyMotion): Promise<Motion> {
  if ("motion" in motion) return motion.motion;
  const spikes = spikesAt(world.inputs.spikes, set);
  const inputs = { ...world.inputs, recording: null, spikes };
  const { motion: found } = await runMethod(motion.method, motion.params ?? {}, inputs, world.seed, motion.preset);
  if (!found) throw new Error(`${motion.method} gives a motion`);
  return found;
}

/** The spikes where a set of positions has them. */
function spikesAt(spikes: SpikeTable, { xUm, yUm, zUm }: PositionSet): SpikeTable {
  const { xUm: _x, zUm: _z, alpha: _a, ...others } = spikes;
  return { ...others, depthUm: yUm, ...(xUm ? { xUm } : {}), ...(zUm ? { zUm } : {}) };
}

function drain(steps: Generator<number, Measured>): Measured {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

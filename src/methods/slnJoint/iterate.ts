import type { Motion, SpikeTable } from "../../core/types.ts";
import type { Yielded } from "../defineMethod.ts";
import { relocated } from "../localizeWaveforms/relocated.ts";
import type { CheckpointStore } from "../sln/checkpoints.ts";
import { checkMetrics, verdictOf } from "./checks.ts";
import { MotionTable } from "./motionTable.ts";
import { motionTitle, phaseA, zeroMotion } from "./phaseA.ts";
import { type EpochMeans, positionsEvent, positionsNow, trainEpoch, validate } from "./phaseB.ts";
import { type JointHeader, saveRun } from "./saved.ts";
import { type JointWork, metric, motionNow } from "./work.ts";

/** Why the loop ended. */
export type Ending = "done" | "cancelled" | "not-a-number";

/** Outer iterations from where the run stands: motion with the network at rest, then the network with motion at rest. */
export async function* iterate(work: JointWork, store: CheckpointStore<JointHeader>): AsyncGenerator<Yielded, Ending> {
  const { standing, settings, network } = work;
  for (; standing.outer <= settings.outerIterations; standing.outer++, standing.epoch = 0) {
    if (standing.epoch === 0) {
      const isAnew = standing.outer > 1 && !settings.keepOptimizer;
      if (isAnew) {
        const { weights, statistics } = await network.snapshot();
        network.restore({ weights, statistics });
      }
      if (!(yield* beginIteration(work))) return "cancelled";
    }
    let positions: Float32Array | null = null;
    while (standing.epoch < settings.epochs) {
      const before = await network.snapshot();
      const found = yield* oneEpoch(work);
      if (found === "not-a-number") network.restore(before);
      if (typeof found === "string") return found;
      positions = found;
      const problem = await saveRun(work, store);
      if (problem) yield { kind: "warning", code: "sln-joint-checkpoint", message: problem };
    }
    positions ??= yield* positionsNow(work);
    if (!positions) return "cancelled";
    const { weights, statistics } = await network.snapshot();
    standing.iterations.push({ weights, statistics });
    work.iterationPositions.push(positions);
    work.positions = positions;
    if (standing.outer === settings.outerIterations) return "done";
  }
  return "done";
}

const stageTitle = ({ standing, settings }: JointWork, phase: string) =>
  `Outer iteration ${standing.outer} of ${settings.outerIterations}, ${phase}`;

/** Phase A, and what is known before the network moves. False when cancelled. */
async function* beginIteration(work: JointWork): AsyncGenerator<Yielded, boolean> {
  const { settings, standing, context, sampler, checks } = work;
  const started = performance.now();
  const source = settings.startsFromZero ? "none" : settings.motion;
  yield { kind: "stage", name: "phase-a", title: stageTitle(work, `phase A: ${motionTitle[source]}`) };
  const motion = yield* motionOf(work, work.positions);
  if (context.signal.aborted) return false;
  const nBins = sampler.first.length - 1;
  const { motionStepUm } = settings;
  work.table =
    motionStepUm === null ? null : new MotionTable(startOf(work, motion), nBins, sampler.binSec, motionStepUm);
  standing.motion = motion;
  yield { kind: "motion", motion };
  yield { kind: "stage", name: "phase-b", title: stageTitle(work, "phase B: validating") };
  const validated = yield* validate(work);
  if (!validated) return false;
  standing.history.push(row(work, "val_predredge_done", { ...validated, tether: Number.NaN }, started));
  standing.start ??= yield* checks.measure(work.baselineXyza, judged(work, motion));
  yield metric(work, { ...validationMetrics(validated), ...checkMetrics(standing.start, standing.start) });
  yield { kind: "gate", verdict: verdictOf(standing.start, standing.start) };
  return true;
}

/** The motion of spikes at given positions. */
export async function* motionOf(work: JointWork, positions: Float32Array): AsyncGenerator<Yielded, Motion> {
  const { inputs, settings, context, standing, pace } = work;
  const { nSpikes } = inputs.spikes;
  const source = settings.startsFromZero ? "none" : settings.motion;
  const spikes = placedSpikes(work, positions);
  let share = 0;
  pace.restart();
  const onShare = (now: number) => {
    pace.add("motion", Math.max(0, now - share) * nSpikes);
    share = Math.max(share, now);
    return pace.event();
  };
  const own = { ...context, seed: context.seed + standing.outer, resume: false };
  const motion = yield* phaseA({ ...inputs, spikes }, source, settings, own, onShare);
  pace.add("motion", (1 - share) * nSpikes);
  return motion;
}

/** Trained motion from nothing has two levels, at the ends of the positions. */
function startOf({ settings, inputs, sampler, positions }: JointWork, motion: Motion): Motion {
  if (!settings.startsFromZero) return motion;
  let [low, high] = [Infinity, -Infinity];
  for (let at = 1; at < positions.length; at += 4) {
    low = Math.min(low, positions[at]);
    high = Math.max(high, positions[at]);
  }
  if (!(high > low)) return zeroMotion(inputs.spikes, sampler.binSec);
  const nShanks = inputs.spikes.shank?.reduce((most, s) => Math.max(most, s + 1), 1) ?? 1;
  return MotionTable.zero([low, high], sampler.first.length - 1, sampler.binSec, nShanks);
}

/** Motion for the checks: null where none was to be taken away. */
function judged({ settings }: JointWork, motion: Motion): Motion | null {
  return settings.motion === "none" && settings.motionStepUm === null ? null : motion;
}

const validationMetrics = ({ rho, entropy, tether }: EpochMeans) => ({
  rho_val: rho,
  entropy_val: entropy,
  tether_val: tether,
});

/** An epoch with all that is looked at after it; the positions, or why there are none. */
async function* oneEpoch(work: JointWork): AsyncGenerator<Yielded, Float32Array | Exclude<Ending, "done">> {
  const { standing, settings } = work;
  const started = performance.now();
  const epoch = standing.epoch + 1;
  const title = stageTitle(work, `phase B: network, epoch ${epoch} of ${settings.epochs}`);
  yield { kind: "stage", name: "phase-b", title };
  const trained = yield* trainEpoch(work, standing.outer, epoch);
  if (typeof trained === "string") return trained;
  const validated = yield* validate(work);
  if (!validated) return "cancelled";
  const positions = yield* positionsNow(work);
  if (!positions) return "cancelled";
  const validationRow = { ...validated, tether: Number.NaN };
  standing.epoch = epoch;
  standing.history.push(row(work, "train", trained, started), row(work, "val", validationRow, started));
  yield* look(work, positions, validated);
  return positions;
}

/** Checks, pictures, and whether this is the best so far. */
async function* look(work: JointWork, positions: Float32Array, validated: EpochMeans): AsyncGenerator<Yielded, void> {
  const { standing, checks, network, shownRows } = work;
  const motion = motionNow(work);
  const checked = yield* checks.measure(positions, judged(work, motion));
  const start = standing.start ?? checked;
  const verdict = verdictOf(start, checked);
  yield metric(work, { ...validationMetrics(validated), ...checkMetrics(start, checked) });
  yield { kind: "gate", verdict };
  const shown = new Float32Array(4 * shownRows.length);
  shownRows.forEach((n, i) => {
    shown.set(positions.subarray(4 * n, 4 * n + 4), 4 * i);
  });
  yield positionsEvent(work, shown);
  if (work.table) yield { kind: "motion", motion };
  yield yield* checks.correlation(positions, motion);
  if (standing.best && !(validated.rho > standing.best.rho)) return;
  const { rho, entropy } = validated;
  const { outer, epoch } = standing;
  standing.best = {
    rho,
    entropy,
    outer,
    epoch,
    network: await network.snapshot(),
    motion,
    positions,
    checked,
    verdict,
  };
}

/** A row of history.csv. */
function row(work: JointWork, phase: string, means: EpochMeans, started: number): (number | string)[] {
  const { standing } = work;
  const { displacementUm, lateralUm } = motionNow(work);
  return [
    standing.outer,
    phase === "val_predredge_done" ? 0 : standing.epoch,
    phase,
    means.rho,
    means.entropy,
    means.tether,
    means.nBlocks,
    (performance.now() - started) / 1000,
    p95(displacementUm),
    lateralUm ? p95(lateralUm) : 0,
  ];
}

/** 95th percentile of |v|, linear between sorted values. */
function p95(values: Float64Array): number {
  const sorted = values.map(Math.abs).sort();
  const at = 0.95 * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
}

/** Positions as they are handed on: z by the monopolar localizer where that was asked for. */
export function handedOn({ inputs, settings }: JointWork, xyza: Float32Array): Float32Array {
  const monopolar = inputs.locations?.monopolar;
  if (settings.zFrom === "network" || !monopolar) return xyza;
  return xyza.map((v, at) => (at % 4 === 2 && Number.isFinite(monopolar[at]) ? monopolar[at] : v));
}

/** The table of spikes with the network's positions; α stays as it was where the network says none. */
export function placedSpikes(work: JointWork, xyza: Float32Array): SpikeTable {
  const { spikes } = work.inputs;
  const { table } = relocated(spikes, handedOn(work, xyza), spikes.nSpikes);
  return { ...(spikes.alpha ? { alpha: spikes.alpha } : {}), ...table };
}

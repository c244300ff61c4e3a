import { compareMotions } from "../../core/motionComparison.ts";
import type { Motion } from "../../core/types.ts";
import { networkLocations, type TrainedModel } from "../../protocol/models.ts";
import type { MethodResult, Yielded } from "../defineMethod.ts";
import { type Ending, handedOn, motionOf, placedSpikes } from "./iterate.ts";
import { positionsNow } from "./phaseB.ts";
import { type Best, historyColumns, type JointWork, metricSeries } from "./work.ts";

/** What a run leaves: the best network, where every stage of it put the spikes, and which of those may be used. */
export async function* finish(work: JointWork, ending: Ending): AsyncGenerator<Yielded, MethodResult> {
  const { standing, network, model } = work;
  if (ending === "not-a-number")
    yield {
      kind: "warning",
      code: "sln-joint-loss",
      message: `The loss stopped being a number after step ${standing.steps}; the network of the last whole epoch is kept. A smaller learning_rate usually helps.`,
    };
  const locations: Record<string, Float32Array> = {
    [networkLocations.pretrained(network.spec)]: work.baselineXyza,
  };
  const kept = {
    locations,
    history: { columns: historyColumns, rows: standing.history },
    metrics: metricSeries(standing),
  };
  const { best } = standing;
  const isPlaced = best !== null && (yield* placeBest(work, best));
  if (!best || !isPlaced) return { ...kept, motion: standing.motion, model, summary: summaryOf(work), complete: false };
  const isWhole = yield* placeIterations(work, locations);
  locations[networkLocations.tuned(network.spec)] = handedOn(work, best.positions!);
  if (!best.verdict.passed) yield { kind: "warning", code: "sln-joint-gate", message: refusal(best) };
  const positions = best.verdict.passed ? best.positions! : work.baselineXyza;
  const second = ending === "done" && work.settings.secondRound ? yield* secondRound(work, best, positions) : null;
  const motion = second?.motion ?? best.motion;
  yield { kind: "motion", motion };
  return {
    ...kept,
    motion,
    spikes: placedSpikes(work, positions),
    model: modelOf(work, best),
    gate: best.verdict,
    finalMetrics: { rho_val: best.rho, ent_val: best.entropy, outer_iter: best.outer, epoch: best.epoch },
    summary: { ...summaryOf(work), ...second?.summary },
    complete: ending === "done" && isWhole && !work.context.signal.aborted,
  };
}

function modelOf({ network, feed, model }: JointWork, best: Best): TrainedModel {
  return {
    spec: network.spec,
    ...best.network,
    waveformScale: feed.scale,
    about: `${model.about}; joint optimisation, iteration ${best.outer}, epoch ${best.epoch}`,
  };
}

function refusal({ verdict }: Best): string {
  const failed = verdict.checks.filter(({ passed }) => !passed).map(({ sentence }) => sentence);
  return `The tuned network did not pass (${failed.join("; ")}), so spikes keep the positions of the pretrained one; both are among the locations.`;
}

/** Predict again what a checkpoint does not hold. False when cancelled. */
async function* placeBest(work: JointWork, best: Best): AsyncGenerator<Yielded, boolean> {
  best.positions ??= yield* positionsUnder(work, best.network);
  return best.positions !== null;
}

async function* placeIterations(
  work: JointWork,
  locations: Record<string, Float32Array>,
): AsyncGenerator<Yielded, boolean> {
  const { standing, network, iterationPositions } = work;
  for (const [k, weights] of standing.iterations.entries()) {
    const found = iterationPositions[k] ?? (yield* positionsUnder(work, weights));
    if (!found) return false;
    locations[networkLocations.iteration(network.spec, k + 1)] = handedOn(work, found);
  }
  return true;
}

async function* positionsUnder(
  work: JointWork,
  state: { weights: Float32Array; statistics: Float32Array },
): AsyncGenerator<Yielded, Float32Array | null> {
  const { network } = work;
  const now = await network.snapshot();
  network.restore({ weights: state.weights, statistics: state.statistics });
  try {
    return yield* positionsNow(work);
  } finally {
    network.restore(now);
  }
}

/** Motion once more, from the positions that are handed on, and how it differs from the one they were trained under. */
async function* secondRound(
  work: JointWork,
  best: Best,
  positions: Float32Array,
): AsyncGenerator<Yielded, { motion: Motion; summary: Record<string, number> } | null> {
  yield { kind: "stage", name: "second-round", title: "DREDge once more, on the final positions" };
  const settings = { ...work.settings, motion: "dredge", startsFromZero: false } as const;
  const motion = yield* motionOf({ ...work, settings }, positions);
  if (work.context.signal.aborted) return null;
  const pair = compareMotions([best.motion, motion])?.pairs[0];
  const summary = { second_round_r: pair?.r ?? Number.NaN, second_round_rms_um: pair?.rmsUm ?? Number.NaN };
  return { motion, summary };
}

function summaryOf({ standing, sampler, settings, inputs }: JointWork): Record<string, number> {
  const { best, start, steps } = standing;
  const now = best?.checked;
  const known: Record<string, number | undefined> = {
    n_spikes: inputs.spikes.nSpikes,
    outer_iterations: settings.outerIterations,
    epochs: settings.epochs,
    steps,
    n_blocks: sampler.nBlocks,
    n_skipped_blocks: sampler.nSkipped,
    n_valid_bins: sampler.nValidBins,
    best_outer_iter: best?.outer,
    best_epoch: best?.epoch,
    best_rho_val: best?.rho,
    rho_start: start?.rho,
    rho: now?.rho,
    rho_uncorrected: now?.rhoUncorrected,
    delta_rho: now?.figures.deltaRho,
    entropy_nats: now?.entropyNats,
    gate_passed: best ? Number(best.verdict.passed) : undefined,
    ...now?.truth,
  };
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

import { AppError, assert } from "../../core/errors.ts";
import type { Motion } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../defineMethod.ts";
import { ValueLog } from "../estimators/valueLog.ts";
import { blurGrid, type GradientData, prepareData, resampleMotion } from "./data.ts";
import { GradientMotionModel } from "./model.ts";
import { params, presets, troubleshooting } from "./params.ts";
import { type Schedule, sigmaAt } from "./schedule.ts";

/** Seconds between live motions: often enough to watch, rare enough to cost nothing. */
const liveEverySec = 0.5;
const readEverySec = 0.1;
/** Values of ρ̄ waiting on the GPU before they are read; bounds what is queued there. */
const maxPending = 8;

const rhoLog = () => new ValueLog({ names: ["rho"], what: "The repeatability", unit: "iteration" });

async function* optimise(
  model: GradientMotionModel,
  schedule: Schedule,
  learningRateUm: number,
  log: ValueLog<"rho">,
  context: MethodContext,
): AsyncGenerator<Yielded, void> {
  const total = schedule.iterations;
  const started = performance.now();
  let readAt = started;
  let liveAt = started;
  for (let step = 0; step < total && !context.signal.aborted; step++) {
    log.push(model.step(sigmaAt(schedule, step), learningRateUm));
    const now = performance.now();
    const last = step === total - 1;
    if (!last && now - readAt < 1000 * readEverySec && log.nPending < maxPending) {
      yield { kind: "tick" };
      continue;
    }
    await log.read();
    readAt = performance.now();
    const done = step + 1;
    const ratePerSec = (1000 * done) / (readAt - started);
    yield { kind: "progress", done, total, unit: "iterations", ratePerSec, secondsLeft: (total - done) / ratePerSec };
    yield { kind: "metric", step, values: log.last() };
    if (last || readAt - liveAt > 1000 * liveEverySec) {
      liveAt = readAt;
      yield { kind: "motion", motion: await model.motion() };
    }
  }
}

function startOf(given: Motion | undefined, start: string, data: GradientData, nLevels: number): Float64Array {
  if (start === "zero") return new Float64Array(data.nTimes * nLevels);
  if (given) return resampleMotion(given, data, nLevels);
  throw new AppError(
    "bad-data",
    'Gradient motion was asked to refine a motion, but there is none: run another motion method before it, open a motion, or set start to "zero".',
  );
}

function rangeOf(values: Float64Array): number {
  return values.reduce((m, v) => Math.max(m, v), -Infinity) - values.reduce((m, v) => Math.min(m, v), Infinity);
}

async function* run(
  { spikes, motion: given }: MethodInputs,
  values: ParamValues,
  context: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  const p = values as Record<string, number>;
  yield { kind: "stage", name: "prepare", title: "Binning spikes" };
  assert(spikes, "the runner has checked that there are spikes");
  const data = prepareData(spikes, {
    binSec: p.bin_s,
    minSpikes: p.min_spikes,
    useLateral: values.use_lateral as boolean,
  });
  for (const message of data.warnings) yield { kind: "warning", code: "gradient-motion-data", message };
  const nLevels = p.num_depth_levels;
  const startUm = startOf(given, values.start as string, data, nLevels);
  const schedule: Schedule = {
    iterations: p.iterations,
    sigmaStartUm: p.sigma_start_um,
    sigmaEndUm: p.sigma_end_um,
    annealFraction: p.anneal_fraction,
  };
  const model = new GradientMotionModel(data, startUm, {
    nLevels,
    pitchUm: p.bin_um,
    window: p.time_horizon_s > 0 ? Math.max(1, Math.round(p.time_horizon_s / p.bin_s)) : Infinity,
    smoothingBins: p.smoothing_bins,
  });
  const log = rhoLog();
  const started = performance.now();
  try {
    yield { kind: "stage", name: "optimise", title: "Raising the repeatability of the corrected raster" };
    yield* optimise(model, schedule, p.learning_rate, log, context);
    await log.read();
    const motion = await model.motion();
    const seconds = (performance.now() - started) / 1000;
    const { grid } = blurGrid(data, schedule.sigmaEndUm, p.bin_um, rangeOf(startUm));
    return {
      motion,
      metrics: log.series(),
      summary: {
        n_spikes: data.nSpikes,
        iterations: log.nSteps,
        final_rho: log.values("rho").at(-1) ?? 0,
        n_lateral: grid.nx,
        n_depths: grid.ny,
        motion_range_um: rangeOf(motion.displacementUm),
        iterations_per_sec: log.nSteps / Math.max(seconds, 1e-9),
      },
      complete: log.nSteps === p.iterations,
    };
  } finally {
    log.dispose();
    model.dispose();
  }
}

/** Motion by gradient: the one under which the corrected raster of every time bin looks most like that of the others. */
export const gradientMotion = defineMethod({
  id: "gradient-motion",
  title: "Gradient motion",
  summary:
    "Moves every time bin by gradient ascent until its blurred raster correlates best with those of all others; from nothing, or refining a motion.",
  reference: "the ρ̄ of evarol/spikeLocalizationNetwork src/histogram_losses.py, optimised over the motion itself",
  needs: ["spikes"],
  gives: ["motion"],
  params,
  presets,
  troubleshooting,
  run,
});

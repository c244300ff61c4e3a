import { AppError, assert } from "../../core/errors.ts";
import { networkLayout } from "../../core/network/layout.ts";
import { Network } from "../../nn/network.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { networkLocations, type TrainedModel } from "../../protocol/models.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../defineMethod.ts";
import type { SlotOrderChoice } from "../localizeWaveforms/slots.ts";
import { CheckpointStore, checkpointKey } from "../sln/checkpoints.ts";
import { openFeed, type WaveformFeed } from "../sln/feed.ts";
import { BlockSampler } from "./blocks.ts";
import { PositionChecks, positionColumns } from "./checks.ts";
import { finish } from "./finish.ts";
import { iterate } from "./iterate.ts";
import { jointMemory } from "./memory.ts";
import { MotionTable } from "./motionTable.ts";
import { params, presets, troubleshooting } from "./params.ts";
import { checkedMotion, zeroMotion } from "./phaseA.ts";
import { positionsNow } from "./phaseB.ts";
import { RunPace } from "./runPace.ts";
import { type JointHeader, loadRun, type Restored } from "./saved.ts";
import { type JointSettings, jointGrid, jointSettings } from "./settings.ts";
import { type JointWork, motionNow, offsetsOf, type Standing } from "./work.ts";

/** Spikes that are shown while the network learns, evenly out of all: one batch of them. */
const SHOWN_SPIKES = 2048;
/** Points of each curve that a resumed run shows again. */
const REPLAYED_POINTS = 500;
/** Parameters that a run may be resumed with other values of: it then goes on. */
const FREE_PARAMS = ["epochs"];

function shownRows(nSpikes: number): Int32Array {
  const n = Math.min(nSpikes, SHOWN_SPIKES);
  return Int32Array.from({ length: n }, (_, i) => Math.floor((i * nSpikes) / n));
}

function freshStanding(work: Pick<JointWork, "inputs" | "settings">): Standing {
  return {
    outer: 1,
    epoch: 0,
    steps: 0,
    motion: zeroMotion(work.inputs.spikes, work.settings.blocks.binSec),
    history: [],
    metrics: {},
    best: null,
    start: null,
    iterations: [],
  };
}

/** Everything that can be seen to be wrong before anything is computed. Throws AppError. */
function checkInputs(inputs: JointWork["inputs"], model: TrainedModel, settings: JointSettings): void {
  const { nWeights, nStatistics } = networkLayout(model.spec);
  const { weights, statistics } = model;
  if (weights.length !== nWeights || statistics.length !== nStatistics)
    throw new AppError(
      "bad-data",
      `Expected a ${model.spec.kind} with ${model.spec.nOut} outputs, ${nWeights} weights and ${nStatistics} statistics; the model has ${weights.length} and ${statistics.length}. Train it again, or open another.`,
    );
  if (settings.motion === "given" && !settings.startsFromZero) checkedMotion(inputs.motion, inputs.spikes);
  if (settings.zFrom === "monopolar" && !inputs.locations?.monopolar)
    throw new AppError(
      "bad-data",
      "z was asked for from monopolar triangulation, found no such positions; localize the spikes first, or take z from the network.",
    );
}

/** How many spikes of work of each kind a whole run takes. */
function plannedPace(nSpikes: number, sampler: BlockSampler, settings: JointSettings): RunPace {
  const { outerIterations, epochs, secondRound } = settings;
  const isEstimated = settings.motion !== "given" && settings.motion !== "none" && !settings.startsFromZero;
  const nMotions = (isEstimated ? outerIterations : 0) + (secondRound ? 1 : 0);
  const nEpochs = outerIterations * epochs;
  return new RunPace({
    motion: nMotions * nSpikes,
    apply: nSpikes + (nEpochs + outerIterations) * sampler.spikesOfValidation() + nEpochs * nSpikes,
    train: nEpochs * sampler.spikesPerEpoch(),
  });
}

/** [N, 4] where the pretrained network put the spikes: as it was handed on, else where the given one puts them. */
function baselineOf({ locations }: MethodInputs, network: Network, predicted: Float32Array): Float32Array {
  const known = locations?.[networkLocations.pretrained(network.spec)];
  const isWhole =
    known?.length === predicted.length &&
    known.every((v, at) => (at % 4 === 3 && network.spec.nOut < 4) || Number.isFinite(v));
  return known && isWhole ? known : predicted;
}

/** Take up a run where it was left. False when it is further than this one is to go. */
function adopt(work: JointWork, { standing, network, table }: Restored): boolean {
  const { settings, sampler, pace, inputs } = work;
  const isBeyond = standing.outer === settings.outerIterations && standing.epoch > settings.epochs;
  if (standing.outer > settings.outerIterations || isBeyond) return false;
  work.standing = standing;
  work.network.restore(network);
  work.iterationPositions = standing.iterations.map(() => null);
  const nEpochs = (standing.outer - 1) * settings.epochs + standing.epoch;
  const { nSpikes } = inputs.spikes;
  pace.skip("train", nEpochs * sampler.spikesPerEpoch());
  pace.skip("apply", (nEpochs + standing.outer) * sampler.spikesOfValidation() + nEpochs * nSpikes);
  pace.skip("motion", standing.outer * nSpikes);
  if (table && settings.motionStepUm !== null) {
    work.table = new MotionTable(table.motion, sampler.first.length - 1, sampler.binSec, settings.motionStepUm);
    work.table.restore(table.state);
  }
  return true;
}

/** What a run had shown before it was left: its motion, its checks, and its curves at some of their points. */
function* replay(work: JointWork): Generator<Yielded> {
  const { standing } = work;
  yield { kind: "motion", motion: motionNow(work) };
  const byStep = new Map<number, Record<string, number>>();
  for (const [name, { step, value }] of Object.entries(standing.metrics)) {
    const every = Math.ceil(step.length / REPLAYED_POINTS);
    step.forEach((at, i) => {
      if (i % every === 0 || i === step.length - 1) byStep.set(at, { ...byStep.get(at), [name]: value[i] });
    });
  }
  for (const [step, values] of [...byStep].sort(([a], [b]) => a - b)) yield { kind: "metric", step, values };
  if (standing.best) yield { kind: "gate", verdict: standing.best.verdict };
}

interface Opened {
  inputs: JointWork["inputs"];
  model: TrainedModel;
  settings: JointSettings;
  feed: WaveformFeed;
  network: Network;
}

/** Blocks, baseline and grid; null when cancelled. */
async function* openWork(
  { inputs, model, settings, feed, network }: Opened,
  given: ParamValues,
  context: MethodContext,
): AsyncGenerator<Yielded, JointWork | null> {
  const { spikes, probe, truth } = inputs;
  const sampler = new BlockSampler(spikes, settings.blocks, context.seed);
  for (const message of sampler.warnings) yield { kind: "warning", code: "sln-joint-blocks", message };
  const pace = plannedPace(spikes.nSpikes, sampler, settings);
  const predicted = yield* positionsNow({ network, feed, context, pace });
  if (!predicted) return null;
  const baselineXyza = baselineOf(inputs, network, predicted);
  const isPlaced = (row: number) => [0, 1, 2].every((k) => Number.isFinite(predicted[4 * row + k]));
  const nLost = spikes.timeSec.reduce((n, _, row) => n + (isPlaced(row) ? 0 : 1), 0);
  if (nLost > 0) {
    sampler.leaveOut(isPlaced);
    const message = `${nLost} of ${spikes.nSpikes} spikes have waveforms that are not numbers; they take no part.`;
    yield { kind: "warning", code: "sln-joint-spikes", message };
  }
  const { binSec } = sampler;
  const lastSec = spikes.timeSec[spikes.nSpikes - 1];
  const placed = { name: "baseline", ...positionColumns(baselineXyza) };
  const grid = jointGrid(given, placed, probe, lastSec);
  const checks = await PositionChecks.open(spikes, feed, grid, binSec, probe, baselineXyza, truth);
  return {
    inputs,
    model,
    settings,
    context,
    feed,
    network,
    sampler,
    grid,
    checks,
    pace,
    baseline: offsetsOf(baselineXyza, feed.anchorsUm, network.spec.nOut),
    baselineXyza,
    positions: predicted,
    table: null,
    standing: freshStanding({ inputs, settings }),
    iterationPositions: [],
    shownRows: shownRows(spikes.nSpikes),
  };
}

async function* run(
  given: MethodInputs,
  values: ParamValues,
  context: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  const { spikes, model } = given;
  assert(spikes && model, "the runner has checked that there are spikes and a model");
  yield { kind: "stage", name: "prepare", title: "Where the network puts the spikes now" };
  const inputs = { ...given, spikes };
  const settings = jointSettings(values, model.spec);
  checkInputs(inputs, model, settings);
  const slotOrder = values.slot_order as SlotOrderChoice;
  const feed = await openFeed(inputs, { slotOrder, scale: model.waveformScale }, context.seed);
  for (const { code, message } of feed.warnings) yield { kind: "warning", code, message };
  if (settings.weights.residual > 0 && !feed.channelsOf)
    yield {
      kind: "warning",
      code: "sln-joint-contacts",
      message: "The point source has a weight, but on which contacts the waveforms lie is not known: it is left out.",
    };
  const network = new Network(model);
  let store: CheckpointStore<JointHeader> | null = null;
  try {
    const work = yield* openWork({ inputs, model, settings, feed, network }, values, context);
    if (!work) return { model, metrics: {}, summary: {}, complete: false };
    const startsFrom = [spikes.timeSec, work.baseline];
    const key = await checkpointKey("sln-joint", values, context.seed, startsFrom, FREE_PARAMS);
    store = await CheckpointStore.open<JointHeader>(inputs.scratch, key);
    const restored = context.resume ? await loadRun(store) : null;
    if (restored && adopt(work, restored)) yield* replay(work);
    else await store.forget();
    const ending = yield* iterate(work, store);
    return yield* finish(work, ending);
  } finally {
    network.dispose();
    await store?.close();
  }
}

/** Positions and motion together: motion from where the network puts spikes, and the network under that motion. */
export const slnJoint = defineMethod({
  id: "sln-joint",
  title: "SLN: joint optimisation",
  summary:
    "Estimates motion from where the network puts spikes, and trains the network so that what is corrected repeats, in turns.",
  reference: "evarol/spikeLocalizationNetwork src/train_sln_dredge_iterative.py, src/histogram_losses.py",
  needs: ["spikes", "locations", "spike-waveforms", "model"],
  gives: ["locations", "motion", "model"],
  params,
  presets,
  troubleshooting,
  estimate: jointMemory,
  run,
});

import { concat, type Tensor1D } from "@tensorflow/tfjs-core";
import type { SoftGrid } from "../../core/softHistogram.ts";
import { networkLocations } from "../../protocol/models.ts";
import type { Yielded } from "../defineMethod.ts";
import { predictAll } from "../sln/apply.ts";
import type { Block } from "./blocks.ts";
import { type BlockLoss, blockLoss } from "./loss.ts";
import { type BlockPass, BlockPasses } from "./passes.ts";
import { annealedGrid } from "./settings.ts";
import { type JointWork, lossBlock, metric, motionNow } from "./work.ts";

/** Seconds between live curves, and between live positions. */
const CURVES_SEC = 0.2;
const POSITIONS_SEC = 5;

/** Means over the blocks of an epoch. */
export interface EpochMeans {
  rho: number;
  entropy: number;
  tether: number;
  nBlocks: number;
  elapsedSec: number;
}

/** Numbers of one step. */
interface Step {
  loss: number;
  rho: number;
  entropy: number;
  tether: number;
  residual: number;
  gradNorm: number;
}

class Means {
  readonly #started = performance.now();
  readonly #sum = { rho: 0, entropy: 0, tether: 0 };
  #n = 0;

  add({ rho, entropy, tether }: Pick<Step, "rho" | "entropy" | "tether">): void {
    this.#sum.rho += rho;
    this.#sum.entropy += entropy;
    this.#sum.tether += tether;
    this.#n++;
  }

  value(): EpochMeans {
    const { rho, entropy, tether } = this.#sum;
    const n = this.#n;
    const elapsedSec = (performance.now() - this.#started) / 1000;
    return { rho: rho / n, entropy: entropy / n, tether: tether / n, nBlocks: n, elapsedSec };
  }
}

/** Where motion starts from nothing, the blur falls over the planned steps of the run. */
function gridNow({ settings, sampler, standing, grid }: JointWork): SoftGrid {
  if (!settings.startsFromZero) return grid;
  const planned = settings.outerIterations * settings.epochs * sampler.nBlocks;
  return annealedGrid(grid, standing.steps / planned);
}

/** Equal masks for both passes of a step, others for every step. */
const stepSeed = (seed: number, step: number) =>
  (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b)) >>> 0;

/**
 * One epoch of training. Returns its means, or null when the loss stopped being a number or the run was cancelled in its
 * midst: the network must then go back to where it was.
 */
export async function* trainEpoch(
  work: JointWork,
  outer: number,
  epoch: number,
): AsyncGenerator<Yielded, EpochMeans | "cancelled" | "not-a-number"> {
  const { sampler, context, standing, pace } = work;
  const means = new Means();
  let [curvesAt, positionsAt] = [0, performance.now()];
  pace.restart();
  for (const bins of sampler.epoch(outer, epoch)) {
    const block = sampler.gather(bins);
    const step = yield* trainStep(work, block);
    if (step === null) return "cancelled";
    if (!Number.isFinite(step.loss) || !Number.isFinite(step.gradNorm)) return "not-a-number";
    means.add(step);
    pace.add("train", block.rows.length);
    standing.steps++;
    const event = metric(work, curvesOf(work, step));
    const now = performance.now();
    if (now - curvesAt > 1000 * CURVES_SEC) {
      curvesAt = now;
      yield event;
      yield pace.event();
    }
    if (now - positionsAt > 1000 * POSITIONS_SEC) {
      positionsAt = now;
      yield* showPositions(work);
      pace.restart();
    }
    if (context.signal.aborted) return "cancelled";
  }
  return means.value();
}

function curvesOf({ settings, pace }: JointWork, step: Step): Record<string, number> {
  const { loss, rho, entropy, tether, residual, gradNorm } = step;
  return {
    loss,
    rho,
    entropy,
    tether,
    ...(settings.weights.residual > 0 ? { residual } : {}),
    grad_norm: gradNorm,
    clipped: gradNorm > settings.adam.clipNorm ? 1 : 0,
    spikes_per_sec: pace.trainedPerSec,
  };
}

/** Positions of all spikes of the block, the gradient once, then the network part by part. Null when cancelled. */
async function* trainStep(work: JointWork, block: Block): AsyncGenerator<Yielded, Step | null> {
  const { settings, network, feed, context, standing } = work;
  const { weights, batchStatistics, dropout } = settings;
  const pass: BlockPass = { batchStatistics, dropout, seed: stepSeed(context.seed, standing.steps) };
  const passes = new BlockPasses(network, feed, block.rows, pass);
  const known = await lossBlock(work, block, weights);
  const out = yield* passes.output();
  if (context.signal.aborted) return null;
  const loss = blockLoss(out, known, motionNow(work), gridNow(work), weights);
  let weightGrad: Tensor1D | null = null;
  try {
    weightGrad = yield* passes.gradient(loss.outGrad);
    if (context.signal.aborted) return null;
    if (work.table) await moveMotion(work, block, out, known.anchorsUm, loss);
    return await numbersOf(work, loss, network.step(weightGrad, settings.adam));
  } finally {
    weightGrad?.dispose();
    loss.outGrad.dispose();
    loss.positionGrad.dispose();
    loss.terms.dispose();
  }
}

async function numbersOf({ settings }: JointWork, loss: BlockLoss, squaredNorm: Tensor1D): Promise<Step> {
  const all = concat([loss.terms, squaredNorm]);
  squaredNorm.dispose();
  const [rho, entropy, residual, squared] = await all.data();
  all.dispose();
  const { weights } = settings;
  const { tether } = loss;
  const value = -weights.rho * rho - weights.entropy * entropy + weights.tether * tether + weights.residual * residual;
  return { loss: value, rho, entropy, tether, residual, gradNorm: Math.sqrt(squared) };
}

async function moveMotion(
  { table, network, inputs }: JointWork,
  { bins, bin, valid, rows }: Block,
  out: Float32Array,
  anchorsUm: Float32Array,
  { positionGrad }: BlockLoss,
): Promise<void> {
  const both = await positionGrad.data();
  const { nOut } = network.spec;
  const { shank } = inputs.spikes;
  const depthUm = Float64Array.from(rows, (_, n) => anchorsUm[2 * n + 1] + out[nOut * n + 1]);
  const own = shank && Int32Array.from(rows, (row) => shank[row]);
  table?.step(both.subarray(rows.length), depthUm, bins, bin, valid, own);
}

/** Means over the validation blocks, in evaluation mode. Null when cancelled. */
export async function* validate(work: JointWork): AsyncGenerator<Yielded, EpochMeans | null> {
  const { sampler, network, feed, settings, context, pace, grid } = work;
  const means = new Means();
  const weights = { ...settings.weights, residual: 0 };
  const window = settings.blocks.sampling === "random" ? Infinity : weights.window;
  pace.restart();
  for (const bins of sampler.validation) {
    const block = sampler.gather(bins);
    const passes = new BlockPasses(network, feed, block.rows, { batchStatistics: false, dropout: 0, seed: 0 });
    const known = await lossBlock(work, block, weights);
    const out = yield* passes.output();
    if (context.signal.aborted) return null;
    const { terms, outGrad, positionGrad, tether } = blockLoss(out, known, motionNow(work), grid, {
      ...weights,
      window,
    });
    const [rho, entropy] = await terms.data();
    for (const tensor of [terms, outGrad, positionGrad]) tensor.dispose();
    means.add({ rho, entropy, tether });
    pace.add("apply", block.rows.length);
    yield pace.event();
  }
  return means.value();
}

/** All positions as the network stands, [N, 4]; null when cancelled. */
export async function* positionsNow({
  network,
  feed,
  context,
  pace,
}: Pick<JointWork, "network" | "feed" | "context" | "pace">): AsyncGenerator<Yielded, Float32Array | null> {
  let done = 0;
  pace.restart();
  const events = predictAll(network, feed, null, context.signal);
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return context.signal.aborted ? null : next.value;
      if (next.value.kind === "progress") {
        pace.add("apply", next.value.done - done);
        done = next.value.done;
        yield pace.event();
      } else yield next.value;
    }
  } finally {
    await events.return(new Float32Array(0));
  }
}

/** Where a fixed sample of the spikes lies right now. */
async function* showPositions(work: JointWork): AsyncGenerator<Yielded, void> {
  const { network, feed, shownRows, context } = work;
  const events = predictAll(network, feed, shownRows, context.signal);
  let next = await events.next();
  for (; !next.done; next = await events.next()) yield { kind: "tick" };
  if (!context.signal.aborted) yield positionsEvent(work, next.value);
}

/** xyza: of the rows that are shown. */
export function positionsEvent({ network, shownRows }: JointWork, xyza: Float32Array): Yielded {
  return { kind: "positions", localizer: networkLocations.tuned(network.spec), rows: shownRows, xyza };
}

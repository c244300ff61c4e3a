import { adamDefaults } from "../../core/adam.ts";
import { bracket, displacementAt, motionOfShank } from "../../core/motion.ts";
import { joinShanks } from "../../core/shankMotion.ts";
import type { Motion } from "../../core/types.ts";

/** Depth levels of a motion that starts from nothing: both ends of the positions. */
const START_LEVELS = 2;

/** Adam's state of one motion: moments and steps of every time bin, which is in some blocks and not in others. */
interface Table {
  motion: Motion;
  /** [T, S] */
  first: Float64Array;
  second: Float64Array;
  /** [T] */
  steps: Int32Array;
}

/** What a checkpoint keeps. */
export type MotionTableState = { first: number[]; second: number[]; steps: number[] }[];

/**
 * A motion that follows the gradient of the joint loss, time bin by time bin, with Adam and no smoothing. The corrected depth
 * is y − p(t, y), p linear between the depth centres, so the gradient at a centre is −Σ share·∂L/∂y over the spikes of the
 * bin. Its mean over the bins of a block is taken out at each centre: a shift of all of them together changes nothing that can
 * be seen, and differing shifts at different depths would squeeze the raster, which ρ̄ rewards.
 */
export class MotionTable {
  readonly #tables: Table[];
  readonly #isApart: boolean;
  readonly #stepUm: number;

  /** nBins time bins of binSec each; the motion is taken at their centres. */
  constructor(start: Motion, nBins: number, binSec: number, stepUm: number) {
    this.#isApart = start.byShank !== undefined;
    this.#stepUm = stepUm;
    this.#tables = (start.byShank ?? [start]).map((motion) => newTable(motion, nBins, binSec));
  }

  /** Levels for a start from nothing. */
  static zero(depthRangeUm: readonly [number, number], nBins: number, binSec: number, nShanks: number): Motion {
    const timeBinCentersSec = Float64Array.from({ length: nBins }, (_, t) => (t + 0.5) * binSec);
    const depthBinCentersUm = Float64Array.from(depthRangeUm);
    const displacementUm = new Float64Array(nBins * START_LEVELS);
    const one: Motion = { displacementUm, timeBinCentersSec, depthBinCentersUm };
    return nShanks > 1 ? joinShanks(new Array<Motion>(nShanks).fill(one), [...Array(nShanks).keys()], nShanks) : one;
  }

  /** A copy, as it stands. */
  get motion(): Motion {
    const motions = this.#tables.map(({ motion }) => ({ ...motion, displacementUm: motion.displacementUm.slice() }));
    return this.#isApart ? joinShanks(motions, [...motions.keys()], motions.length) : motions[0];
  }

  /**
   * One step down the loss for the bins of a block. yGrad: [N] ∂L/∂(corrected y); depthUm: [N] uncorrected; bins: [B] time
   * bins; bin: [N] which of them; valid: [B].
   */
  step(
    yGrad: ArrayLike<number>,
    depthUm: ArrayLike<number>,
    bins: Int32Array,
    bin: Int32Array,
    valid: ArrayLike<number>,
    shank?: ArrayLike<number>,
  ): void {
    const grads = this.#tables.map(({ motion }) => new Float64Array(bins.length * motion.depthBinCentersUm.length));
    for (let n = 0; n < bin.length; n++) {
      const of = this.#isApart && shank ? shank[n] : 0;
      const grad = grads[of];
      if (!grad || !Number.isFinite(depthUm[n])) continue;
      spread(this.#tables[of].motion.depthBinCentersUm, depthUm[n], -yGrad[n], grad, bin[n]);
    }
    this.#tables.forEach((table, k) => {
      moveTable(table, centre(grads[k], bins.length, valid), bins, valid, this.#stepUm);
    });
  }

  state(): MotionTableState {
    return this.#tables.map(({ first, second, steps }) => ({
      first: [...first],
      second: [...second],
      steps: [...steps],
    }));
  }

  restore(state: MotionTableState): void {
    state.forEach(({ first, second, steps }, k) => {
      this.#tables[k].first.set(first);
      this.#tables[k].second.set(second);
      this.#tables[k].steps.set(steps);
    });
  }
}

function newTable(motion: Motion, nBins: number, binSec: number): Table {
  const { depthBinCentersUm, lateralUm } = motion;
  const timeBinCentersSec = Float64Array.from({ length: nBins }, (_, t) => (t + 0.5) * binSec);
  const nDepths = depthBinCentersUm.length;
  const displacementUm = Float64Array.from({ length: nBins * nDepths }, (_, at) =>
    displacementAt(motion, timeBinCentersSec[Math.floor(at / nDepths)], depthBinCentersUm[at % nDepths]),
  );
  const across = lateralUm && { ...motion, displacementUm: lateralUm, depthBinCentersUm: Float64Array.of(0) };
  const lateral = across ? { lateralUm: timeBinCentersSec.map((t) => displacementAt(across, t, 0)) } : {};
  return {
    motion: motionOfShank({ displacementUm, timeBinCentersSec, depthBinCentersUm, ...lateral }, undefined),
    first: new Float64Array(displacementUm.length),
    second: new Float64Array(displacementUm.length),
    steps: new Int32Array(nBins),
  };
}

/** A spike's gradient to the two centres around its depth, as `displacementAt` weighs them. */
function spread(centers: Float64Array, depthUm: number, gradient: number, grad: Float64Array, row: number): void {
  const nDepths = centers.length;
  if (nDepths === 1) {
    grad[row] += gradient;
    return;
  }
  const j = bracket(centers, depthUm);
  const f = Math.min(1, Math.max(0, (depthUm - centers[j]) / (centers[j + 1] - centers[j])));
  grad[row * nDepths + j] += (1 - f) * gradient;
  grad[row * nDepths + j + 1] += f * gradient;
}

/** Without the mean over valid bins at each depth; 0 in the others. values: [B, S], in place. */
function centre(values: Float64Array, nBins: number, valid: ArrayLike<number>): Float64Array {
  const nDepths = values.length / nBins;
  const nValid = Array.from(valid).filter(Boolean).length;
  const mean = new Float64Array(nDepths);
  for (let at = 0; at < values.length; at++)
    if (valid[Math.floor(at / nDepths)]) mean[at % nDepths] += values[at] / nValid;
  for (let at = 0; at < values.length; at++)
    values[at] = valid[Math.floor(at / nDepths)] ? values[at] - mean[at % nDepths] : 0;
  return values;
}

/** Adam's steps are of one size whatever the gradient, so what they have in common is taken out of them too. */
function moveTable(table: Table, grad: Float64Array, bins: Int32Array, valid: ArrayLike<number>, stepUm: number): void {
  const { beta1, beta2, epsilon } = adamDefaults;
  const { motion, first, second, steps } = table;
  const nDepths = motion.depthBinCentersUm.length;
  const move = new Float64Array(grad.length);
  bins.forEach((t, b) => {
    if (!valid[b]) return;
    steps[t]++;
    for (let k = 0; k < nDepths; k++) {
      const at = t * nDepths + k;
      const g = grad[b * nDepths + k];
      first[at] = beta1 * first[at] + (1 - beta1) * g;
      second[at] = beta2 * second[at] + (1 - beta2) * g * g;
      const slope = first[at] / (1 - beta1 ** steps[t]);
      const size = Math.sqrt(second[at] / (1 - beta2 ** steps[t]));
      move[b * nDepths + k] = (stepUm * slope) / (size + epsilon);
    }
  });
  centre(move, bins.length, valid);
  bins.forEach((t, b) => {
    for (let k = 0; k < nDepths; k++) motion.displacementUm[t * nDepths + k] -= move[b * nDepths + k];
  });
}

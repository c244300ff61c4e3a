import { assert } from "./errors.ts";
import type { SlotTable } from "./types.ts";

/**
 * Monopolar triangulation: the point (x, y, z) from which a feature u_c that falls off as 1/distance is explained best.
 *
 *   q_c = 1 / √((x − x_c)² + (y − y_c)² + z²),   α = Σ q_c u_c / Σ q_c²
 *   minimise  mean_c (u_c − α q_c)² / u_max²  −  log1p(10 z) / 10000        (the second term only with `logPenalty`)
 *
 * Start: x, y at the centre of mass of u, z = 20 µm. Bounds: x, y within ± maxDistanceUm of the start, z from 1 µm to
 * 10 · maxDistanceUm; without the penalty also α ≤ u_max · maxDistanceUm. z is a distance from the probe plane, never
 * negative. Objective, start and bounds: SpikeInterface@a5f7dbb3 sortingcomponents/peak_localization, both optimizers.
 *
 * Deviation: solved by Levenberg–Marquardt on (x, y, log z) with α eliminated (variable projection, Kaufman's Jacobian)
 * to a tight optimum; the source stops early in flat valleys. The valley from the start to a source beside or beyond the
 * contacts is curved, so a step is no longer than z + 20 µm sideways and a factor e in z: longer ones leave the valley.
 * The objective depends on z² alone, so near z = 0 its curvature in log z is twice its slope there, which Gauss–Newton does
 * not see: that slope, without sign, is added to the matrix, or spikes close to a contact would crawl.
 * The oracle of shaders/monopolar.wgsl and of the SIMD kernel `monopolarFits`.
 */
export interface MonopolarOptions {
  /** µm that x and y may be away from the centre of mass; a tenth of the largest z */
  maxDistanceUm: number;
  /** true: the default of peak localization; false: plain least squares */
  logPenalty: boolean;
}

/** Columns of a fit: x, y, z in µm, α in feature · µm, and the value of the objective. */
export const monopolarColumns = 5;

/** Weight of the penalty log1p(10 z). */
export const penaltyWeight = 1e-4;
/** Mean number of steps is 11; valleys that run far from the contacts take the most. */
export const maxSteps = 100;

const startZUm = 20;
/** a step below this (µm, and relative in z) is convergence */
const smallestStep = 1e-5;

/** One spike: contacts relative to the centre of mass, feature over its maximum. Arrays are reused from spike to spike. */
interface Spike {
  nChannels: number;
  centerXUm: number;
  centerYUm: number;
  largest: number;
  xUm: Float64Array;
  yUm: Float64Array;
  u: Float64Array;
}

/** The objective at (x, y, log z), half its gradient, and the Gauss–Newton matrix as xx, xy, xw, yy, yw, ww. */
interface Evaluation {
  value: number;
  alpha: number;
  gradient: Float64Array;
  matrix: Float64Array;
}

const newEvaluation = (): Evaluation => ({
  value: 0,
  alpha: 0,
  gradient: new Float64Array(3),
  matrix: new Float64Array(6),
});

function newSpike(nSlots: number): Spike {
  const [xUm, yUm, u] = [new Float64Array(nSlots), new Float64Array(nSlots), new Float64Array(nSlots)];
  return { nChannels: 0, centerXUm: 0, centerYUm: 0, largest: 0, xUm, yUm, u };
}

/** Gather one spike; false when its feature cannot be located: not finite, or zero everywhere. */
function loadSpike(
  spike: Spike,
  feature: ArrayLike<number>,
  row: number,
  channel: number,
  { nSlots, channels }: SlotTable,
  positionsUm: ArrayLike<number>,
): boolean {
  let [n, sum, x, y, largest] = [0, 0, 0, 0, 0];
  for (let k = 0; k < nSlots; k++) {
    const c = channels[channel * nSlots + k];
    if (c < 0) continue;
    const u = Math.abs(feature[row * nSlots + k]);
    if (!(u < Infinity)) return false;
    spike.xUm[n] = positionsUm[2 * c];
    spike.yUm[n] = positionsUm[2 * c + 1];
    spike.u[n] = u;
    x += u * spike.xUm[n];
    y += u * spike.yUm[n++];
    sum += u;
    largest = Math.max(largest, u);
  }
  if (largest === 0) return false;
  Object.assign(spike, { nChannels: n, centerXUm: x / sum, centerYUm: y / sum, largest });
  for (let k = 0; k < n; k++) {
    spike.xUm[k] -= spike.centerXUm;
    spike.yUm[k] -= spike.centerYUm;
    spike.u[k] /= largest;
  }
  return true;
}

function evaluate(
  { nChannels, xUm, yUm, u }: Spike,
  p: Float64Array,
  maxAlpha: number,
  penalty: number,
  out: Evaluation,
): void {
  const z = Math.exp(p[2]);
  let qq = 0;
  let qu = 0;
  for (let c = 0; c < nChannels; c++) {
    const q = 1 / Math.sqrt((p[0] - xUm[c]) ** 2 + (p[1] - yUm[c]) ** 2 + z * z);
    qq += q * q;
    qu += q * u[c];
  }
  const alpha = Math.min(qu / qq, maxAlpha);
  const free = alpha < maxAlpha ? 1 : 0; // a capped α no longer follows the position
  const { gradient, matrix } = out;
  gradient.fill(0);
  matrix.fill(0);
  const slope = [0, 0, 0];
  const along = [0, 0, 0];
  let squares = 0;
  for (let c = 0; c < nChannels; c++) {
    const dx = p[0] - xUm[c];
    const dy = p[1] - yUm[c];
    const q = 1 / Math.sqrt(dx * dx + dy * dy + z * z);
    const q3 = q * q * q;
    slope[0] = -dx * q3;
    slope[1] = -dy * q3;
    slope[2] = -z * z * q3;
    const residual = u[c] - alpha * q;
    squares += residual * residual;
    for (let i = 0, ij = 0; i < 3; i++) {
      gradient[i] -= (alpha * residual * slope[i]) / nChannels;
      along[i] += q * slope[i];
      for (let j = i; j < 3; j++) matrix[ij++] += slope[i] * slope[j];
    }
  }
  const scale = (alpha * alpha) / nChannels;
  for (let i = 0, ij = 0; i < 3; i++) {
    for (let j = i; j < 3; j++, ij++) matrix[ij] = scale * (matrix[ij] - (free * along[i] * along[j]) / qq);
  }
  gradient[2] -= (5 * penalty * z) / (1 + 10 * z);
  matrix[5] += 2 * Math.abs(gradient[2]);
  out.value = squares / nChannels - penalty * Math.log1p(10 * z);
  out.alpha = alpha;
}

/** Solve the damped system for a step; coordinates held at a bound stay. Cholesky, pivots kept positive. */
function dampedStep({ gradient, matrix: m }: Evaluation, held: boolean[], damping: number, step: Float64Array): void {
  const diagonal = [m[0], m[3], m[5]].map((v, i) => (held[i] ? 1 : v * (1 + damping) + 1e-18));
  const right = [0, 1, 2].map((i) => (held[i] ? 0 : -gradient[i]));
  const [xy, xw, yw] = [held[0] || held[1] ? 0 : m[1], held[0] || held[2] ? 0 : m[2], held[1] || held[2] ? 0 : m[4]];
  const l00 = Math.sqrt(diagonal[0]);
  const l10 = xy / l00;
  const l20 = xw / l00;
  const l11 = Math.sqrt(Math.max(diagonal[1] - l10 * l10, 1e-30));
  const l21 = (yw - l20 * l10) / l11;
  const l22 = Math.sqrt(Math.max(diagonal[2] - l20 * l20 - l21 * l21, 1e-30));
  const y0 = right[0] / l00;
  const y1 = (right[1] - l10 * y0) / l11;
  step[2] = (right[2] - l20 * y0 - l21 * y1) / l22 / l22;
  step[1] = (y1 - l21 * step[2]) / l11;
  step[0] = (y0 - l10 * step[1] - l20 * step[2]) / l00;
}

/** Minimise from the start; p ends at the optimum (x, y relative to the centre of mass, log z). */
function fitSpike(spike: Spike, { maxDistanceUm, logPenalty }: MonopolarOptions, p: Float64Array): Evaluation {
  const low = [-maxDistanceUm, -maxDistanceUm, 0];
  const high = [maxDistanceUm, maxDistanceUm, Math.log(10 * maxDistanceUm)];
  const maxAlpha = logPenalty ? Infinity : maxDistanceUm;
  const penalty = logPenalty ? penaltyWeight : 0;
  const held = [false, false, false];
  const step = new Float64Array(3);
  const next = new Float64Array(3);
  let now = newEvaluation();
  let trial = newEvaluation();
  let damping = 1;
  p.set([0, 0, Math.min(Math.log(startZUm), high[2])]);
  evaluate(spike, p, maxAlpha, penalty, now);
  for (let k = 0; k < maxSteps; k++) {
    for (let i = 0; i < 3; i++)
      held[i] = (p[i] <= low[i] && now.gradient[i] > 0) || (p[i] >= high[i] && now.gradient[i] < 0);
    dampedStep(now, held, damping, step);
    const reach = startZUm + Math.exp(p[2]);
    const shrink = 1 / Math.max(1, Math.abs(step[0]) / reach, Math.abs(step[1]) / reach, Math.abs(step[2]));
    let moved = 0;
    for (let i = 0; i < 3; i++) {
      next[i] = Math.min(high[i], Math.max(low[i], p[i] + shrink * step[i]));
      moved = Math.max(moved, Math.abs(next[i] - p[i]));
    }
    evaluate(spike, next, maxAlpha, penalty, trial);
    const better = trial.value <= now.value;
    damping = better ? Math.max(damping / 3, 1e-9) : damping * 3;
    if (better) {
      p.set(next);
      [now, trial] = [trial, now];
    }
    if (moved < smallestStep) break;
  }
  return now;
}

/**
 * feature: [N, K], its sign ignored, on the slots of each spike's channel; channel: [N]; positionsUm: [C, 2].
 * Returns [N, 5] (monopolarColumns). A spike whose feature is not finite or zero everywhere has a row of NaN.
 */
export function monopolar(
  feature: ArrayLike<number>,
  channel: ArrayLike<number>,
  slots: SlotTable,
  positionsUm: ArrayLike<number>,
  options: MonopolarOptions,
): Float64Array {
  assert(feature.length === channel.length * slots.nSlots, "one feature per spike and slot");
  const out = new Float64Array(monopolarColumns * channel.length).fill(Number.NaN);
  const spike = newSpike(slots.nSlots);
  const p = new Float64Array(3);
  for (let n = 0; n < channel.length; n++) {
    if (!loadSpike(spike, feature, n, channel[n], slots, positionsUm)) continue;
    const { alpha, value } = fitSpike(spike, options, p);
    const { centerXUm, centerYUm, largest } = spike;
    out.set([centerXUm + p[0], centerYUm + p[1], Math.exp(p[2]), alpha * largest, value], monopolarColumns * n);
  }
  return out;
}

/** The objective [N] at given points, with the α that is best there. locations: [N, width], x, y, z first. */
export function monopolarObjective(
  locations: ArrayLike<number>,
  width: number,
  feature: ArrayLike<number>,
  channel: ArrayLike<number>,
  slots: SlotTable,
  positionsUm: ArrayLike<number>,
  { maxDistanceUm, logPenalty }: MonopolarOptions,
): Float64Array {
  const spike = newSpike(slots.nSlots);
  const at = newEvaluation();
  return Float64Array.from({ length: channel.length }, (_, n) => {
    if (!loadSpike(spike, feature, n, channel[n], slots, positionsUm)) return Number.NaN;
    const [x, y, z] = [0, 1, 2].map((i) => locations[n * width + i]);
    const p = Float64Array.of(x - spike.centerXUm, y - spike.centerYUm, Math.log(z));
    evaluate(spike, p, logPenalty ? Infinity : maxDistanceUm, logPenalty ? penaltyWeight : 0, at);
    return at.value;
  });
}

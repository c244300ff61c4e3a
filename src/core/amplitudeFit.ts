import { assert } from "./errors.ts";
import { leastZUm } from "./monopolarResidual.ts";

/**
 * How well a point source at a given place explains the amplitudes on the contacts around it.
 *
 *   d_k = √((x − x_k)² + (y − y_k)² + z²),   model A_k = α / d_k,   best α = Σ (a_k / d_k) / Σ 1 / d_k²
 * The model of monopolar triangulation (core/monopolar.ts, Boussard et al. 2021), evaluated at any place. |z| below 1 µm
 * counts as 1 µm, as in the fit. Contacts without an amplitude (NaN) have no residual and count nowhere.
 */
export interface AmplitudeFit {
  /** [K] µm from the place to each contact */
  distanceUm: Float64Array;
  /** of the curve: the one given, else the best one; unit of the amplitudes times µm */
  alpha: number;
  /** the one that leaves the smallest sum of squares on these contacts */
  bestAlpha: number;
  /** [K] α / d */
  model: Float64Array;
  /** [K] amplitude − model; NaN without an amplitude */
  residual: Float64Array;
  /** root of the mean squared residual */
  rms: number;
  /** 1 − Σ residual² / Σ amplitude²: 1 when all is explained */
  explained: number;
}

/**
 * amplitude: [K], NaN where there is none. alpha: of the curve; null for the best one. Returns null where there is nothing to
 * explain: a place or all amplitudes that are no numbers, or amplitudes of zero.
 */
export function amplitudeFit(
  amplitude: ArrayLike<number>,
  positionsUm: readonly (readonly [xUm: number, yUm: number])[],
  [x, y, z]: readonly [xUm: number, yUm: number, zUm: number],
  alpha: number | null,
): AmplitudeFit | null {
  assert(amplitude.length === positionsUm.length, "one amplitude per contact");
  const height = Math.max(Math.abs(z), leastZUm);
  if (!Number.isFinite(x + y + height)) return null;
  const distanceUm = Float64Array.from(positionsUm, ([cx, cy]) => Math.hypot(x - cx, y - cy, height));
  let [qa, qq, aa, n] = [0, 0, 0, 0];
  for (let k = 0; k < distanceUm.length; k++) {
    if (!Number.isFinite(amplitude[k])) continue;
    qa += amplitude[k] / distanceUm[k];
    qq += 1 / distanceUm[k] ** 2;
    aa += amplitude[k] ** 2;
    n++;
  }
  if (!(aa > 0)) return null;
  const bestAlpha = qa / qq;
  const used = alpha !== null && Number.isFinite(alpha) ? alpha : bestAlpha;
  const model = distanceUm.map((d) => used / d);
  const residual = model.map((value, k) => amplitude[k] - value);
  const squares = residual.reduce((sum, r) => (Number.isFinite(r) ? sum + r * r : sum), 0);
  return {
    distanceUm,
    alpha: used,
    bestAlpha,
    model,
    residual,
    rms: Math.sqrt(squares / n),
    explained: 1 - squares / aa,
  };
}

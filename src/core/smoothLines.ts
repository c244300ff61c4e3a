/** Smoothing with a Gaussian along one axis of an array of any number of axes. */

/** One half of a sampled Gaussian, centre first; σ in bins, 0 is [1]. Both halves together sum to 1. */
export function gaussianTaps(sigmaBins: number): Float64Array {
  if (sigmaBins <= 0) return Float64Array.of(1);
  const radius = Math.floor(4 * sigmaBins + 0.5);
  const taps = Float64Array.from({ length: radius + 1 }, (_, k) => Math.exp((-0.5 * k * k) / (sigmaBins * sigmaBins)));
  const total = 2 * taps.reduce((sum, tap) => sum + tap, 0) - taps[0];
  return taps.map((tap) => tap / total);
}

/** How the values of one axis lie in an array: element k of line l is at l·lineStep + k·step. */
export interface Lines {
  nLines: number;
  lineStep: number;
  length: number;
  step: number;
}

/** Every line convolved with symmetric taps; beyond its ends lie zeros or its mirror image (… 1 0 | 0 1 2 …). */
export function smoothLines(
  values: Float64Array,
  { nLines, lineStep, length, step }: Lines,
  taps: Float64Array,
  beyond: "zero" | "mirror",
): Float64Array {
  if (taps.length === 1) return values;
  const radius = taps.length - 1;
  const out = new Float64Array(values.length);
  const line = new Float64Array(length + 2 * radius); // with its surroundings
  for (let l = 0; l < nLines; l++) {
    for (let k = -radius; k < length + radius; k++) {
      const inside = k >= 0 && k < length;
      const from = inside || beyond === "zero" ? k : mirrored(k, length);
      line[k + radius] = inside || beyond === "mirror" ? values[l * lineStep + from * step] : 0;
    }
    for (let k = 0; k < length; k++) {
      let sum = taps[0] * line[k + radius];
      for (let r = 1; r <= radius; r++) sum += taps[r] * (line[k + radius - r] + line[k + radius + r]);
      out[l * lineStep + k * step] = sum;
    }
  }
  return out;
}

/** The place in [0, length) that index k shows in an endless row of mirrors. */
export function mirrored(k: number, length: number): number {
  const place = ((k % (2 * length)) + 2 * length) % (2 * length);
  return place < length ? place : 2 * length - 1 - place;
}

/** values: [T, D]; sigma: in bins, 0 does not smooth. Gaussians over depth, then over time, with zeros beyond the ends. */
export function smoothRaster(
  values: Float64Array,
  nTimes: number,
  nDepths: number,
  sigma: { depth: number; time: number },
): Float64Array {
  const overDepth = { nLines: nTimes, lineStep: nDepths, length: nDepths, step: 1 };
  const overTime = { nLines: nDepths, lineStep: 1, length: nTimes, step: nDepths };
  const half = smoothLines(values, overDepth, gaussianTaps(sigma.depth), "zero");
  return smoothLines(half, overTime, gaussianTaps(sigma.time), "zero");
}

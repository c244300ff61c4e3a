import { assert } from "../errors.ts";
import { Fft, powerOfTwo } from "../fft.ts";

/**
 * Products of every template with every frame at every lag, all that DREDge's correlation is made of:
 *
 *   P[l, i, j] = Σ_k template_i[k] · frame_j[k + l],  k = 0 … n − 1,  l = 0 … L − 1
 *
 * templates: [nTemplates, n]; frames: [nFrames, n + L − 1]; result: [L, nTemplates, nFrames]. At one lag it is a product
 * of two matrices. There are two ways to it, equal to rounding.
 */
export type SlidingProducts = (
  templates: Float64Array,
  nTemplates: number,
  frames: Float64Array,
  nFrames: number,
  nLags: number,
) => Float64Array;

/** As written: one matrix product per lag, 2·L·n operations per pair. The oracle. */
export const slidingProducts: SlidingProducts = (templates, nTemplates, frames, nFrames, nLags) => {
  const [length, frameLength] = lengths(templates, nTemplates, frames, nFrames, nLags);
  const out = new Float64Array(nLags * nTemplates * nFrames);
  for (let lag = 0; lag < nLags; lag++) {
    for (let i = 0; i < nTemplates; i++) {
      for (let j = 0; j < nFrames; j++) {
        const a = i * length;
        const b = j * frameLength + lag;
        let sum = 0;
        for (let k = 0; k < length; k++) sum += templates[a + k] * frames[b + k];
        out[(lag * nTemplates + i) * nFrames + j] = sum;
      }
    }
  }
  return out;
};

/**
 * By the correlation theorem, all lags of a pair at once: conj(F template)·F frame, transformed back. The transform is at
 * least as long as a frame, so that the lags wanted do not wrap around. Two frames share one transform, as its real and
 * its imaginary part. Some N·log N operations per pair: an order of magnitude fewer for hundreds of lags.
 */
export const slidingProductsBySpectrum: SlidingProducts = (templates, nTemplates, frames, nFrames, nLags) => {
  const [length, frameLength] = lengths(templates, nTemplates, frames, nFrames, nLags);
  const size = powerOfTwo(frameLength);
  const fft = new Fft(size);
  const out = new Float64Array(nLags * nTemplates * nFrames);
  const templateRe = new Float64Array(nTemplates * size);
  const templateIm = new Float64Array(nTemplates * size);
  for (let i = 0; i < nTemplates; i++) {
    const re = templateRe.subarray(i * size, (i + 1) * size);
    re.set(templates.subarray(i * length, (i + 1) * length));
    fft.forward(re, templateIm.subarray(i * size, (i + 1) * size));
  }
  const [frameRe, frameIm] = [new Float64Array(size), new Float64Array(size)];
  const [re, im] = [new Float64Array(size), new Float64Array(size)];
  for (let j = 0; j < nFrames; j += 2) {
    const hasSecond = j + 1 < nFrames;
    frameRe.fill(0).set(frames.subarray(j * frameLength, (j + 1) * frameLength));
    frameIm.fill(0);
    if (hasSecond) frameIm.set(frames.subarray((j + 1) * frameLength, (j + 2) * frameLength));
    fft.forward(frameRe, frameIm);
    for (let i = 0; i < nTemplates; i++) {
      multiplyConjugate(templateRe, templateIm, i * size, frameRe, frameIm, re, im);
      fft.inverse(re, im);
      for (let lag = 0; lag < nLags; lag++) {
        const to = (lag * nTemplates + i) * nFrames + j;
        out[to] = re[lag];
        if (hasSecond) out[to + 1] = im[lag];
      }
    }
  }
  return out;
};

/** re + i·im = conj(a)·b, where a starts at `from`. */
function multiplyConjugate(
  aRe: Float64Array,
  aIm: Float64Array,
  from: number,
  bRe: Float64Array,
  bIm: Float64Array,
  re: Float64Array,
  im: Float64Array,
): void {
  for (let k = 0; k < re.length; k++) {
    const x = aRe[from + k];
    const y = aIm[from + k];
    re[k] = x * bRe[k] + y * bIm[k];
    im[k] = x * bIm[k] - y * bRe[k];
  }
}

/** Of a template and of a frame. */
function lengths(
  templates: Float64Array,
  nTemplates: number,
  frames: Float64Array,
  nFrames: number,
  nLags: number,
): [length: number, frameLength: number] {
  const length = templates.length / nTemplates;
  const frameLength = frames.length / nFrames;
  assert(
    Number.isInteger(length) && frameLength === length + nLags - 1,
    "a frame is as long as all lags of a template",
  );
  return [length, frameLength];
}

import { AppError } from "./errors.ts";

/**
 * Digital Butterworth filters as second-order sections.
 *
 * Poles of the analogue prototype lie evenly on the left half of the unit circle; the frequency is pre-warped to
 * 4·tan(π·f/rate), the band transformed, and the bilinear map (4 + s)/(4 − s) takes poles and zeros to the z plane
 * (Oppenheim & Schafer, ch. 7). Sections are paired and ordered as scipy.signal.butter(output="sos") does: the poles
 * nearest the unit circle come last and take the nearest zeros, the gain stands in the first section.
 */
export interface Band {
  /** Hz, above 0 */
  lowHz: number;
  /** Hz; Infinity lets everything above pass */
  highHz: number;
}

/** b0, b1, b2, a1, a2 of one section; a0 is 1. */
export type Section = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];

interface Complex {
  re: number;
  im: number;
}

const times = (a: Complex, b: Complex): Complex => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });
const over = (a: Complex, b: Complex): Complex => {
  const d = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / d, im: (a.im * b.re - a.re * b.im) / d };
};
const squareRoot = (a: Complex): Complex => {
  const r = Math.hypot(a.re, a.im);
  const re = Math.sqrt((r + Math.abs(a.re)) / 2);
  if (re === 0) return { re: 0, im: 0 };
  const im = Math.abs(a.im) / (2 * re);
  const root = a.re >= 0 ? { re, im } : { re: im, im: re };
  return { re: root.re, im: a.im < 0 ? -root.im : root.im };
};

/**
 * Sections of a high-pass (highHz Infinity) or band-pass filter of any order; a band-pass has twice as many poles.
 * Throws AppError bad-parameter when the band does not fit below half the sampling rate.
 */
export function butterworth(order: number, { lowHz, highHz }: Band, rateHz: number): Section[] {
  const isBand = Number.isFinite(highHz);
  const top = isBand ? highHz : lowHz;
  if (!(Number.isInteger(order) && order >= 1 && lowHz > 0 && top < rateHz / 2 && (!isBand || lowHz < highHz)))
    throw new AppError(
      "bad-parameter",
      `Expected a filter of order 1 or more between 0 Hz and half the sampling rate (${rateHz / 2} Hz), found order ${order} from ${lowHz} to ${highHz} Hz; choose another band.`,
      { order, lowHz, highHz, rateHz },
    );
  const warp = (hz: number) => 4 * Math.tan((Math.PI * hz) / rateHz);
  const analogue = isBand ? bandPoles(order, warp(lowHz), warp(highHz)) : highPoles(order, warp(lowHz));
  const poles = analogue.map((s) => over({ re: 4 + s.re, im: s.im }, { re: 4 - s.re, im: -s.im }));
  // `order` zeros at s = 0 go to z = 1, those at infinity to z = −1
  const zeros = [...Array<number>(poles.length - order).fill(-1), ...Array<number>(order).fill(1)];
  let product: Complex = { re: isBand ? (warp(highHz) - warp(lowHz)) ** order : 1, im: 0 };
  for (const s of analogue) product = over(product, { re: 4 - s.re, im: -s.im });
  return pairSections(poles, zeros, product.re * 4 ** order);
}

function prototype(order: number): Complex[] {
  return Array.from({ length: order }, (_, i) => {
    const angle = (Math.PI * (2 * i + 1 - order)) / (2 * order);
    return { re: -Math.cos(angle), im: -Math.sin(angle) };
  });
}

function highPoles(order: number, low: number): Complex[] {
  return prototype(order).map((p) => over({ re: low, im: 0 }, p));
}

function bandPoles(order: number, low: number, high: number): Complex[] {
  return prototype(order).flatMap((p) => {
    const half = { re: (p.re * (high - low)) / 2, im: (p.im * (high - low)) / 2 };
    const square = times(half, half);
    const root = squareRoot({ re: square.re - low * high, im: square.im });
    return [
      { re: half.re + root.re, im: half.im + root.im },
      { re: half.re - root.re, im: half.im - root.im },
    ];
  });
}

/** Take the place of an element out of a list: the one with the smallest cost, the first of equals. */
function takeLeast<T>(list: T[], cost: (item: T) => number): T {
  let best = 0;
  for (let i = 1; i < list.length; i++) if (cost(list[i]) < cost(list[best])) best = i;
  return list.splice(best, 1)[0];
}

function pairSections(allPoles: Complex[], allZeros: number[], gain: number): Section[] {
  const isReal = (p: Complex) => Math.abs(p.im) <= 100 * Number.EPSILON * Math.hypot(p.re, p.im);
  const poles = allPoles.filter((p) => isReal(p) || p.im > 0);
  const zeros = [...allZeros];
  if (allPoles.length % 2 === 1) {
    poles.push({ re: 0, im: 0 });
    zeros.push(0);
    zeros.sort((a, b) => a - b);
  }
  const fromCircle = (p: Complex) => Math.abs(1 - Math.hypot(p.re, p.im));
  const sections: Section[] = [];
  while (poles.length > 0) {
    const p = takeLeast(poles, fromCircle);
    const distance = (z: number) => Math.hypot(z - p.re, p.im);
    let [a1, a2] = [-2 * p.re, p.re * p.re + p.im * p.im];
    if (isReal(p)) {
      const other = takeLeast(poles, (q) => (isReal(q) ? fromCircle(q) : Number.POSITIVE_INFINITY));
      [a1, a2] = [-(p.re + other.re), p.re * other.re];
    }
    const z1 = takeLeast(zeros, distance);
    const z2 = takeLeast(zeros, distance);
    sections.unshift([1, -(z1 + z2), z1 * z2, a1, a2]);
  }
  const [b0, b1, b2, a1, a2] = sections[0];
  sections[0] = [gain * b0, gain * b1, gain * b2, a1, a2];
  return sections;
}

/** [nFft/2 + 1] |H|² at k·rate/nFft: what filtering forwards and backwards multiplies a spectrum by. */
export function powerResponse(sections: readonly Section[], nFft: number): Float64Array {
  return Float64Array.from({ length: nFft / 2 + 1 }, (_, k) => {
    const c1 = Math.cos((2 * Math.PI * k) / nFft);
    const s1 = Math.sin((2 * Math.PI * k) / nFft);
    const c2 = c1 * c1 - s1 * s1;
    const s2 = 2 * s1 * c1;
    let power = 1;
    for (const [b0, b1, b2, a1, a2] of sections) {
      const above = (b0 + b1 * c1 + b2 * c2) ** 2 + (b1 * s1 + b2 * s2) ** 2;
      power *= above / ((1 + a1 * c1 + a2 * c2) ** 2 + (a1 * s1 + a2 * s2) ** 2);
    }
    return power;
  });
}

/** Samples until the slowest part of the impulse response has decayed to `fraction`. */
export function decaySamples(sections: readonly Section[], fraction: number): number {
  let radius = 0;
  for (const [, , , a1, a2] of sections) {
    const d = a1 * a1 - 4 * a2;
    radius = Math.max(radius, d < 0 ? Math.sqrt(a2) : (Math.abs(a1) + Math.sqrt(d)) / 2);
  }
  return Math.ceil(Math.log(fraction) / Math.log(radius));
}

import { assert } from "./errors.ts";

/**
 * Discrete Fourier transform in float64 for lengths whose prime factors are 2, 3 and 5.
 *
 *   X[k] = Σ_n x[n]·exp(−2πi·k·n/N);  the inverse has the opposite sign and is divided by N.
 *
 * Stockham's self-sorting form (Cochran et al. 1967): a pass of radix r takes N = r·m blocks apart, multiplies them by
 * their twiddles and leaves the result in natural order. The oracle of every transform we compute elsewhere.
 */
export class Fft {
  readonly length: number;
  readonly #factors: number[];
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  #re: Float64Array;
  #im: Float64Array;

  constructor(length: number) {
    this.length = length;
    this.#factors = factorise(length);
    this.#cos = Float64Array.from({ length }, (_, i) => Math.cos((2 * Math.PI * i) / length));
    this.#sin = Float64Array.from({ length }, (_, i) => -Math.sin((2 * Math.PI * i) / length));
    this.#re = new Float64Array(length);
    this.#im = new Float64Array(length);
  }

  /** In place on [N] real and imaginary parts. */
  forward(re: Float64Array, im: Float64Array): void {
    assert(re.length === this.length && im.length === this.length, "the arrays have the length of the transform");
    let n = this.length;
    let stride = 1;
    let [fromRe, fromIm, toRe, toIm] = [re, im, this.#re, this.#im];
    for (const radix of this.#factors) {
      if (radix === 4) this.#passOfFour(n / 4, stride, fromRe, fromIm, toRe, toIm);
      else this.#pass(radix, n / radix, stride, fromRe, fromIm, toRe, toIm);
      [fromRe, fromIm, toRe, toIm] = [toRe, toIm, fromRe, fromIm];
      n /= radix;
      stride *= radix;
    }
    if (fromRe !== re) {
      re.set(fromRe);
      im.set(fromIm);
    }
  }

  /** In place, divided by N. */
  inverse(re: Float64Array, im: Float64Array): void {
    this.forward(im, re); // exchanging the parts conjugates on both sides
    for (let i = 0; i < this.length; i++) {
      re[i] /= this.length;
      im[i] /= this.length;
    }
  }

  #pass(
    radix: number,
    m: number,
    stride: number,
    fromRe: Float64Array,
    fromIm: Float64Array,
    toRe: Float64Array,
    toIm: Float64Array,
  ): void {
    const length = this.length;
    const root = length / radix; // W_radix in steps of the table
    const block = stride * m; // from one input of a butterfly to the next
    for (let p = 0; p < m; p++) {
      for (let k = 0; k < radix; k++) {
        const twiddle = p * k * stride; // W_(radix·m)^(p·k)
        const to = stride * (radix * p + k);
        for (let j = 0; j < radix; j++) {
          const w = (j * k * root + twiddle) % length;
          const cos = this.#cos[w];
          const sin = this.#sin[w];
          const from = stride * p + block * j;
          for (let q = 0; q < stride; q++) {
            const re = fromRe[from + q] * cos - fromIm[from + q] * sin;
            const im = fromRe[from + q] * sin + fromIm[from + q] * cos;
            toRe[to + q] = j === 0 ? re : toRe[to + q] + re;
            toIm[to + q] = j === 0 ? im : toIm[to + q] + im;
          }
        }
      }
    }
  }

  /** The same for radix 4, whose own roots are 1, −i, −1 and i. */
  #passOfFour(
    m: number,
    stride: number,
    fromRe: Float64Array,
    fromIm: Float64Array,
    toRe: Float64Array,
    toIm: Float64Array,
  ): void {
    const block = stride * m;
    for (let p = 0; p < m; p++) {
      const [c1, c2, c3] = [this.#cos[p * stride], this.#cos[2 * p * stride], this.#cos[3 * p * stride]];
      const [s1, s2, s3] = [this.#sin[p * stride], this.#sin[2 * p * stride], this.#sin[3 * p * stride]];
      for (let q = 0; q < stride; q++) {
        const a = q + stride * p;
        const [b, c, d] = [a + block, a + 2 * block, a + 3 * block];
        const to = q + stride * 4 * p;
        const sumRe = fromRe[a] + fromRe[c];
        const sumIm = fromIm[a] + fromIm[c];
        const oddRe = fromRe[b] + fromRe[d];
        const oddIm = fromIm[b] + fromIm[d];
        const differenceRe = fromRe[a] - fromRe[c];
        const differenceIm = fromIm[a] - fromIm[c];
        const turnedRe = fromIm[b] - fromIm[d]; // −i (b − d)
        const turnedIm = fromRe[d] - fromRe[b];
        toRe[to] = sumRe + oddRe;
        toIm[to] = sumIm + oddIm;
        const re1 = differenceRe + turnedRe;
        const im1 = differenceIm + turnedIm;
        toRe[to + stride] = re1 * c1 - im1 * s1;
        toIm[to + stride] = re1 * s1 + im1 * c1;
        const re2 = sumRe - oddRe;
        const im2 = sumIm - oddIm;
        toRe[to + 2 * stride] = re2 * c2 - im2 * s2;
        toIm[to + 2 * stride] = re2 * s2 + im2 * c2;
        const re3 = differenceRe - turnedRe;
        const im3 = differenceIm - turnedIm;
        toRe[to + 3 * stride] = re3 * c3 - im3 * s3;
        toIm[to + 3 * stride] = re3 * s3 + im3 * c3;
      }
    }
  }
}

function factorise(length: number): number[] {
  assert(Number.isInteger(length) && length >= 1, "a transform has a whole length");
  const factors: number[] = [];
  let rest = length;
  for (const radix of [4, 2, 3, 5]) {
    while (rest % radix === 0) {
      factors.push(radix);
      rest /= radix;
    }
  }
  assert(rest === 1, `a transform of ${length} has factors other than 2, 3 and 5`);
  return factors;
}

/** The smallest power of two that is at least n. */
export function powerOfTwo(n: number): number {
  let power = 1;
  while (power < n) power *= 2;
  return power;
}

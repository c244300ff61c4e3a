/**
 * GELU in its exact form, Φ(x)·x with Φ the normal distribution, and the error function it rests on, all to about 1e-15.
 *
 *   erf(x) = 2/√π · e^(−x²) · Σ_n 2ⁿ x^(2n+1) / (1·3·…·(2n+1))       |x| < 3: no cancellation, all terms have one sign
 *   1 − erf(x) = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + 2/(x + …)))))       x ≥ 3
 *
 * Source: Abramowitz and Stegun, 7.1.6 and 7.1.14.
 */
const twoOverRootPi = 2 / Math.sqrt(Math.PI);
const rootTwoPi = Math.sqrt(2 * Math.PI);
const continuedFractionDepth = 60;

/** 1 − erf(x) for x ≥ 3. */
function tail(x: number): number {
  let fraction = x;
  for (let k = continuedFractionDepth; k >= 1; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (!(x < 3)) return x < 6 ? 1 - tail(x) : x >= 6 ? 1 : Number.NaN;
  let term = x;
  let sum = x;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return twoOverRootPi * Math.exp(-x * x) * sum;
}

export function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
}

/** d gelu / dx = Φ(x) + x·φ(x). */
export function geluDerivative(x: number): number {
  return 0.5 * (1 + erf(x * Math.SQRT1_2)) + (x * Math.exp(-0.5 * x * x)) / rootTwoPi;
}

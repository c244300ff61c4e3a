import { describe, expect, it } from "vitest";
import { butterworth, decaySamples, powerResponse } from "../../src/core/butterworth.ts";
import { Fft } from "../../src/core/fft.ts";
import { sosFilter } from "../../src/core/sosFilter.ts";
import { fixtureJson } from "../fixture.ts";

interface FilterInfo {
  highpass_sos: number[][];
  bandpass_sos: number[][];
}

/** b0 b1 b2 a1 a2 of every row, without a0. */
const withoutA0 = (rows: number[][]) => rows.flatMap(([b0, b1, b2, , a1, a2]) => [b0, b1, b2, a1, a2]);

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

describe("Butterworth sections", () => {
  it.each([
    ["highpass_sos", { lowHz: 300, highHz: Number.POSITIVE_INFINITY }],
    ["bandpass_sos", { lowHz: 300, highHz: 6000 }],
  ] as const)("%s of order 5 at 30 kHz are the reference's", async (key, band) => {
    const info = await fixtureJson<FilterInfo>("preprocessing/info.json");
    const difference = largestDifference(butterworth(5, band, 30000).flat(), withoutA0(info[key]));
    console.info(`${key}: largest difference ${difference.toExponential(1)}`);
    expect(difference).toBeLessThan(1e-12);
  });

  it.each([1, 2, 3, 4, 7])("of order %i pass half the power at their edges, |H| is 1 far inside", (order) => {
    const high = powerResponse(butterworth(order, { lowHz: 3000, highHz: Number.POSITIVE_INFINITY }, 30000), 1000);
    expect(high[100]).toBeCloseTo(0.5, 9);
    expect(high[0]).toBeLessThan(1e-20);
    expect(high[500]).toBeCloseTo(1, 9);
    const band = powerResponse(butterworth(order, { lowHz: 1500, highHz: 6000 }, 30000), 1000);
    expect(band[50]).toBeCloseTo(0.5, 9);
    expect(band[200]).toBeCloseTo(0.5, 9);
    expect(Math.max(...band)).toBeCloseTo(1, 2);
  });

  it("refuses a band that does not fit below half the rate", () => {
    expect(() => butterworth(5, { lowHz: 300, highHz: 6000 }, 10000)).toThrow(/half the sampling rate \(5000 Hz\)/);
    expect(() => butterworth(5, { lowHz: 6000, highHz: 300 }, 30000)).toThrow(/from 6000 to 300 Hz/);
  });
});

describe("filtering forwards and backwards", () => {
  it("is |H|² in the spectrum, far from the ends", () => {
    const sections = butterworth(5, { lowHz: 300, highHz: 6000 }, 30000);
    const n = 4096;
    const line = new Float64Array(n);
    line[n / 2] = 1;
    sosFilter(sections, line, n, 1);
    const response = powerResponse(sections, n);
    const re = new Float64Array(n);
    const im = new Float64Array(n);
    for (let k = 0; k < n; k++) re[k] = (k % 2 === 0 ? 1 : -1) * response[Math.min(k, n - k)];
    new Fft(n).inverse(re, im);
    expect(largestDifference(line, re)).toBeLessThan(1e-12);
    expect(Math.abs(re[n / 2 + decaySamples(sections, 1e-5)])).toBeLessThan(1e-6);
  });
});

describe("the transform", () => {
  it.each([1, 2, 30, 64, 120, 225])("of %i is the defining sum and turns back", (n) => {
    const re = Float64Array.from({ length: n }, (_, i) => Math.sin(i * i));
    const im = Float64Array.from({ length: n }, (_, i) => Math.cos(3 * i * i));
    const [a, b] = [re.slice(), im.slice()];
    const fft = new Fft(n);
    fft.forward(a, b);
    for (let k = 0; k < n; k++) {
      let [sumRe, sumIm] = [0, 0];
      for (let t = 0; t < n; t++) {
        const angle = (-2 * Math.PI * ((k * t) % n)) / n;
        sumRe += re[t] * Math.cos(angle) - im[t] * Math.sin(angle);
        sumIm += re[t] * Math.sin(angle) + im[t] * Math.cos(angle);
      }
      expect(Math.hypot(a[k] - sumRe, b[k] - sumIm)).toBeLessThan(1e-11);
    }
    fft.inverse(a, b);
    expect(largestDifference(a, re)).toBeLessThan(1e-13);
  });
});

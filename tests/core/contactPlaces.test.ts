import { describe, expect, it } from "vitest";
import { amplitudeFit } from "../../src/core/amplitudeFit.ts";
import {
  amplitudeCentre,
  anchorOf,
  areApart,
  contactSpacing,
  largestSlot,
  type PlaceUm,
  peakToPeak,
} from "../../src/core/contactPlaces.ts";
import { monopolar } from "../../src/core/monopolar.ts";

const square: PlaceUm[] = [
  [0, 0],
  [32, 0],
  [0, 20],
  [32, 20],
];

describe("places that a waveform says by itself", () => {
  it("measures peak to peak per contact, and nothing where samples are no numbers", () => {
    const values = [0, -3, 1, 0, 0, 0, 2, Number.NaN, 1];
    expect([...peakToPeak(values, 3)]).toEqual([4, 0, Number.NaN]);
  });

  it("finds the anchor, the largest contact and the centre of the amplitudes", () => {
    expect(anchorOf(square)).toEqual([16, 10]);
    expect(largestSlot([1, 5, Number.NaN, 5])).toBe(1);
    expect(largestSlot([0, Number.NaN])).toBe(-1);
    expect(amplitudeCentre([3, 1, Number.NaN, 0], square)).toEqual([8, 0]);
    expect(amplitudeCentre([0, 0, 0, Number.NaN], square)).toBeNull();
  });

  it("knows how far contacts are apart, and whether boxes of waveforms fit", () => {
    expect(contactSpacing(square)).toEqual([32, 20]);
    expect(contactSpacing([[0, 0]])).toEqual([Infinity, Infinity]);
    expect(areApart(square, 14, 17)).toBe(true);
    const dense = square.map(([x, y]): PlaceUm => [x / 5, y / 3]);
    expect(areApart(dense, 14, 17)).toBe(false);
  });
});

describe("fit of a point source", () => {
  const place = [10, 6, 12] as const;
  const amplitude = square.map(([x, y]) => 900 / Math.hypot(place[0] - x, place[1] - y, place[2]));

  it("explains the amplitudes of one completely, with its own α", () => {
    const fit = amplitudeFit(amplitude, square, place, null);
    expect(fit?.alpha).toBeCloseTo(900, 9);
    expect(fit?.rms).toBeCloseTo(0, 9);
    expect(fit?.explained).toBeCloseTo(1, 12);
    expect(fit?.distanceUm[1]).toBeCloseTo(Math.hypot(22, 6, 12), 12);
  });

  it("takes a given α for the curve and still says the best one", () => {
    const fit = amplitudeFit(amplitude, square, place, 450);
    expect([fit?.alpha, fit?.bestAlpha]).toEqual([450, expect.closeTo(900, 9)]);
    expect(fit?.explained).toBeCloseTo(0.75, 9);
    expect(Math.max(...(fit?.residual ?? []))).toBeCloseTo(Math.max(...amplitude) / 2, 9);
  });

  it("leaves contacts without an amplitude out, and says nothing where there is nothing", () => {
    const fit = amplitudeFit([...amplitude.slice(0, 3), Number.NaN], square, place, null);
    expect(fit?.rms).toBeCloseTo(0, 9);
    expect(fit?.residual[3]).toBeNaN();
    expect(amplitudeFit([0, 0, 0, 0], square, place, null)).toBeNull();
    expect(amplitudeFit(amplitude, square, [Number.NaN, 0, 1], null)).toBeNull();
    expect(amplitudeFit(amplitude, square, [0, 0, 0], null)?.distanceUm[0]).toBe(1); // never 0
  });

  it("finds the α that the monopolar fit found, at its place", () => {
    const slots = { nSlots: 4, channels: Int32Array.of(0, 1, 2, 3) };
    const noisy = amplitude.map((a, k) => a * (1 + 0.05 * (k - 1)));
    const options = { maxDistanceUm: 150, logPenalty: false };
    const [x, y, z, alpha] = monopolar(noisy, [0], slots, square.flat(), options);
    expect(amplitudeFit(noisy, square, [x, y, z], null)?.bestAlpha).toBeCloseTo(alpha, 6);
  });
});

import { describe, expect, it } from "vitest";
import { packed } from "../../src/paint/colourMaps.ts";
import { type Wheel, wheelColour, wheelImage, wheelOf } from "../../src/paint/colourWheel.ts";
import { themeOf } from "../../src/paint/theme.ts";

const rgb = (colour: number) => [colour & 255, (colour >>> 8) & 255, (colour >>> 16) & 255];

/** HSV with value 1, as any textbook has it. */
function hsv(hue: number, saturation: number): number[] {
  return [5, 3, 1].map((n) => {
    const k = (n + 6 * hue) % 6;
    return Math.round(255 * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1))));
  });
}

/** Colours as they are seen with one kind of cone missing: Machado, Oliveira and Fernandes (2009), severity 1, linear RGB. */
const visions: Record<string, number[]> = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

/** OKLab of a colour as a vision sees it. */
function seen(colour: number, vision: number[]): number[] {
  const linear = rgb(colour).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const [r, g, b] = [0, 3, 6].map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        linear.reduce((sum, v, k) => sum + vision[row + k] * v, 0),
      ),
    ),
  );
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Smallest difference, under any vision, between the four directions, no displacement and the ground that all lie on. */
function leastDifference(wheel: Wheel, ground: string): number {
  const places = [
    [0, 1],
    [1, 0],
    [0, -1],
    [-1, 0],
    [0, 0],
  ].map(([dx, dy]) => wheelColour(wheel, dx, dy, 1));
  places.push(packed(ground));
  const differences = Object.values(visions).flatMap((vision) => {
    const colours = places.map((colour) => seen(colour, vision));
    return colours.flatMap((a, i) => colours.slice(i + 1).map((b) => Math.hypot(...a.map((v, k) => v - b[k]))));
  });
  return Math.min(...differences);
}

describe("the wheel of directions", () => {
  it("is HSV with the hue from upwards along the probe on dark ground", () => {
    const wheel = wheelOf("hue", themeOf("dark"));
    for (const [dx, dy] of [
      [0, 3],
      [2, 5],
      [4, 1],
      [3, -4],
      [-1, -6],
      [-5, 2],
      [0, 0],
      [30, 40],
    ]) {
      const hue = (Math.atan2(dx, dy) / (2 * Math.PI) + 1) % 1;
      const expected = hsv(hue, Math.min(1, Math.hypot(dx, dy) / 10));
      rgb(wheelColour(wheel, dx, dy, 10)).forEach((v, k) => {
        expect(Math.abs(v - expected[k])).toBeLessThanOrEqual(1);
      });
    }
    expect(wheelColour(wheel, 0, 0, 0)).toBe(0xffffffff);
  });
  it("tells directions apart for every kind of colour vision where it is said to, and the hue does not", () => {
    for (const theme of ["dark", "light"] as const) {
      expect(leastDifference(wheelOf("safe", themeOf(theme)), themeOf(theme).plot)).toBeGreaterThan(0.15);
    }
    expect(leastDifference(wheelOf("hue", themeOf("dark")), themeOf("dark").plot)).toBeLessThan(0.12);
  });
  it("is drawn with up the probe to the right and across it upwards, clear outside", () => {
    const wheel = wheelOf("hue", themeOf("dark"));
    const { rgba } = wheelImage(wheel, 41);
    const at = (column: number, row: number) => [
      ...rgba.subarray(4 * (41 * row + column), 4 * (41 * row + column) + 4),
    ];
    expect(at(0, 0)[3]).toBe(0);
    const [r, g, b] = at(40, 20); // right: red
    expect([r, g < 20, b < 20]).toEqual([255, true, true]);
    expect(at(20, 0)[1]).toBeGreaterThan(240); // up, +x: a quarter turn on, yellow-green
  });
});

import { expect, it } from "vitest";
import { volts } from "../../src/paint/words.ts";

it.each([
  [200, undefined, "200 µV"],
  [5000, "µV", "5000 µV"],
  [20_000, "µV", "20 mV"],
  [5e6, undefined, "5 V"],
  [50_000, "units of the file", "50000 units of the file"],
])("%d of unit %s are said to be %s", (value, unit, words) => {
  expect(volts(value, unit)).toBe(words);
});

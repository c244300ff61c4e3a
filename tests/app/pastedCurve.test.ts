import { describe, expect, it } from "vitest";
import { parsePastedCurve } from "../../src/app/pastedCurve.ts";

describe("a pasted curve", () => {
  it.each([
    ["commas and a heading", "time_s, um\n1.5, 2\n2.5, -3e1\n"],
    ["semicolons with decimal commas", "t;um\r\n1,5;2,0\r\n2,5;-30"],
    ["tabs", "1.5\t2\n2.5\t-30"],
    ["blanks, empty lines and remarks", "# from a table\n\n 1.5   2 \n\n2.5 −30"],
  ])("is read with %s", (_, text) => {
    expect(parsePastedCurve(text)).toEqual({ timeSec: [1.5, 2.5], displacementUm: [2, -30] });
  });

  it.each([
    ["1, 2\ntwo, 3", 'Line 2: expected "time in s, displacement in µm", found “two, 3”.'],
    ["1, 2, 3", "Line 1:"],
    ["t, um\n1", "Line 2:"],
    ["1, nan", "Line 1:"],
    ["a\nb\n", "Line 2:"],
    ["1, 2\n3, Infinity", "Line 2:"],
    ["", 'No line holds a point: expected "time in s, displacement in µm" on each.'],
    ["time, um", "No line holds a point"],
    [`1, 2\n${"x".repeat(90)}`, `found “${"x".repeat(40)}…”`],
  ])("of %j says which line is wrong", (text, sentence) => {
    expect(() => parsePastedCurve(text)).toThrow(sentence);
  });
});

import { describe, expect, it } from "vitest";
import { isChanged, parseForm, parseParam, parseSeed, valueToText } from "../../src/app/recipeForm.ts";
import type { ParamSpec } from "../../src/protocol/methods.ts";

const bound: ParamSpec = {
  type: "number",
  label: "Motion bound",
  unit: "µm",
  default: 800,
  min: 1,
  max: 5000,
  help: "h",
};
const steps: ParamSpec = {
  type: "number",
  label: "Training steps",
  unit: "",
  default: 10000,
  min: 1,
  max: 1e6,
  integer: true,
  help: "h",
};
const hidden: ParamSpec = {
  type: "integers",
  label: "Hidden",
  unit: "",
  default: [256, 256],
  min: 1,
  max: 4096,
  help: "h",
};

describe("parseParam", () => {
  it("reads numbers, with blanks around and in exponent form", () => {
    expect(parseParam(bound, " 12.5 ")).toEqual({ ok: true, value: 12.5 });
    expect(parseParam(steps, "1e4")).toEqual({ ok: true, value: 10000 });
  });
  it("takes both ends of the range", () => {
    expect(parseParam(bound, "1").ok).toBe(true);
    expect(parseParam(bound, "5000").ok).toBe(true);
  });
  it.each([
    [bound, "", "Motion bound needs a number, and “” is not one."],
    [bound, "ten", "Motion bound needs a number, and “ten” is not one."],
    [bound, "Infinity", "Motion bound needs a number, and “Infinity” is not one."],
    [bound, "0.5", "Motion bound must lie between 1 µm and 5000 µm, and is 0.5 µm."],
    [steps, "2.5", "Training steps needs a whole number, not 2.5."],
    [hidden, " ", "Hidden needs whole numbers separated by commas, and is empty."],
    [hidden, "256, 0", "Hidden must lie between 1 and 4096, and is 0."],
  ])("says in one sentence what is wrong: %#", (spec, text, sentence) => {
    expect(parseParam(spec, text)).toEqual({ ok: false, sentence });
  });
  it("reads lists with commas or blanks, and writes them back", () => {
    expect(parseParam(hidden, "64 32,16")).toEqual({ ok: true, value: [64, 32, 16] });
    expect(valueToText([64, 32, 16])).toBe("64, 32, 16");
  });
});

describe("parseForm", () => {
  it("fills defaults, keeps what parses and names what does not", () => {
    const { params, errors } = parseForm({ bound, steps, hidden }, { bound: "500", steps: "x" });
    expect(params).toEqual({ bound: 500, hidden: [256, 256] });
    expect(errors).toEqual({ steps: "Training steps needs a number, and “x” is not one." });
  });
});

describe("isChanged", () => {
  it("is about the value and not about how it is written", () => {
    expect(isChanged(bound, undefined)).toBe(false);
    expect(isChanged(bound, "800.0")).toBe(false);
    expect(isChanged(hidden, "256 256")).toBe(false);
    expect(isChanged(bound, "801")).toBe(true);
    expect(isChanged(bound, "")).toBe(true);
  });
});

describe("parseSeed", () => {
  it("takes whole numbers of 32 bits", () => {
    expect(parseSeed("4294967295")).toEqual({ ok: true, value: 4294967295 });
    for (const bad of ["", "-1", "1.5", "4294967296", "seed"]) expect(parseSeed(bad).ok).toBe(false);
  });
});

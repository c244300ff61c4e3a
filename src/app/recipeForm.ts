import type { ParamSpec, ParamValue, ParamValues, Recipe, RecipeStep } from "../protocol/methods.ts";

/** The parameter form's rules: text in a field ↔ value in a recipe. */

export type Parsed = { ok: true; value: ParamValue } | { ok: false; sentence: string };

/** Texts of the fields a person changed, by parameter name. A parameter that is absent stands at its default. */
export type Drafts = Record<string, string>;

export function valueToText(value: ParamValue): string {
  return typeof value === "object" ? value.join(", ") : String(value);
}

/** Parameter values as the texts of a form, as a preset fills it. */
export function textsOf(params: ParamValues): Drafts {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, valueToText(value)]));
}

function withUnit(value: number, unit: string): string {
  return unit ? `${value} ${unit}` : String(value);
}

type NumericSpec = Exclude<ParamSpec, { type: "choice" | "boolean" }>;

function checkNumber(spec: NumericSpec, text: string, integer: boolean): Parsed {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value)) {
    return { ok: false, sentence: `${spec.label} needs a number, and “${text}” is not one.` };
  }
  if (integer && !Number.isInteger(value)) {
    return { ok: false, sentence: `${spec.label} needs a whole number, not ${text}.` };
  }
  if (value < spec.min || value > spec.max) {
    const range = `${withUnit(spec.min, spec.unit)} and ${withUnit(spec.max, spec.unit)}`;
    return { ok: false, sentence: `${spec.label} must lie between ${range}, and is ${withUnit(value, spec.unit)}.` };
  }
  return { ok: true, value };
}

function checkChoice(spec: Extract<ParamSpec, { type: "choice" }>, text: string): Parsed {
  if (spec.options.some((option) => option.value === text)) return { ok: true, value: text };
  const known = spec.options.map((option) => option.value).join(", ");
  return { ok: false, sentence: `${spec.label} must be one of ${known}, and is “${text}”.` };
}

function checkBoolean(spec: Extract<ParamSpec, { type: "boolean" }>, text: string): Parsed {
  if (text === "true" || text === "false") return { ok: true, value: text === "true" };
  return { ok: false, sentence: `${spec.label} must be true or false, and is “${text}”.` };
}

/** Text of one field → its value, or one sentence that says what was expected and what was found. */
export function parseParam(spec: ParamSpec, text: string): Parsed {
  if (spec.type === "choice") return checkChoice(spec, text.trim());
  if (spec.type === "boolean") return checkBoolean(spec, text.trim());
  if (spec.type === "number") return checkNumber(spec, text.trim(), spec.integer ?? false);
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  if (words.length === 0) {
    return { ok: false, sentence: `${spec.label} needs whole numbers separated by commas, and is empty.` };
  }
  const values: number[] = [];
  for (const word of words) {
    const parsed = checkNumber(spec, word, true);
    if (!parsed.ok) return parsed;
    values.push(parsed.value as number);
  }
  return { ok: true, value: values };
}

/** Every field of a method → parameter values, and a sentence for each field that does not parse. */
export function parseForm(
  specs: Record<string, ParamSpec>,
  drafts: Drafts,
): { params: ParamValues; errors: Record<string, string> } {
  const params: ParamValues = {};
  const errors: Record<string, string> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const draft = drafts[name];
    if (draft === undefined) {
      params[name] = spec.default;
      continue;
    }
    const parsed = parseParam(spec, draft);
    if (parsed.ok) params[name] = parsed.value;
    else errors[name] = parsed.sentence;
  }
  return { params, errors };
}

/** The same for the seed of a recipe: a whole number from 0 to 2^32 − 1. */
export function parseSeed(text: string): { ok: true; value: number } | { ok: false; sentence: string } {
  const value = Number(text.trim());
  if (text.trim() !== "" && Number.isInteger(value) && value >= 0 && value <= 0xffffffff) return { ok: true, value };
  return { ok: false, sentence: `The seed must be a whole number from 0 to 4294967295, and is “${text}”.` };
}

/** Is this field away from its default? A draft that reads back as the default is not. */
export function isChanged(spec: ParamSpec, draft: string | undefined): boolean {
  if (draft === undefined) return false;
  const parsed = parseParam(spec, draft);
  return !parsed.ok || valueToText(parsed.value) !== valueToText(spec.default);
}

export function makeRecipe(title: string, seed: number, steps: RecipeStep[]): Recipe {
  return { driftscope: 1, title, seed, steps };
}

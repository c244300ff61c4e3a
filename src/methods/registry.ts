import { AppError, assert } from "../core/errors.ts";
import type { ParamValues, Recipe } from "../protocol/methods.ts";
import { cleanMotion } from "./cleanMotion.ts";
import { correctMotionRecipes } from "./correctMotionRecipes.ts";
import { decentralized } from "./decentralized/decentralized.ts";
import type { Method } from "./defineMethod.ts";
import { detectLocalize } from "./detectLocalize/detectLocalize.ts";
import { dredge } from "./dredge/dredge.ts";
import { dredgeLfp } from "./dredgeLfp/dredgeLfp.ts";
import { eachShank } from "./eachShank.ts";
import { gradientMotion } from "./gradientMotion/gradientMotion.ts";
import { iterativeTemplate } from "./iterativeTemplate/iterativeTemplate.ts";
import { lateralDrift } from "./lateralDrift/lateralDrift.ts";
import { localizeWaveforms } from "./localizeWaveforms/localizeWaveforms.ts";
import { medicine } from "./medicine/medicine.ts";
import { slnJoint } from "./slnJoint/slnJoint.ts";
import { slnPretrain } from "./slnPretrain/slnPretrain.ts";
import { slnRecipes } from "./slnRecipes.ts";

/** Estimators of motion, in the order the page offers them. A new one is one line here. */
const estimators: readonly Method[] = [
  dredge,
  medicine,
  iterativeTemplate,
  decentralized,
  gradientMotion,
  lateralDrift,
];

/** Every method, in the order the page offers them. */
export const methods: readonly Method[] = [
  detectLocalize,
  localizeWaveforms,
  slnPretrain,
  slnJoint,
  ...estimators.map(eachShank),
  dredgeLfp,
  cleanMotion,
];

export function methodById(id: string): Method {
  const found = methods.find((m) => m.id === id);
  if (!found)
    throw new AppError(
      "bad-parameter",
      `There is no method "${id}"; there are ${methods.map((m) => m.id).join(", ")}.`,
      { id },
    );
  return found;
}

function presetOf(method: string, preset: string): ParamValues {
  const found = methodById(method).presets.find(({ id }) => id === preset);
  assert(found, "a preset of the method");
  return found.params;
}

/** Recipes by name: each method alone under its own id, each of its presets as "method:preset"; SpikeInterface's; SLN's. */
export function presetRecipes(): Record<string, Recipe> {
  const recipes: Record<string, Recipe> = { ...correctMotionRecipes, ...slnRecipes(presetOf) };
  for (const method of methods) {
    recipes[method.id] = { driftscope: 1, title: method.title, seed: 0, steps: [{ method: method.id, params: {} }] };
    for (const preset of method.presets) {
      recipes[`${method.id}:${preset.id}`] = {
        driftscope: 1,
        title: `${method.title}: ${preset.title}`,
        seed: 0,
        steps: [{ method: method.id, params: preset.params }],
      };
    }
  }
  return recipes;
}

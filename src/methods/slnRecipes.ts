import type { ParamValues, Recipe } from "../protocol/methods.ts";

/** From a recording to a network that places its spikes, and the motion found with it: the Spike Localization Network whole. */
function slnRecipe(title: string, pretrain: ParamValues, joint: ParamValues): Recipe {
  const steps = [
    { method: "detect-localize", params: {} },
    { method: "sln-pretrain", params: pretrain },
    { method: "sln-joint", params: joint },
  ];
  return { driftscope: 1, title, seed: 0, steps };
}

/** By name; `presetOf` gives the parameters of a method's preset. */
export function slnRecipes(presetOf: (method: string, preset: string) => ParamValues): Record<string, Recipe> {
  return {
    sln: slnRecipe("Spike Localization Network", {}, {}),
    "sln:transformer": slnRecipe("Spike Localization Network: transformer", { network: "transformer" }, {}),
    "sln:as-published": slnRecipe(
      "Spike Localization Network: as published",
      presetOf("sln-pretrain", "as-published"),
      presetOf("sln-joint", "as-published"),
    ),
  };
}

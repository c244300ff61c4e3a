import { assert } from "../core/errors.ts";
import { countExcursions } from "../core/motionEdits/clean.ts";
import type { MethodInfo, ParamValues } from "../protocol/methods.ts";
import { applyEdits } from "../protocol/motionEdits.ts";
import { defineMethod, type MethodInputs, type MethodResult, type Yielded } from "./defineMethod.ts";
import { number } from "./numberParam.ts";

const params: MethodInfo["params"] = {
  speed_threshold: number({
    label: "Largest speed",
    unit: "µm/s",
    default: 30,
    min: 0.01,
    max: 1e6,
    help: "Tissue is taken to move slower than this. What lies between two faster steps is cut and interpolated from both sides; a single step stays.",
  }),
  sigma_smooth_s: number({
    label: "Smoothing",
    unit: "s",
    default: 0,
    min: 0,
    max: 1e4,
    help: "Standard deviation of a Gaussian over time, applied after cutting; 0 does not smooth.",
  }),
};

async function* run({ motion }: MethodInputs, given: ParamValues): AsyncGenerator<Yielded, MethodResult> {
  assert(motion, "the runner has checked that there is a motion");
  yield { kind: "stage", name: "clean", title: "Cutting what is too fast" };
  const maxSpeedUmPerSec = given.speed_threshold as number;
  const { nExcursions, nCutBins, nBins } = countExcursions(motion, maxSpeedUmPerSec);
  const smoothSec = given.sigma_smooth_s as number;
  const cleaned = applyEdits(motion, [{ kind: "clean", maxSpeedUmPerSec, smoothSec }]);
  yield { kind: "motion", motion: cleaned };
  const summary = { n_excursions: nExcursions, cut_fraction: nCutBins / nBins };
  return { motion: cleaned, metrics: {}, summary, complete: true };
}

/** The cleaning that the page does by hand, as a step of a recipe. */
export const cleanMotion = defineMethod({
  id: "clean-motion",
  title: "Clean motion",
  summary:
    "Cuts excursions of a motion that are too fast to be tissue, interpolates across them, and smooths if asked.",
  reference: "SpikeInterface@a5f7dbb3 sortingcomponents/motion/motion_cleaner.py (clean_motion_vector)",
  needs: ["motion"],
  gives: ["motion"],
  params,
  presets: [],
  troubleshooting: [
    {
      title: "Real drift was cut",
      symptom: "A long stretch became a straight line, or fewer curves jump than the raster does.",
      advice:
        "Excursions are cut between two fast steps, however far apart they are: two real jumps lose what lies between them. Raise the largest speed until only artefacts cross it, or mask those alone in the motion panel.",
      params: ["speed_threshold"],
    },
  ],
  run,
});

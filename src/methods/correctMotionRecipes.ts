import type { ParamValues, Recipe } from "../protocol/methods.ts";

/**
 * What SpikeInterface's `correct_motion` does before it interpolates, under its presets' names: detection, localization and
 * motion with its settings. Two of these names are our methods' own, so they carry a prefix.
 * Source: SpikeInterface@a5f7dbb3 preprocessing/motion.py (motion_options_preset).
 */
interface CorrectMotion {
  name: string;
  title: string;
  detect: ParamValues;
  localize: ParamValues;
  method: string;
  motion: ParamValues;
}

/** Strong negative peaks, one in 0.8 ms. */
const strong = (radiusUm: number): ParamValues => ({
  peak_sign: "neg",
  detect_threshold: 8,
  exclude_sweep_ms: 0.8,
  radius_um: radiusUm,
});
const dredgeWindows: ParamValues = { rigid: false, win_shape: "gaussian", win_step_um: 400, win_scale_um: 400 };
const monopolar: ParamValues = { localizer: "monopolar" };
const grid: ParamValues = { localizer: "grid" };

const presets: readonly CorrectMotion[] = [
  {
    name: "correct_motion:dredge",
    title: "Correct motion: DREDge",
    detect: strong(80),
    localize: monopolar,
    method: "dredge",
    motion: dredgeWindows,
  },
  {
    name: "correct_motion:medicine",
    title: "Correct motion: MEDiCINe",
    detect: { detect_threshold: 5, exclude_sweep_ms: 1, radius_um: 50 },
    localize: monopolar,
    method: "medicine",
    motion: {},
  },
  {
    name: "dredge_fast",
    title: "Correct motion: DREDge on grid convolution",
    detect: strong(80),
    localize: grid,
    method: "dredge",
    motion: dredgeWindows,
  },
  {
    name: "nonrigid_accurate",
    title: "Correct motion: decentralized on monopolar triangulation",
    detect: strong(80),
    localize: monopolar,
    method: "decentralized",
    motion: { rigid: false },
  },
  {
    name: "nonrigid_fast_and_accurate",
    title: "Correct motion: decentralized on grid convolution",
    detect: strong(80),
    localize: grid,
    method: "decentralized",
    motion: { rigid: false },
  },
  {
    name: "rigid_fast",
    title: "Correct motion: rigid DREDge on centre of mass",
    detect: strong(75),
    localize: { localizer: "com" },
    method: "dredge",
    motion: { rigid: true, bin_s: 5 },
  },
  {
    name: "kilosort_like",
    title: "Correct motion: iterative template on grid convolution, as Kilosort",
    detect: strong(50),
    localize: { localizer: "grid", grid_mode: "gaussian_2d" },
    method: "iterative-template",
    motion: {
      bin_s: 2,
      rigid: false,
      win_shape: "rect",
      win_step_um: 200,
      win_scale_um: 400,
      hist_margin_um: 0,
    },
  },
];

/** By name. The other localizers are left out, since nothing here looks at them. */
export const correctMotionRecipes: Readonly<Record<string, Recipe>> = Object.fromEntries(
  presets.map(({ name, title, detect, localize, method, motion }) => [
    name,
    {
      driftscope: 1,
      title,
      seed: 0,
      steps: [
        { method: "detect-localize", params: { ...detect, ...localize, other_localizers: "none" } },
        { method, params: motion },
      ],
    },
  ]),
);

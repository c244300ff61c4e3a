import type { MethodInfo } from "../../protocol/methods.ts";
import { number } from "../numberParam.ts";

export const params: MethodInfo["params"] = {
  bin_s: number({
    label: "Time bin",
    unit: "s",
    default: 1,
    min: 0.01,
    max: 600,
    help: "Length of one bin. Motion is free in every bin, so a bin needs enough spikes of its own; lengthen it when there are few.",
  }),
  num_depth_levels: number({
    label: "Depth levels",
    unit: "",
    default: 2,
    min: 1,
    max: 64,
    integer: true,
    help: "Depths at which motion is free; it is linear between them. 1 is rigid.",
  }),
  start: {
    type: "choice",
    label: "Start from",
    unit: "",
    default: "zero",
    options: [
      { value: "zero", label: "No motion" },
      { value: "given", label: "The motion of the step before, or the one that is open" },
    ],
    help: "A given motion is refined: a few iterations at the final blur improve most motions; many begin to fit noise.",
  },
  iterations: number({
    label: "Iterations",
    unit: "steps",
    default: 160,
    min: 1,
    max: 100000,
    integer: true,
    help: "Optimisation steps; each uses all spikes.",
  }),
  learning_rate: number({
    label: "Learning rate",
    unit: "µm",
    default: 1,
    min: 1e-4,
    max: 100,
    help: "Adam's step size: about how far a bin moves in one iteration at first, so that iterations times this bound the motion.",
  }),
  sigma_start_um: number({
    label: "Blur at the start",
    unit: "µm",
    default: 40,
    min: 0.5,
    max: 1000,
    help: "Standard deviation by which spikes are blurred at first. Motion from one bin to another well beyond it may be missed; raise it for large motion.",
  }),
  sigma_end_um: number({
    label: "Blur at the end",
    unit: "µm",
    default: 4,
    min: 0.5,
    max: 1000,
    help: "The blur falls linearly to this. About the error of the localizer is right.",
  }),
  anneal_fraction: number({
    label: "Part of the run in which the blur falls",
    unit: "",
    default: 0.63,
    min: 0,
    max: 1,
    advanced: true,
    help: "The rest of the run stays at the final blur.",
  }),
  bin_um: number({
    label: "Grid pitch",
    unit: "µm",
    default: 4,
    min: 0.5,
    max: 100,
    advanced: true,
    help: "Cell of the histogram, along and across the probe. While the blur is larger, cells are as large as the blur.",
  }),
  time_horizon_s: number({
    label: "Time horizon",
    unit: "s",
    default: 300,
    min: 0,
    max: 1e6,
    help: "Only bins within this of each other are compared, as activity changes over a recording; 0 compares all. Shorten it when motion looks torn, lengthen it when the curves wander over minutes.",
  }),
  smoothing_bins: number({
    label: "Smoothing",
    unit: "bins",
    default: 0,
    min: 0,
    max: 100,
    integer: true,
    help: "Motion is smoothed over this many bins on either side by a triangle; 0 does not smooth. For few spikes; it blunts fast motion.",
  }),
  min_spikes: number({
    label: "Spikes a bin needs",
    unit: "spikes",
    default: 10,
    min: 1,
    max: 100000,
    integer: true,
    advanced: true,
    help: "Bins with fewer take no part; their motion is filled in from their neighbours.",
  }),
  use_lateral: {
    type: "boolean",
    label: "Use lateral position",
    unit: "",
    default: true,
    advanced: true,
    help: "Also tell units apart across the probe, where spikes have a lateral position. Motion is along the probe all the same.",
  },
};

export const presets: MethodInfo["presets"] = [
  {
    id: "refine",
    title: "Refine a motion",
    help: "A few careful iterations from a motion that is there, such as DREDge's.",
    params: { start: "given", iterations: 30, learning_rate: 0.3, sigma_start_um: 4 },
  },
  {
    id: "smooth",
    title: "Few spikes",
    help: "Rigid, longer bins, smoothed over two of them.",
    params: { num_depth_levels: 1, bin_s: 2, smoothing_bins: 2 },
  },
];

export const troubleshooting: MethodInfo["troubleshooting"] = [
  {
    title: "Steps that are not there",
    symptom: "Motion jumps by about the distance between units, and a stretch of the corrected raster is shifted.",
    advice:
      "Shorten the time horizon, start with a larger blur and more iterations, or refine the motion of another method.",
    params: ["time_horizon_s", "sigma_start_um", "iterations", "start"],
  },
  {
    title: "Noise from bin to bin",
    symptom: "The curves tremble although the raster shows no such movement.",
    advice: "Lengthen the bins, smooth, or use fewer depth levels.",
    params: ["bin_s", "smoothing_bins", "num_depth_levels"],
  },
  {
    title: "Motion too small",
    symptom: "Repeatability is high at once and the motion stays near zero.",
    advice:
      "The depths may be locked to channels, as those of the peak channel or of the centre of mass are; use monopolar locations.",
    params: [],
  },
];

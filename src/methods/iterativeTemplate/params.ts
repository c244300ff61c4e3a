import type { MethodInfo } from "../../protocol/methods.ts";
import { windowParams } from "../estimators/windowParams.ts";
import { number } from "../numberParam.ts";

/** Parameters under SpikeInterface's names, with its defaults. */
export const params: MethodInfo["params"] = {
  bin_s: number({
    label: "Time bin",
    unit: "s",
    default: 2,
    min: 0.05,
    max: 600,
    help: "One displacement per bin; Kilosort takes its batches of about 2 s. Longer bins hold more spikes and follow less quickly.",
  }),
  bin_um: number({
    label: "Depth bin",
    unit: "µm",
    default: 10,
    min: 1,
    max: 200,
    help: "Depth bin of the histogram. The result is exact to a tenth of it.",
  }),
  ...windowParams,
  num_shifts_global: number({
    label: "Shifts of the whole probe",
    unit: "bins",
    default: 15,
    min: 0,
    max: 500,
    integer: true,
    help: "How far all depths may move together from the template in one round, in depth bins to either side.",
  }),
  num_shifts_block: number({
    label: "Shifts of a window",
    unit: "bins",
    default: 5,
    min: 1,
    max: 200,
    integer: true,
    help: "How far a window may move beyond what the whole probe does, in depth bins to either side.",
  }),
  num_iterations: number({
    label: "Rounds",
    unit: "",
    default: 10,
    min: 1,
    max: 200,
    integer: true,
    advanced: true,
    help: "Rounds of alignment to the template, which is renewed in each; the last one is that of the windows.",
  }),
  num_amp_bins: number({
    label: "Amplitude bins",
    unit: "",
    default: 20,
    min: 1,
    max: 200,
    integer: true,
    advanced: true,
    help: "Bins of the logarithm of amplitude, which tell units at one depth apart.",
  }),
  hist_margin_um: number({
    label: "Histogram margin",
    unit: "µm",
    default: 0,
    min: -10000,
    max: 10000,
    advanced: true,
    help: "How far the histogram reaches beyond the contacts; negative leaves the ends of the probe out.",
  }),
  smoothing_sigma: number({
    label: "Smoothing",
    unit: "bins",
    default: 0.5,
    min: 0,
    max: 20,
    advanced: true,
    help: "Standard deviation of the smoothing of covariances over time, windows and shifts.",
  }),
  kriging_sigma: number({
    label: "Interpolation sigma",
    unit: "bins",
    default: 1,
    min: 0.1,
    max: 20,
    advanced: true,
    help: "Covariances are brought to tenths of a bin by exp(−(distance / sigma)^p / d).",
  }),
  kriging_p: number({
    label: "Interpolation p",
    unit: "",
    default: 2,
    min: 0.5,
    max: 4,
    advanced: true,
    help: "The exponent above.",
  }),
  kriging_d: number({
    label: "Interpolation d",
    unit: "",
    default: 2,
    min: 0.1,
    max: 20,
    advanced: true,
    help: "The divisor above.",
  }),
};

export const presets: MethodInfo["presets"] = [
  {
    id: "kilosort-like",
    title: "As SpikeInterface's kilosort_like",
    help: "Overlapping rectangular windows of 400 µm, 200 µm apart.",
    params: { win_shape: "rect", win_step_um: 200, win_scale_um: 400 },
  },
];

export const troubleshooting: MethodInfo["troubleshooting"] = [
  {
    title: "Motion stops at a ceiling",
    symptom: "The curves run along a straight line where the raster moves on.",
    advice:
      "Allow more shifts of the whole probe; where only one end of the probe moves that far, more shifts of a window.",
    params: ["num_shifts_global", "num_shifts_block"],
  },
  {
    title: "Jumps by many bins",
    symptom: "Single time bins leap to another place and back.",
    advice: "Too few spikes in a bin: make the time bins longer, the windows wider, or the motion rigid.",
    params: ["bin_s", "win_scale_um", "rigid"],
  },
];

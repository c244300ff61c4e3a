import type { MethodInfo } from "../../protocol/methods.ts";
import { windowParams } from "../estimators/windowParams.ts";
import { number } from "../numberParam.ts";

/** DREDge's parameters under the names, defaults and meanings of SpikeInterface's `dredge_ap` and its `thomas_kw`. */
export const params: MethodInfo["params"] = {
  rigid: {
    ...windowParams.rigid,
    help: "One motion for the whole probe instead of one per window. For short probes, few spikes, or to be robust.",
  },
  bin_s: number({
    label: "Time bin",
    unit: "s",
    default: 1,
    min: 0.01,
    max: 600,
    help: "Length of one bin of the motion. All pairs of bins are compared, so twice as long is four times as fast; with few spikes longer bins (5 to 20 s) are also steadier.",
  }),
  bin_um: number({
    label: "Depth bin",
    unit: "µm",
    default: 1,
    min: 0.1,
    max: 100,
    help: "Displacements between two time bins are whole multiples of this. Twice as coarse is about four times as fast.",
  }),
  win_step_um: {
    ...windowParams.win_step_um,
    default: 400,
    min: 10,
    help: "Distance between the centres of neighbouring windows; each has a motion of its own.",
  },
  win_scale_um: {
    ...windowParams.win_scale_um,
    default: 450,
    help: "Width of a window: σ of a Gaussian (SpikeInterface) or twice its σ (original DREDge), the full width of a rect or triangle. Smaller follows motion that bends with depth, and needs more spikes.",
  },
  max_disp_um: number({
    label: "Largest displacement",
    unit: "µm",
    default: 0,
    min: 0,
    max: 20000,
    help: "Largest displacement looked for between two time bins. 0 = automatic: a quarter of the window scale, or of the probe's length when rigid. Raise it if motion is cut short; lower it against jumps.",
  }),
  time_horizon_s: number({
    label: "Time horizon",
    unit: "s",
    default: 1000,
    min: 0,
    max: 1e6,
    help: "Time bins further apart are not compared. 0 compares all. Time and memory grow in proportion. As in the reference it applies only where it is less than the number of time bins.",
  }),
  mincorr: number({
    label: "Least correlation",
    unit: "",
    default: 0.1,
    min: 0,
    max: 1,
    help: "Pairs of time bins that correlate less do not count. Raise it (0.3 to 0.6) when weak pairs make the motion jump.",
  }),
  chunk_len_s: number({
    label: "Online chunk",
    unit: "s",
    default: 0,
    min: 0,
    max: 1e6,
    help: "Above 0: solve the recording in chunks of this length, each against the chunks before it within the horizon. Memory then no longer grows with the recording. 0 = solve it whole, which is exact; take at least the time horizon.",
  }),
  probe_low_um: number({
    label: "Lowest contact",
    unit: "µm",
    default: 0,
    min: -100000,
    max: 100000,
    help: "Depth of the lowest contact, for spikes that came without a probe. Lowest = highest (0 and 0) = automatic: the spikes' own range.",
  }),
  probe_high_um: number({
    label: "Highest contact",
    unit: "µm",
    default: 0,
    min: -100000,
    max: 100000,
    help: "Depth of the highest contact, for spikes that came without a probe. A probe that is known goes first.",
  }),
  front_end: {
    type: "choice",
    label: "Front end",
    unit: "",
    default: "spikeinterface",
    options: [
      { value: "spikeinterface", label: "SpikeInterface's port" },
      { value: "original", label: "original DREDge" },
    ],
    advanced: true,
    help: "Two programs carry the name. The original takes the logarithm of the raster, the spikes' own depth range, mirrored ends and windows half as wide; SpikeInterface's port takes amplitudes as they are and the contacts' range.",
  },
  win_shape: { ...windowParams.win_shape, help: "How a window weighs depth." },
  win_margin_um: {
    ...windowParams.win_margin_um,
    help: "How far the windows reach beyond the contacts; below 0 they stay inside. 0 = automatic: minus half the window scale.",
  },
  histogram_depth_smooth_um: number({
    label: "Smoothing over depth",
    unit: "µm",
    default: 1,
    min: 0,
    max: 1000,
    advanced: true,
    help: "σ of the Gaussian that smooths the raster over depth. 0 does not smooth.",
  }),
  histogram_time_smooth_s: number({
    label: "Smoothing over time",
    unit: "s",
    default: 1,
    min: 0,
    max: 3600,
    advanced: true,
    help: "σ of the Gaussian that smooths the raster over time. 0 does not smooth.",
  }),
  avg_in_bin: {
    type: "boolean",
    label: "Mean amplitude",
    unit: "",
    default: false,
    advanced: true,
    help: "Fill the raster with mean amplitudes instead of their sums.",
  },
  do_window_weights: {
    type: "boolean",
    label: "Leave out cold bins",
    unit: "",
    default: true,
    advanced: true,
    help: "Time bins with too little activity in a window (below the thresholds) do not count there.",
  },
  weights_threshold_low: number({
    label: "Cold below",
    unit: "µV per bin",
    default: 0.2,
    min: 0,
    max: 1e6,
    advanced: true,
    help: "Activity of a window, amplitude per depth bin, below which a time bin does not count.",
  }),
  weights_threshold_high: number({
    label: "Hot above",
    unit: "µV per bin",
    default: 0.2,
    min: 0,
    max: 1e6,
    advanced: true,
    help: "Activity above which a time bin counts in full; between the two it counts in part.",
  }),
  lambda_t: number({
    label: "Temporal prior",
    unit: "",
    default: 1,
    min: 0,
    max: 1e9,
    advanced: true,
    help: "Weight of the prior that motion changes little from bin to bin. It carries motion across bins that do not count; raise it (10 to 1000) for a smoother motion.",
  }),
  lambda_s: number({
    label: "Spatial prior",
    unit: "",
    default: 1,
    min: 0,
    max: 1e9,
    advanced: true,
    help: "Weight of the prior that neighbouring windows change alike. Raise it when single windows go astray.",
  }),
  eps: number({
    label: "Ridge",
    unit: "",
    default: 0.001,
    min: 1e-9,
    max: 1e6,
    advanced: true,
    help: "Weak pull towards zero displacement; it sets the level, which pairs of bins leave open.",
  }),
};

export const presets: MethodInfo["presets"] = [
  {
    id: "correct-motion",
    title: "SpikeInterface's correct_motion",
    help: "The estimation of its presets dredge and dredge_fast: a window scale of 400 µm, so that displacements up to 100 µm are looked for.",
    params: { win_scale_um: 400 },
  },
  {
    id: "rigid-fast",
    title: "Rigid and fast",
    help: "The estimation of SpikeInterface's preset rigid_fast: one motion, in bins of 5 s.",
    params: { rigid: true, bin_s: 5 },
  },
  {
    id: "fine",
    title: "Fine in depth",
    help: "Windows half as far apart and half as wide, with the same largest displacement: for long probes with many spikes.",
    params: { win_step_um: 200, win_scale_um: 225, max_disp_um: 112 },
  },
  {
    id: "sparse",
    title: "Few spikes",
    help: "Bins of 10 s, pairs that correlate clearly and a stronger temporal prior, against jumps that are not there.",
    params: { bin_s: 10, mincorr: 0.3, lambda_t: 10 },
  },
  {
    id: "long",
    title: "Hours long",
    help: "In chunks of 2000 s, each solved against those before it: bounded memory for recordings of many hours.",
    params: { chunk_len_s: 2000 },
  },
];

/** Advice for results that look wrong. The cases are those that users of DREDge report. */
export const troubleshooting: MethodInfo["troubleshooting"] = [
  {
    title: "Jumps that are not there",
    symptom:
      "The curve leaps, often to the same height and back within seconds, while the raw raster shows no such movement; typical where activity is weak.",
    advice:
      "Take longer time bins, let only pairs count that correlate clearly, raise the temporal prior, or lower the largest displacement to what the tissue can do. Or make it rigid.",
    params: ["bin_s", "mincorr", "lambda_t", "max_disp_um", "rigid"],
  },
  {
    title: "Motion cut short",
    symptom: "Large movement is followed part of the way; the run warns that many pairs lie at the limit.",
    advice: "Raise the largest displacement.",
    params: ["max_disp_um"],
  },
  {
    title: "Short probe",
    symptom: "The run warns that one window is used, or neighbouring windows look the same.",
    advice: "On probes below a millimetre take one rigid motion, or make windows smaller and closer.",
    params: ["rigid", "win_step_um", "win_scale_um"],
  },
  {
    title: "Few spikes",
    symptom: "The curve is noisy everywhere, or flat for long stretches that the run counts as cold.",
    advice:
      "Take bins of 5 to 20 s and smooth the raster over more depth; lower the detection threshold to find more spikes.",
    params: ["bin_s", "histogram_depth_smooth_um", "histogram_time_smooth_s"],
  },
  {
    title: "Bends with depth are missed",
    symptom: "The corrected raster is straight at one depth and still moves at another.",
    advice: "Make windows narrower and closer; keep the largest displacement, which otherwise shrinks with the scale.",
    params: ["win_scale_um", "win_step_um", "max_disp_um"],
  },
  {
    title: "Long recording",
    symptom: "Memory or time is more than there is.",
    advice: "Shorten the horizon, solve in chunks, or take longer time bins.",
    params: ["time_horizon_s", "chunk_len_s", "bin_s", "bin_um"],
  },
];

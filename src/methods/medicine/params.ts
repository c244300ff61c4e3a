import type { MethodInfo } from "../../protocol/methods.ts";
import { number } from "../numberParam.ts";

/** MEDiCINe's hyperparameters under the names, defaults and meanings of its `run_medicine`. */
export const params: MethodInfo["params"] = {
  motion_bound: number({
    label: "Motion bound",
    unit: "µm",
    default: 800,
    min: 1,
    max: 20000,
    help: "The largest span of motion that can be learned: ± half of this. It is applied before smoothing, so be liberal; raise it if large motion is cut short.",
  }),
  time_bin_size: number({
    label: "Time bin",
    unit: "s",
    default: 1,
    min: 0.01,
    max: 600,
    help: "Length of one bin of the motion. The motion is smoothed over the kernel below, so this hardly changes the result; longer bins are a little faster.",
  }),
  time_kernel_width: number({
    label: "Time kernel width",
    unit: "s",
    default: 30,
    min: 0,
    max: 36000,
    help: "Full width of the triangle that smooths motion over time. Narrow it for fast motion; widen it for few spikes or a wiggly result.",
  }),
  num_depth_bins: number({
    label: "Depth levels",
    unit: "",
    default: 2,
    min: 1,
    max: 64,
    integer: true,
    help: "Depths at which motion is free; it is linear between them. 1 is rigid, 2 lets it change linearly along the probe.",
  }),
  amplitude_threshold_quantile: number({
    label: "Amplitude threshold quantile",
    unit: "",
    default: 0,
    min: -0.999,
    max: 0.999,
    help: "Above 0: ignore this fraction of spikes with the smallest signed amplitude. Below 0: ignore the largest. With negative amplitudes (troughs) a negative value drops the weak spikes.",
  }),
  training_steps: number({
    label: "Training steps",
    unit: "steps",
    default: 10000,
    min: 1,
    max: 1000000,
    integer: true,
    help: "Optimisation steps. Keep it well above the noise steps.",
  }),
  batch_size: number({
    label: "Batch size",
    unit: "spikes",
    default: 4096,
    min: 2,
    max: 65536,
    integer: true,
    advanced: true,
    help: "Real spikes per step, and as many drawn ones. Below about 1024 the optimisation becomes unstable.",
  }),
  initial_motion_noise: number({
    label: "Initial motion noise",
    unit: "of depth range",
    default: 0.1,
    min: 0,
    max: 10,
    advanced: true,
    help: "Standard deviation of the noise added to motion at the first step, as a fraction of the depth range. It keeps the start out of local minima.",
  }),
  motion_noise_steps: number({
    label: "Motion noise steps",
    unit: "steps",
    default: 2000,
    min: 1,
    max: 1000000,
    integer: true,
    advanced: true,
    help: "The noise falls linearly to zero over this many steps. Reduce it together with the training steps.",
  }),
  learning_rate: number({
    label: "Learning rate",
    unit: "",
    default: 0.0005,
    min: 1e-7,
    max: 1,
    advanced: true,
    help: "Adam's step size, constant throughout.",
  }),
  activity_network_hidden_features: {
    type: "integers",
    label: "Hidden units",
    unit: "units",
    default: [256, 256],
    min: 1,
    max: 2048,
    advanced: true,
    help: "Widths of the hidden layers of the network that learns where, and how large, spikes are.",
  },
  epsilon: number({
    label: "Epsilon",
    unit: "s",
    default: 0.001,
    min: 1e-9,
    max: 1,
    advanced: true,
    help: "Margin added to both ends of the recording when it is cut into time bins.",
  }),
};

export const presets: MethodInfo["presets"] = [
  {
    id: "quick",
    title: "Quick look",
    help: "A fifth of the steps: enough to see the shape of the motion.",
    params: { training_steps: 2000, motion_noise_steps: 1000 },
  },
  {
    id: "sparse",
    title: "Few spikes",
    help: "Rigid and smoother, for few units or a wiggly result.",
    params: { num_depth_bins: 1, time_kernel_width: 60 },
  },
  {
    id: "fast-motion",
    title: "Fast motion",
    help: "A narrower time kernel, for motion that changes within seconds.",
    params: { time_kernel_width: 10 },
  },
];

/** Advice for results that look wrong, where the reader would look for it. The cases are those of MEDiCINe's own guide. */
export const troubleshooting: MethodInfo["troubleshooting"] = [
  {
    title: "Overfitting",
    symptom: "The curves wiggle although the raster shows no such movement; typical for few units or low rates.",
    advice: "Make the motion rigid with one depth level, or smooth it over a wider time kernel.",
    params: ["num_depth_bins", "time_kernel_width"],
  },
  {
    title: "Underfitting",
    symptom:
      "Quick movement is visible in the raw raster and still there after correction, or depths move differently and the fit does not follow.",
    advice: "Narrow the time kernel; for motion that bends with depth, add depth levels.",
    params: ["time_kernel_width", "num_depth_bins"],
  },
  {
    title: "Motion too small",
    symptom: "Large movement is followed only part of the way, as if it hit a ceiling.",
    advice: "Raise the motion bound.",
    params: ["motion_bound"],
  },
  {
    title: "Bad spikes",
    symptom: "Horizontal bands that stay put while everything else moves: weak detections tied to single channels.",
    advice:
      "Leave weak spikes out: with negative amplitudes set the threshold quantile below 0 (−0.25 drops the weakest quarter), with positive ones above 0. The opposite sign drops the strongest.",
    params: ["amplitude_threshold_quantile"],
  },
];

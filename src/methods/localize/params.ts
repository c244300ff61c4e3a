import type { MethodInfo } from "../../protocol/methods.ts";
import { number } from "../numberParam.ts";

/** Parameters of the localizers, to be spread into the methods that localize. */
export const localizeParams = {
  localizer: {
    type: "choice",
    label: "Localizer",
    unit: "",
    default: "monopolar",
    options: [
      { value: "monopolar", label: "Monopolar triangulation" },
      { value: "com", label: "Centre of mass" },
      { value: "peak-channel", label: "Channel of the largest amplitude" },
      { value: "grid", label: "Grid convolution" },
    ],
    help: "How a spike's position follows from its amplitudes. Monopolar is the most exact and the only one with a true distance from the probe; centre of mass is pulled towards the probe's middle.",
  },
  feature: {
    type: "choice",
    label: "Amplitude feature",
    unit: "",
    default: "ptp",
    options: [
      { value: "ptp", label: "Peak to peak" },
      { value: "energy", label: "Energy (root of the sum of squares)" },
      { value: "peak_voltage", label: "Voltage at the peak" },
    ],
    help: "What is measured on each channel. Grid convolution measures the likeness to a prototype waveform instead.",
  },
  channel_set: {
    type: "choice",
    label: "Channels per spike",
    unit: "",
    default: "radius75",
    options: [
      { value: "radius75", label: "All within 75 µm" },
      { value: "nearest10", label: "The nearest 10" },
    ],
    help: "Which channels around the peak channel take part. Grid convolution has its own.",
  },
  max_distance: number({
    label: "Largest distance",
    unit: "µm",
    default: 150,
    min: 10,
    max: 2000,
    advanced: true,
    help: "Monopolar: how far a spike may lie from its centre of mass, along and across the probe; up to ten times this away from it.",
  }),
  objective: {
    type: "choice",
    label: "Objective",
    unit: "",
    default: "log-penalty",
    options: [
      { value: "log-penalty", label: "Least squares with log penalty" },
      { value: "least-squares", label: "Least squares" },
    ],
    advanced: true,
    help: "Monopolar: the penalty keeps z off zero where the amplitudes do not tell; SpikeInterface uses it for peaks and plain least squares for units.",
  },
  grid_mode: {
    type: "choice",
    label: "Grid templates",
    unit: "",
    default: "exponential_3d",
    options: [
      { value: "exponential_3d", label: "Exponential decay, with z" },
      { value: "gaussian_2d", label: "Gaussians, as Kilosort" },
    ],
    advanced: true,
    help: "Grid convolution: the shape of the templates. With Gaussians the z column is a width in µm, not a distance.",
  },
} as const satisfies MethodInfo["params"];

/** What methods that localize are asked beside the localizers' own parameters. */
export const howToLocalizeParams = {
  localize_on: {
    type: "choice",
    label: "Localize on",
    unit: "",
    default: "raw",
    options: [
      { value: "raw", label: "waveforms as recorded" },
      { value: "denoised", label: "waveforms denoised by tPCA" },
    ],
    help: "Denoised waveforms give steadier positions of weak spikes.",
  },
  other_localizers: {
    type: "choice",
    label: "Other localizers",
    unit: "",
    default: "all",
    options: [
      { value: "all", label: "compute them as well" },
      { value: "none", label: "only the one above" },
    ],
    help: "The others are cheap beside reading, and a clicked spike then shows what each of them says.",
    advanced: true,
  },
} as const satisfies MethodInfo["params"];

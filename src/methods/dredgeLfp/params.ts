import type { MethodInfo } from "../../protocol/methods.ts";
import { windowParams } from "../estimators/windowParams.ts";
import { number } from "../numberParam.ts";

/** How field potentials are brought into shape, then SpikeInterface's names and defaults of DREDge on them. */
export const params: MethodInfo["params"] = {
  rigid: {
    ...windowParams.rigid,
    default: true,
    help: "One motion for all depths. Field potentials reach far, so windows must be large to tell depths apart.",
  },
  resample_hz: number({
    label: "Rate of the motion",
    unit: "Hz",
    default: 250,
    min: 1,
    max: 1000,
    help: "Field potentials are brought down to about this rate (the recording's divided by a whole number), and every sample gets a displacement. 250 Hz follows heart beats; 50 Hz is some 20 times faster.",
  }),
  chunk_len_s: number({
    label: "Chunk",
    unit: "s",
    default: 10,
    min: 0.1,
    max: 600,
    help: "Every sample is compared with those of its chunk and of the one before. Time and memory grow with the chunk's number of samples; some 2,500 are good.",
  }),
  max_disp_um: number({
    label: "Largest displacement",
    unit: "µm",
    default: 500,
    min: 1,
    max: 10000,
    help: "How far the tissue may move within two chunks. As small as it is safe: wrong matches further away are then impossible.",
  }),
  mincorr: number({
    label: "Least correlation",
    unit: "",
    default: 0.8,
    min: 0,
    max: 1,
    help: "Pairs of samples that correlate less do not count.",
  }),
  derivative: {
    type: "boolean",
    label: "Second derivative over depth",
    unit: "",
    default: true,
    help: "Removes what all depths share (the reference, distant sources) and does not move with the tissue. Try without it where the rows are noisy.",
  },
  subrow: {
    type: "boolean",
    label: "Finer than a row",
    unit: "",
    default: true,
    help: "Displacements between the rows of contacts by a parabola through the correlation; without it a pair's displacement is a whole number of rows, as in SpikeInterface.",
  },
  soft: {
    type: "boolean",
    label: "Soft weights",
    unit: "",
    default: false,
    advanced: true,
    help: "Pairs count by the square of their correlation; otherwise all that count at all count alike.",
  },
  freq_min: number({
    label: "High-pass at",
    unit: "Hz",
    default: 0.5,
    min: 0.05,
    max: 100,
    advanced: true,
    help: "Slower potentials are removed.",
  }),
  freq_max: number({
    label: "Low-pass at",
    unit: "Hz",
    default: 250,
    min: 1,
    max: 1000,
    advanced: true,
    help: "Faster potentials are removed; nothing above half the rate of the motion stays in any case.",
  }),
  filter_order: number({
    label: "Filter order",
    unit: "",
    default: 3,
    min: 1,
    max: 8,
    integer: true,
    advanced: true,
    help: "Order of the Butterworth filter, which runs forwards and backwards.",
  }),
  win_shape: {
    ...windowParams.win_shape,
    help: "For motion that is not rigid: how much a depth counts for a window.",
  },
  win_step_um: {
    ...windowParams.win_step_um,
    default: 800,
    min: 10,
    help: "For motion that is not rigid: from one window's centre to the next.",
  },
  win_scale_um: {
    ...windowParams.win_scale_um,
    default: 850,
    min: 10,
    help: "Standard deviation of a Gaussian window, full width of the others.",
  },
  win_margin_um: {
    ...windowParams.win_margin_um,
    help: "How far windows reach beyond the contacts; 0 is automatic: half a window scale inside.",
  },
  lambda_t: number({
    label: "Smoothness over time",
    unit: "",
    default: 1,
    min: 0,
    max: 1000000,
    advanced: true,
    help: "Weight of the prior that displacement changes little from one sample to the next, against one for each pair.",
  }),
  lambda_s: number({
    label: "Smoothness over depth",
    unit: "",
    default: 1,
    min: 0,
    max: 1000000,
    advanced: true,
    help: "Weight of the prior that neighbouring windows change alike.",
  }),
  eps: number({
    label: "Ridge",
    unit: "",
    default: 0.001,
    min: 1e-9,
    max: 1,
    advanced: true,
    help: "Pull towards zero; it sets the level, which pairs alone leave open.",
  }),
};

export const presets: MethodInfo["presets"] = [
  {
    id: "slow",
    title: "Slow motion",
    help: "50 Hz: breathing and slow drift, in a fraction of the time.",
    params: { resample_hz: 50, chunk_len_s: 30 },
  },
];

export const troubleshooting: MethodInfo["troubleshooting"] = [
  {
    title: "Hardly any pairs count",
    symptom: "The motion stays near zero or wanders off slowly.",
    advice: "Lower the least correlation; try without the second derivative, which makes noise larger.",
    params: ["mincorr", "derivative"],
  },
  {
    title: "Sudden jumps",
    symptom: "The motion leaps by many rows where waves of activity travel along the probe.",
    advice: "Lower the largest displacement to what the tissue can really do.",
    params: ["max_disp_um"],
  },
];

import type { MethodInfo, ParamSpec } from "../../protocol/methods.ts";
import { modelParams } from "./modelParams.ts";

type Spec = Omit<Extract<ParamSpec, { type: "number" }>, "type">;
const number = (spec: Spec): ParamSpec => ({ type: "number", ...spec });

const loop: MethodInfo["params"] = {
  outer_iterations: number({
    label: "Outer iterations",
    unit: "",
    default: 1,
    min: 1,
    max: 50,
    integer: true,
    help: "How often motion is estimated anew and the network trained on it. In simulation one is enough; the reference makes 8.",
  }),
  epochs: number({
    label: "Epochs",
    unit: "per iteration",
    default: 4,
    min: 1,
    max: 1000,
    integer: true,
    help: "How often the network sees every block of an iteration. Three to six raise repeatability; many more begin to trade position for it. A finished run goes on when this is raised and it is resumed.",
  }),
  motion: {
    type: "choice",
    label: "Motion",
    unit: "",
    default: "dredge",
    options: [
      { value: "dredge", label: "DREDge on the positions as they stand" },
      { value: "medicine", label: "MEDiCINe on the positions as they stand" },
      { value: "gradient-motion", label: "Gradient motion on the positions as they stand" },
      { value: "given", label: "The motion of the step before, or the one that is open" },
      { value: "none", label: "No motion" },
    ],
    help: "Phase A of every iteration: what is taken away from positions before time bins are compared.",
  },
  win_scale_um: number({
    label: "DREDge's window scale",
    unit: "µm",
    default: 400,
    min: 10,
    max: 20000,
    help: "Width of DREDge's windows along the probe, 400 µm apart.",
    advanced: true,
  }),
  lateral: {
    type: "choice",
    label: "Motion across the probe",
    unit: "",
    default: "off",
    options: [
      { value: "off", label: "none" },
      { value: "corrected", label: "from histograms of x" },
      { value: "as-published", label: "as published, with its sign turned" },
    ],
    help: "The published code also moves x, in steps of 4 µm, and by its sign doubles what it means to take away. Tissue hardly moves across a probe, and the estimate shakes by a step from bin to bin.",
    advanced: true,
  },
  end_to_end: {
    type: "boolean",
    label: "Train motion too",
    unit: "",
    default: false,
    help: "After phase A motion itself follows the gradient of the same loss, bin by bin, together with the network.",
  },
  motion_start: {
    type: "choice",
    label: "Trained motion starts from",
    unit: "",
    default: "phase-a",
    options: [
      { value: "phase-a", label: "phase A" },
      { value: "zero", label: "nothing, under a blur that falls" },
    ],
    help: "From nothing, phase A is left out and the histogram starts with a blur of 40 µm that falls to its own over the first 63 % of the run.",
    advanced: true,
  },
  motion_learning_rate: number({
    label: "Step of the motion",
    unit: "µm",
    default: 0.2,
    min: 0.001,
    max: 20,
    help: "How far a time bin may move in one step, where motion is trained too.",
    advanced: true,
  }),
  second_round: {
    type: "boolean",
    label: "DREDge once more at the end",
    unit: "",
    default: false,
    help: "Motion from the final positions, compared with the one they were trained under; it is the motion that is handed on.",
    advanced: true,
  },
};

const blocks: MethodInfo["params"] = {
  bin_s: number({
    label: "Time bin",
    unit: "s",
    default: 1,
    min: 0.05,
    max: 600,
    help: "Positions of one bin are compared with those of others. Longer bins where spikes are few.",
  }),
  min_spikes: number({
    label: "Spikes a bin needs",
    unit: "spikes",
    default: 50,
    min: 1,
    max: 100000,
    integer: true,
    help: "Bins with fewer are not compared; the tether holds their spikes all the same.",
    advanced: true,
  }),
  block_bins: number({
    label: "Bins in a block",
    unit: "bins",
    default: 32,
    min: 4,
    max: 1024,
    integer: true,
    help: "A step of training compares the bins of one block with each other.",
    advanced: true,
  }),
  stride: number({
    label: "Stride of the blocks",
    unit: "bins",
    default: 8,
    min: 1,
    max: 1024,
    integer: true,
    help: "From the start of one block to that of the next. At 1, as published, an epoch takes every spike through the network 32 times.",
  }),
  sampling: {
    type: "choice",
    label: "Bins of a block",
    unit: "",
    default: "consecutive",
    options: [
      { value: "consecutive", label: "in a row" },
      { value: "random", label: "from anywhere in the training time" },
    ],
    help: "In a row as published; from anywhere does as well in simulation, and compares what is far apart too.",
    advanced: true,
  },
  train_fraction: number({
    label: "Time to train on",
    unit: "",
    default: 0.7,
    min: 0.05,
    max: 1,
    help: "From the beginning; the best epoch is chosen by ρ̄ of the rest. It does not tell whether position is given up for ρ̄: the checks do.",
    advanced: true,
  }),
  validation_blocks: number({
    label: "Blocks to validate on",
    unit: "blocks",
    default: 20,
    min: 1,
    max: 1000,
    integer: true,
    help: "At most so many, the same ones after every epoch.",
    advanced: true,
  }),
  window_bins: number({
    label: "Window",
    unit: "bins",
    default: 30,
    min: 1,
    max: 100000,
    integer: true,
    help: "Bins of a block in a row are compared when they lie at most so far apart.",
    advanced: true,
  }),
  pitch_um: number({
    label: "Grid pitch",
    unit: "µm",
    default: 4,
    min: 1,
    max: 100,
    help: "Cell of the histogram whose bins are compared.",
    advanced: true,
  }),
  sigma_um: number({
    label: "Blur",
    unit: "µm",
    default: 4,
    min: 0.5,
    max: 100,
    help: "Standard deviation by which every spike is blurred in it.",
    advanced: true,
  }),
  grid: {
    type: "choice",
    label: "Extent of the grid",
    unit: "",
    default: "probe",
    options: [
      { value: "probe", label: "the contacts and 40 µm around them" },
      { value: "canonical", label: "as published: x −40…80, y 0…3840 µm" },
    ],
    help: "ρ̄ and H̄ depend on it: numbers of different grids cannot be compared.",
    advanced: true,
  },
};

export const params: MethodInfo["params"] = { ...loop, ...modelParams, ...blocks };

export const presets: MethodInfo["presets"] = [
  {
    id: "as-published",
    title: "As published",
    help: "Eight iterations of five epochs, every start of a block, x and y tethered, BatchNorm in training mode. In simulation it spoils z, and the checks then keep the pretrained network.",
    params: {
      outer_iterations: 8,
      epochs: 5,
      stride: 1,
      tether_axes: "xy",
      batch_norm: "batch",
      win_scale_um: 450,
      grid: "canonical",
      lateral: "as-published",
    },
  },
  {
    id: "post-dredge",
    title: "Under a motion that is there",
    help: "One long iteration of 20 epochs under a given motion.",
    params: { motion: "given", epochs: 20 },
  },
  {
    id: "resume",
    title: "Small steps from a tuned network",
    help: "Goes on from the network that is open under a given motion, with a learning rate of 1e-5 and the gradient clipped at 1.",
    params: { motion: "given", learning_rate: 1e-5, clip_norm: 1 },
  },
  {
    id: "end-to-end",
    title: "Motion and network together",
    help: "Motion starts from DREDge's and follows the gradient of the same loss.",
    params: { end_to_end: true },
  },
];

export const troubleshooting: MethodInfo["troubleshooting"] = [
  {
    title: "The checks keep the pretrained network",
    symptom: "ρ̄ rises, but the spread of x or z leaves its limits.",
    advice:
      "Tether z too, lower the learning rate or make fewer epochs; the weight of the point source holds z where cells are small.",
    params: ["tether_axes", "learning_rate", "epochs", "lambda_residual"],
  },
  {
    title: "ρ̄ hardly rises",
    symptom: "The curves are flat from the first epoch on.",
    advice: "More epochs, a smaller stride or longer time bins; a recording with few spikes has little to compare.",
    params: ["epochs", "stride", "bin_s"],
  },
  {
    title: "Δρ̄ under its limit",
    symptom: "The last check fails before training too.",
    advice: "There is little motion, or the motion is wrong: look at the drift raster under it before anything else.",
    params: ["motion", "win_scale_um"],
  },
];

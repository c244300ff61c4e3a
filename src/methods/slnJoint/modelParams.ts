import type { MethodInfo, ParamSpec } from "../../protocol/methods.ts";

type Spec = Omit<Extract<ParamSpec, { type: "number" }>, "type">;
const weight = (spec: Pick<Spec, "label" | "default" | "max" | "help">): ParamSpec => ({
  type: "number",
  unit: "",
  min: 0,
  ...spec,
});

/** Loss, network and optimiser of the joint optimisation. */
export const modelParams: MethodInfo["params"] = {
  lambda_rho: weight({
    label: "Weight of ρ̄",
    default: 1,
    max: 100,
    help: "Repeatability: how alike the time bins of a block look.",
  }),
  lambda_entropy: weight({
    label: "Weight of H̄",
    default: 0.1,
    max: 100,
    help: "Entropy of the bins, against positions that fall together; by itself it does not prevent that.",
  }),
  lambda_tether: weight({
    label: "Weight of the tether",
    default: 0.01,
    max: 100,
    help: "Per µm² of distance from where the pretrained network put a spike. It is what holds positions; without it they collapse.",
  }),
  lambda_residual: weight({
    label: "Weight of the point source",
    default: 0,
    max: 10000,
    help: "How well a point source at the position explains the amplitudes; 30 to 100 hold z as the tether does, where cells are small. Needs to know the contacts.",
  }),
  tether_axes: {
    type: "choice",
    label: "Tethered axes",
    unit: "",
    default: "xyz",
    options: [
      { value: "xyz", label: "x, y and z" },
      { value: "xy", label: "x and y, as published" },
    ],
    help: "ρ̄ does not see z, which drifts freely unless it is held; with 4 outputs log α is held along with it.",
  },
  learning_rate: {
    type: "number",
    label: "Learning rate",
    unit: "",
    default: 1e-4,
    min: 1e-7,
    max: 0.1,
    help: "AdamW's step.",
  },
  weight_decay: {
    type: "number",
    label: "Weight decay",
    unit: "",
    default: 1e-5,
    min: 0,
    max: 1,
    help: "Share of the learning rate by which every weight shrinks at each step.",
    advanced: true,
  },
  clip_norm: {
    type: "number",
    label: "Gradient clip",
    unit: "",
    default: 5,
    min: 0.001,
    max: 1e6,
    help: "Gradients with a larger norm are shortened to it.",
    advanced: true,
  },
  keep_optimizer: {
    type: "boolean",
    label: "One optimiser for all iterations",
    unit: "",
    default: true,
    help: "AdamW keeps its state over outer iterations, as published; otherwise it starts anew with each.",
    advanced: true,
  },
  dropout: {
    type: "number",
    label: "Dropout",
    unit: "",
    default: 0.1,
    min: 0,
    max: 0.9,
    help: "Share of units left out at random while training.",
    advanced: true,
  },
  batch_norm: {
    type: "choice",
    label: "BatchNorm",
    unit: "",
    default: "frozen",
    options: [
      { value: "frozen", label: "running statistics" },
      { value: "batch", label: "those of each part of a block, as published" },
    ],
    help: "With running statistics a spike's position does not depend on its neighbours in the batch. As published it does; a block goes through in parts of 2048 spikes, so that only smaller blocks equal the reference.",
    advanced: true,
  },
  z_from: {
    type: "choice",
    label: "z comes from",
    unit: "",
    default: "network",
    options: [
      { value: "network", label: "the network" },
      { value: "monopolar", label: "monopolar triangulation" },
    ],
    help: "Replace z of every position that is handed on by that of the monopolar localizer.",
    advanced: true,
  },
  slot_order: {
    type: "choice",
    label: "Slot order",
    unit: "",
    default: "auto",
    options: [
      { value: "auto", label: "found out from the waveforms" },
      { value: "distance", label: "nearest channel first" },
      { value: "depth-lateral", label: "by depth, then across" },
    ],
    help: "In which order imported waveforms hold their channels.",
    advanced: true,
  },
};

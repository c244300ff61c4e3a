import type { NetworkSpec } from "../../core/network/layout.ts";
import type { MethodInfo } from "../../protocol/methods.ts";
import { slotOrderParam } from "../localizeWaveforms/slots.ts";
import { number } from "../numberParam.ts";

/** How a network is taught. Defaults as a study on simulated recordings found them; as published is a preset. */
export const params: MethodInfo["params"] = {
  network: {
    type: "choice",
    label: "Network",
    unit: "",
    default: "cnn",
    options: [
      { value: "cnn", label: "CNN, 401,955 weights" },
      { value: "cnn4d", label: "CNN that also says α" },
      { value: "transformer", label: "Transformer, 579,971 weights" },
    ],
    help: "The transformer takes about four times as long. With α the CNN also learns the logarithm of the source's strength; an error of a tenth of a decade weighs as much as one of 3 µm.",
  },
  teacher: {
    type: "choice",
    label: "Teacher",
    unit: "",
    default: "monopolar",
    options: [
      { value: "monopolar", label: "Monopolar triangulation" },
      { value: "grid", label: "Grid convolution" },
      { value: "com", label: "Centre of mass" },
      { value: "peak-channel", label: "Channel of the largest amplitude" },
      { value: "imported", label: "Positions that came with the spikes" },
    ],
    help: "Whose positions the network learns. It ends up closer to the truth than a scattering teacher. Spikes that the teacher could not place, or left at a bound of its fit, do not train. A teacher without a distance from the probe teaches z = 0.",
  },
  loss: {
    type: "choice",
    label: "Loss",
    unit: "",
    default: "huber",
    options: [
      { value: "huber", label: "Huber, β 5 µm" },
      { value: "mse", label: "Mean square" },
    ],
    help: "What an error counts. Huber keeps the teacher's gross errors from ruling the training.",
  },
  epochs: number({
    label: "Epochs",
    unit: "",
    default: 6,
    min: 1,
    max: 1000,
    integer: true,
    help: "How often every spike is learned from. Past about six, the network begins to imitate its teacher's noise. A finished training can go on for more.",
  }),
  max_spikes: number({
    label: "Spikes per epoch",
    unit: "",
    default: 0,
    min: 0,
    max: 1e9,
    integer: true,
    help: "Learn from this many random spikes in each epoch, others each time, and validate on as many; 0 takes all.",
  }),
  batch_size: number({
    label: "Batch",
    unit: "spikes",
    default: 0,
    min: 0,
    max: 16384,
    integer: true,
    help: "Spikes per step of the optimiser. 0: 512 for the CNN, 128 for the transformer, which needs more steps: after as few as the CNN takes it still keeps depths near the rows of contacts.",
    advanced: true,
  }),
  learning_rate: number({
    label: "Learning rate",
    unit: "",
    default: 1e-3,
    min: 1e-7,
    max: 1,
    help: "Step size of AdamW. Lower it if the loss jumps.",
    advanced: true,
  }),
  falling_rate: {
    type: "boolean",
    label: "Let the learning rate fall",
    unit: "",
    default: true,
    help: "The last two of three or more epochs are made with 0.3 and 0.1 of the learning rate, which settles the result. Off: constant, as published.",
    advanced: true,
  },
  weight_decay: number({
    label: "Weight decay",
    unit: "",
    default: 1e-4,
    min: 0,
    max: 1,
    help: "What AdamW takes off every weight, as a share of it and of the learning rate.",
    advanced: true,
  }),
  dropout: number({
    label: "Dropout",
    unit: "",
    default: 0.1,
    min: 0,
    max: 0.9,
    help: "Share of units that are silenced at random while training.",
    advanced: true,
  }),
  patience: number({
    label: "Patience",
    unit: "epochs",
    default: 5,
    min: 1,
    max: 1000,
    integer: true,
    help: "Stop after so many epochs without a better error on the validation spikes. The best epoch is kept in any case.",
    advanced: true,
  }),
  train_fraction: number({
    label: "Part to train on",
    unit: "",
    default: 0.7,
    min: 0.05,
    max: 0.98,
    help: "From the start of the recording, in whole seconds where it is longer than 20.",
    advanced: true,
  }),
  validation_fraction: number({
    label: "Part to validate on",
    unit: "",
    default: 0.15,
    min: 0.01,
    max: 0.9,
    help: "What follows; the best epoch is chosen by it. The rest is for the test.",
    advanced: true,
  }),
  own_split: {
    type: "boolean",
    label: "Use the data set's own split",
    unit: "",
    default: true,
    help: "Where a training subset says by split.npy which spikes are for what, heed that instead of the two parts above.",
    advanced: true,
  },
  slot_order: { ...slotOrderParam, advanced: true },
  waveform_scale: number({
    label: "Waveform scale",
    unit: "",
    default: 0,
    min: 0,
    max: 1e9,
    help: "What waveforms are divided by before the network sees them, in their own unit. 0: what the data set says, else the standard deviation of a sample of them.",
    advanced: true,
  }),
};

export const presets: MethodInfo["presets"] = [
  {
    id: "as-published",
    title: "As published",
    help: "Mean square, 30 epochs at a constant learning rate, stopped early.",
    params: { loss: "mse", epochs: 30, falling_rate: false },
  },
  {
    id: "quick",
    title: "Quick",
    help: "16 epochs of 5,000 spikes: nearly as good as all, in a fraction of the time on a long recording.",
    params: { max_spikes: 5000, epochs: 16 },
  },
];

export const troubleshooting: MethodInfo["troubleshooting"] = [
  {
    title: "No better than the anchor",
    symptom: "The error against the teacher stays near that of the anchor, the middle of each spike's channels.",
    advice:
      "With few spikes, train for more epochs. Otherwise the slots may stand in another order than was assumed, or the teacher scatters too much: look at a few waveforms, and try another teacher.",
    params: ["epochs", "slot_order", "teacher"],
  },
  {
    title: "Training error falls, validation error rises",
    symptom: "The two curves part after a few epochs.",
    advice: "The network learns its spikes by heart. The best epoch is kept anyway; fewer epochs save time.",
    params: ["epochs", "patience"],
  },
  {
    title: "The loss jumps or is no number",
    symptom: "The curve has spikes, or the run stops with a warning.",
    advice: "Lower the learning rate; see that the waveform scale is about the standard deviation of the waveforms.",
    params: ["learning_rate", "waveform_scale"],
  },
];

/** The network that is taught, by its name in the parameters. */
export function specOf(network: string): NetworkSpec {
  if (network === "transformer") return { kind: "transformer", nOut: 3 };
  return { kind: "cnn", nOut: network === "cnn4d" ? 4 : 3 };
}

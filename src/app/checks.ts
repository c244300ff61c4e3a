import { startAndNow } from "./metricGroups.ts";
import type { LossCurves } from "./results.ts";

/** The checks of a fine-tuned network in words: what it was before, what it is now, and how to read it. */
export interface CheckRow {
  id: string;
  title: string;
  unit: string;
  start: number;
  now: number;
  digits: number;
  about: string;
}

interface CheckSpec {
  id: string;
  title: string;
  unit: string;
  digits: number;
  about: string;
  /** the number that holds the start, where it is not the first of the curve */
  startOf?: string;
}

const axes = ["x", "y", "z"] as const;

const FREE: readonly CheckSpec[] = [
  {
    id: "delta_rho",
    title: "Δρ̄ by correction",
    unit: "",
    digits: 3,
    about: "ρ̄ of the whole session corrected minus uncorrected; a gain that correction does not make is not drift",
  },
  { id: "sd_x", title: "sd of x", unit: "µm", digits: 1, startOf: "sd_x_start", about: "a collapse makes it smaller" },
  { id: "sd_z", title: "sd of z", unit: "µm", digits: 1, startOf: "sd_z_start", about: "a collapse makes it smaller" },
  {
    id: "pitch_lock",
    title: "pitch lock",
    unit: "",
    digits: 3,
    about: "0 to 1: how much depths keep to the rows of contacts",
  },
  {
    id: "residual_mean",
    title: "monopole residual",
    unit: "",
    digits: 4,
    about: "how badly a point source at the position explains the waveform",
  },
  ...axes.map((axis) => ({
    id: `tether_rms_${axis}`,
    title: `moved in ${axis}, RMS`,
    unit: "µm",
    digits: 2,
    about: "from where the pretrained network had put the same spikes",
  })),
  {
    id: "entropy_val",
    title: "H̄, alarm",
    unit: "nats",
    digits: 2,
    about: "an alarm when it falls, not a score: mean entropy of a validation bin",
  },
  {
    id: "rho_val",
    title: "ρ̄ of validation blocks",
    unit: "",
    digits: 3,
    about: "repeatability, not accuracy, on the grid of the training",
  },
];

const TRUE: readonly CheckSpec[] = [
  ...axes.map((axis) => ({
    id: `truth_rms_${axis}`,
    title: `error in ${axis}, RMS`,
    unit: "µm",
    digits: 1,
    about: "of all matched spikes",
  })),
  ...axes.map((axis) => ({
    id: `truth_median_${axis}`,
    title: `error in ${axis}, median`,
    unit: "µm",
    digits: 1,
    about: "of all matched spikes, without sign",
  })),
  ...axes.map((axis) => ({
    id: `unit_bias_${axis}`,
    title: `unit bias in ${axis}`,
    unit: "µm",
    digits: 1,
    about: "RMS over units of the unit's median minus its true place",
  })),
  ...axes.map((axis) => ({
    id: `unit_sd_${axis}`,
    title: `unit sd in ${axis}`,
    unit: "µm",
    digits: 1,
    about: "spread within a unit, true motion taken out",
  })),
  { id: "slip_gain", title: "slip gain", unit: "", digits: 2, about: "1 when positions follow the drift in full" },
  {
    id: "drift_r",
    title: "drift r",
    unit: "",
    digits: 3,
    about: "correlation of the estimated motion with the true one",
  },
  { id: "drift_gain", title: "drift gain", unit: "", digits: 2, about: "how much of the true motion is followed" },
  { id: "drift_rms", title: "drift error, RMS", unit: "µm", digits: 2, about: "of the estimated motion" },
];

function rowsOf(specs: readonly CheckSpec[], curves: LossCurves): CheckRow[] {
  return specs.flatMap(({ startOf, ...spec }) => {
    const { start, now } = startAndNow(curves, spec.id);
    const told = startOf ? startAndNow(curves, startOf).now : Number.NaN;
    if (Number.isNaN(now)) return [];
    return [{ ...spec, start: Number.isNaN(told) ? start : told, now }];
  });
}

/** What needs no truth, and what is held against one; only checks that have a value. */
export function checksOf(curves: LossCurves): { free: CheckRow[]; true: CheckRow[] } {
  return { free: rowsOf(FREE, curves), true: rowsOf(TRUE, curves) };
}

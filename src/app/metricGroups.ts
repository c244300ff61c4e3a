import type { LossCurves } from "./results.ts";

/**
 * What the numbers that methods give while they run are called and measured in, and which belong into one chart. A number of
 * a name that is not here has a chart of its own.
 */
export interface MetricCurve {
  /** name in events and results */
  name: string;
  label: string;
  /** a line to compare with rather than a result */
  isBaseline?: boolean;
}

export interface MetricGroup {
  id: string;
  title: string;
  unit: string;
  curves: readonly MetricCurve[];
  /** 0 belongs on the axis */
  fromZero?: boolean;
}

const validated = (name: string): readonly MetricCurve[] => [
  { name, label: "train" },
  { name: `${name}_val`, label: "validation" },
];

const perAxis = (name: string): readonly MetricCurve[] =>
  ["x", "y", "z"].map((axis) => ({ name: `${name}_${axis}`, label: axis }));

export const METRIC_GROUPS: readonly MetricGroup[] = [
  {
    id: "loss",
    title: "Loss",
    unit: "",
    curves: [
      { name: "loss", label: "total" },
      { name: "train_loss", label: "training" },
      { name: "loss_real", label: "real spikes" },
      { name: "loss_fake", label: "random spikes" },
    ],
  },
  { id: "rho", title: "ρ̄", unit: "", curves: validated("rho") },
  { id: "entropy", title: "H̄ (alarm)", unit: "nats", curves: validated("entropy") },
  { id: "tether", title: "Tether", unit: "µm²", curves: validated("tether"), fromZero: true },
  { id: "residual", title: "Residual", unit: "", curves: validated("residual"), fromZero: true },
  {
    id: "rmse",
    title: "RMSE",
    unit: "µm",
    fromZero: true,
    curves: [
      ...perAxis("val_rmse"),
      { name: "val_rmse_xyz", label: "3-D" },
      { name: "anchor_rmse_xyz", label: "anchor", isBaseline: true },
    ],
  },
  { id: "gradient", title: "Gradient", unit: "", curves: [{ name: "grad_norm", label: "norm" }], fromZero: true },
  { id: "truth", title: "Error, RMS", unit: "µm", curves: perAxis("truth_rms"), fromZero: true },
  {
    id: "spread",
    title: "Spread",
    unit: "µm",
    fromZero: true,
    curves: [
      { name: "sd_x", label: "sd x" },
      { name: "sd_z", label: "sd z" },
    ],
  },
];

/** Shown as words beside the progress or in the table of checks, never as a curve. */
const NOT_DRAWN = [
  /^spikes_per_sec$/,
  /^clipped$/,
  /_start$/,
  /^delta_rho$/,
  /^pitch_lock$/,
  /^residual_mean$/,
  /^tether_rms_/,
  /^truth_median_/,
  /^unit_/,
  /^slip_gain$/,
  /^drift_/,
];

function isDrawn(values: readonly number[]): boolean {
  return values.some(Number.isFinite);
}

/** The charts of what a method has said so far, each with the curves that have a value, in a fixed order. */
export function groupsOf({ values }: LossCurves): MetricGroup[] {
  const has = ({ name }: MetricCurve) => name in values && isDrawn(values[name]);
  const known = METRIC_GROUPS.map((group) => ({ ...group, curves: group.curves.filter(has) }));
  const named = new Set(METRIC_GROUPS.flatMap(({ curves }) => curves.map(({ name }) => name)));
  const others = Object.keys(values).filter(
    (name) => !named.has(name) && !NOT_DRAWN.some((pattern) => pattern.test(name)) && isDrawn(values[name]),
  );
  const alone = others.map((name): MetricGroup => {
    const title = name.replaceAll("_", " ");
    return { id: name, title, unit: "", curves: [{ name, label: title }] };
  });
  return [...known.filter(({ curves }) => curves.length > 0), ...alone];
}

/** The points of a curve that have a value: numbers that come once an epoch stand among those that come every step. */
export function pointsOf({ step, values }: LossCurves, name: string): { x: number[]; y: number[] } {
  const x: number[] = [];
  const y: number[] = [];
  const curve = values[name] ?? [];
  for (let i = 0; i < curve.length; i++) {
    if (Number.isNaN(curve[i])) continue;
    x.push(step[i]);
    y.push(curve[i]);
  }
  return { x, y };
}

/** Steps at which the gradient was cut to its greatest norm, with that norm. */
export function clippedSteps(curves: LossCurves): { x: number[]; y: number[] } {
  const clipped = curves.values.clipped ?? [];
  const norm = curves.values.grad_norm ?? [];
  const at = [...clipped.keys()].filter((i) => clipped[i] > 0);
  return { x: at.map((i) => curves.step[i]), y: at.map((i) => norm[i]) };
}

/** First and newest value of a number; NaN where it has none. */
export function startAndNow(curves: LossCurves | undefined, name: string): { start: number; now: number } {
  const known = (curves?.values[name] ?? []).filter(Number.isFinite);
  return { start: known[0] ?? Number.NaN, now: known.at(-1) ?? Number.NaN };
}

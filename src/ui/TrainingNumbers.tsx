import { formatNumber } from "../app/format.ts";
import type { StepView } from "../app/jobReducer.ts";

interface Shown {
  label: string;
  names: readonly string[];
  unit?: string;
  /** before each of the names */
  words?: readonly string[];
}

/** What a step that trains says of itself, in the order in which it is read. */
const NUMBERS: readonly Shown[] = [
  { label: "loss", names: ["loss"] },
  { label: "loss", names: ["train_loss"] },
  { label: "ρ̄", names: ["rho", "rho_val"], words: ["train", "validation"] },
  { label: "H̄", names: ["entropy", "entropy_val"], words: ["train", "validation"], unit: "nats" },
  { label: "tether", names: ["tether", "tether_val"], words: ["train", "validation"], unit: "µm²" },
  { label: "residual", names: ["residual"] },
  { label: "RMSE x, y, z", names: ["val_rmse_x", "val_rmse_y", "val_rmse_z"], unit: "µm" },
  { label: "RMSE 3-D", names: ["val_rmse_xyz", "anchor_rmse_xyz"], words: ["", "anchor alone"], unit: "µm" },
  { label: "gradient norm", names: ["grad_norm"] },
];

function textOf({ names, words, unit }: Shown, latest: StepView["latest"]): string {
  const parts = names.flatMap((name, i) => {
    const value = latest[name];
    if (value === undefined || !Number.isFinite(value)) return [];
    return [`${words?.[i] ? `${words[i]} ` : ""}${formatNumber(value)}`];
  });
  return `${parts.join(words ? ", " : " · ")}${unit ? ` ${unit}` : ""}`;
}

/** Whether a step has said anything that a network's training says. */
export function isTraining({ latest }: StepView): boolean {
  return ["rho_val", "rho", "train_loss", "val_rmse_xyz"].some((name) => name in latest) && "spikes_per_sec" in latest;
}

/** The newest numbers of a training as a short table. */
export function TrainingNumbers({ step }: { step: StepView }) {
  const { latest } = step;
  const rows = NUMBERS.filter(({ names }) => names.some((name) => Number.isFinite(latest[name])));
  return (
    <dl className="training-numbers number" data-testid="training-numbers">
      {rows.map((shown) => (
        <div key={shown.names[0]}>
          <dt>{shown.label}</dt>
          <dd>{textOf(shown, latest)}</dd>
        </div>
      ))}
      {"clipped" in latest && step.nClipped > 0 && (
        <div>
          <dt>clipped</dt>
          <dd>{step.nClipped === 1 ? "1 step" : `${formatNumber(step.nClipped)} steps`}</dd>
        </div>
      )}
      {Number.isFinite(latest.spikes_per_sec) && (
        <div>
          <dt>speed</dt>
          <dd>{formatNumber(latest.spikes_per_sec)} spikes/s</dd>
        </div>
      )}
    </dl>
  );
}

import { formatCount, formatDuration, formatNumber } from "../app/format.ts";
import { type StepView, stepFraction } from "../app/jobReducer.ts";

/** "120 of 1,800 s" and "12 × real time" for a step that reads a recording; steps and steps/s for one that trains. */
function amounts({ done, total, unit, ratePerSec }: StepView): { done: string; rate: string } {
  const amount = `${formatCount(done)} of ${formatCount(total)} ${unit}`;
  if (!(ratePerSec > 0)) return { done: amount, rate: "" };
  // seconds of recording, whatever words follow
  const rate = /^s\b/.test(unit) ? `${formatNumber(ratePerSec)} × real time` : `${formatNumber(ratePerSec)} ${unit}/s`;
  return { done: amount, rate };
}

/** What the running step does, how far it is, how fast, and how long it will take. */
export function Progress({ step }: { step: StepView }) {
  const fraction = stepFraction(step);
  const curves = Object.entries(step.latest);
  const loss = curves.find(([name]) => name === "loss" || name === "total") ?? curves[0];
  const known = step.total > 0;
  const { done, rate } = amounts(step);
  return (
    <div className="progress-block" data-testid="progress" data-fraction={fraction.toFixed(4)}>
      <span>{step.stageTitle || "Starting…"}</span>
      <progress value={known ? fraction : undefined} max={1} aria-label={step.stageTitle || "progress"} />
      <div className="row spread muted number">
        <span>{known ? done : "preparing"}</span>
        <span>{rate}</span>
      </div>
      <div className="row spread muted number">
        <span>
          {step.nSpikes > 0 && <span data-testid="spikes-found">{formatCount(step.nSpikes)} spikes </span>}
          <span data-testid="loss-value" data-value={loss?.[1] ?? ""}>
            {loss ? `${loss[0].replaceAll("_", " ")} ${formatNumber(loss[1], 4)}` : ""}
          </span>
        </span>
        <span>
          {step.state === "paused" ? "paused" : step.secondsLeft >= 0 ? `${formatDuration(step.secondsLeft)} left` : ""}
        </span>
      </div>
    </div>
  );
}

import { useEffect, useRef } from "react";
import { formatCount } from "../app/format.ts";
import { IDLE_STEP, isActive, type StepView } from "../app/jobReducer.ts";
import { outcomeOf } from "../app/outcome.ts";
import { isChanged } from "../app/recipeForm.ts";
import { trainsNetwork } from "../app/recipeSteps.ts";
import { getResults, useResultVersion } from "../app/results.ts";
import { cancelRun, pauseRun, resumeRun, startStep, trainOn, whyNotRun } from "../app/runActions.ts";
import { useRun } from "../app/runStore.ts";
import { useSession } from "../app/sessionStore.ts";
import { unfinishedOf } from "../app/unfinished.ts";
import type { MethodInfo } from "../protocol/methods.ts";
import { EstimateLine } from "./EstimateLine.tsx";
import { Gate } from "./Gate.tsx";
import { ParamForm } from "./ParamForm.tsx";
import { Progress } from "./Progress.tsx";
import { ResumeOffer } from "./ResumeOffer.tsx";
import { isTraining, TrainingNumbers } from "./TrainingNumbers.tsx";
import { Troubleshooting } from "./Troubleshooting.tsx";

const LABELS: Partial<Record<StepView["state"], string>> = {
  failed: "Try again",
  done: "Run again",
  cancelled: "Run again",
};

/** Pause and cancel belong to the step at work. */
function RunningControls({ step }: { step: StepView }) {
  return (
    <div className="row">
      {step.state === "running" ? (
        <button type="button" className="button" onClick={() => void pauseRun()} data-testid="pause">
          ❚❚ Pause
        </button>
      ) : (
        <button type="button" className="button primary" onClick={() => void resumeRun()} data-testid="resume">
          ▶ Resume
        </button>
      )}
      <button type="button" className="button" onClick={() => void cancelRun()} data-testid="cancel">
        Cancel
      </button>
    </div>
  );
}

function Controls({ method, step }: { method: MethodInfo; step: StepView }) {
  const run = useRun();
  const session = useSession();
  if (step.state === "running" || step.state === "paused") return <RunningControls step={step} />;
  if (step.state === "waiting") return <p className="muted">Its turn comes after the step above.</p>;
  const active = isActive(run.job);
  const reason = active ? null : whyNotRun(run, [method], session);
  const unfinished = active || reason ? null : unfinishedOf(run.unfinished, session, method.id, run.job);
  if (unfinished) return <ResumeOffer unfinished={unfinished} method={method} />;
  return (
    <div className="row">
      <button
        type="button"
        className="button primary"
        disabled={reason !== null || active}
        onClick={() => void startStep(method.id)}
        data-testid="run"
      >
        ▶ {LABELS[step.state] ?? "Run"}
      </button>
      {canTrainOn(method, step) && (
        <button
          type="button"
          className="button"
          disabled={reason !== null || active}
          title="Go on where the training ended"
          onClick={() => void trainOn(method.id, MORE_EPOCHS)}
          data-testid="train-on"
        >
          {MORE_EPOCHS} more epochs
        </button>
      )}
      {reason && (
        <span className="muted why-not" data-testid="why-not">
          {reason}
        </span>
      )}
    </div>
  );
}

const MORE_EPOCHS = 5;

function canTrainOn(method: MethodInfo, { state }: StepView): boolean {
  return trainsNetwork(method) && "epochs" in method.params && (state === "done" || state === "cancelled");
}

interface StepCardProps {
  method: MethodInfo;
  /** its place in the recipe, from 0; null for a method that is not part of it */
  index: number | null;
}

function Outcome({ method, step, index }: StepCardProps & { step: StepView }) {
  useResultVersion("run");
  const durationSec = useSession((state) => state.recording?.info.durationSec ?? state.spikes?.durationSec ?? 0);
  if (step.state === "failed") {
    return (
      <p className="step-failed" role="alert">
        {step.error}
      </p>
    );
  }
  const result = getResults().outcomes[method.id];
  if ((step.state !== "done" && step.state !== "cancelled") || !result) return null;
  const at = step.latestStep > 0 ? ` after step ${formatCount(step.latestStep)}` : "";
  const verb = result.complete ? "Done." : `Stopped${at}; what there was is kept.`;
  const outcome = outcomeOf(result, durationSec);
  return (
    <p className="step-done" data-testid={`outcome-${index ?? method.id}`}>
      {verb} {outcome && `${outcome}.`}
    </p>
  );
}

/** One step of the recipe. */
export function StepCard({ method, index }: StepCardProps) {
  const step = useRun((state) => state.job.steps[method.id]) ?? IDLE_STEP;
  const locked = useRun((state) => isActive(state.job));
  const drafts = useRun((state) => state.drafts[method.id]) ?? {};
  const nChanged = Object.entries(method.params).filter(([name, spec]) => isChanged(spec, drafts[name])).length;
  const isAtWork = step.state === "running" || step.state === "paused";
  const isEnded = step.state === "done" || step.state === "cancelled";
  const card = useRef<HTMLElement>(null);
  const isRunning = step.state === "running";
  useEffect(() => {
    // a recipe is longer than the screen: the step whose turn has come is to be seen
    if (isRunning) card.current?.scrollIntoView({ block: "nearest" });
  }, [isRunning]);
  return (
    <article ref={card} className={`step step-${step.state}`} data-testid={`step-${method.id}`} data-state={step.state}>
      <header>
        <h3>{method.title}</h3>
        {index !== null && <span className="step-number">{index + 1}</span>}
      </header>
      <p className="muted">{method.summary}</p>
      <Controls method={method} step={step} />
      {method.estimates && !isAtWork && !isEnded && <EstimateLine method={method} />}
      {isAtWork && <Progress step={step} />}
      {isTraining(step) && <TrainingNumbers step={step} />}
      {step.gate && <Gate verdict={getResults().outcomes[method.id]?.gate ?? step.gate} isFinal={isEnded} />}
      <Outcome method={method} step={step} index={index} />
      {step.warnings.map((text) => (
        <p key={text} className="step-warning">
          {text}
        </p>
      ))}
      <details className="fold">
        <summary>
          Parameters <span className="muted">{nChanged === 0 ? "all at their defaults" : `${nChanged} changed`}</span>
        </summary>
        <ParamForm method={method} locked={locked} />
      </details>
      {isEnded && <Troubleshooting method={method} />}
      <details className="fold">
        <summary>Reference</summary>
        <p className="muted">{method.reference}</p>
      </details>
    </article>
  );
}

import { formatCount } from "../app/format.ts";
import { isActive, type JobView } from "../app/jobReducer.ts";
import { motionSummary } from "../app/motionSummary.ts";
import { isChanged } from "../app/recipeForm.ts";
import { getResults, useResultVersion } from "../app/results.ts";
import { cancelRun, pauseRun, resumeRun, startRun, whyNotRun } from "../app/runActions.ts";
import { useRun } from "../app/runStore.ts";
import { useSession } from "../app/sessionStore.ts";
import type { MethodInfo } from "../protocol/methods.ts";
import { ParamForm } from "./ParamForm.tsx";
import { Progress } from "./Progress.tsx";
import { Troubleshooting } from "./Troubleshooting.tsx";

function Controls({ job }: { job: JobView }) {
  const run = useRun();
  const hasSpikes = useSession((state) => state.spikes !== null);
  if (isActive(job)) {
    return (
      <div className="row">
        {job.state === "running" ? (
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
  const reason = whyNotRun(run, hasSpikes);
  const label = job.state === "failed" ? "Try again" : job.state === "idle" ? "Run" : "Run again";
  return (
    <div className="row">
      <button
        type="button"
        className="button primary"
        disabled={reason !== null}
        onClick={() => void startRun()}
        data-testid="run"
      >
        ▶ {label}
      </button>
      {reason && <span className="muted">{reason}</span>}
    </div>
  );
}

function Outcome({ job, index }: { job: JobView; index: number }) {
  useResultVersion("run");
  useResultVersion("motion");
  const { motion } = getResults();
  if (job.state === "failed") {
    return (
      <p className="step-failed" role="alert">
        {job.error}
      </p>
    );
  }
  if ((job.state !== "done" && job.state !== "cancelled") || !motion) return null;
  const verb =
    job.state === "done" ? "Done." : `Stopped after step ${formatCount(job.latestStep)}; what there was is kept.`;
  return (
    <p className="step-done" data-testid={`outcome-${index}`}>
      {verb} Displacement: {motionSummary(motion)}.
    </p>
  );
}

/** One step of the recipe. */
export function StepCard({ method, index }: { method: MethodInfo; index: number }) {
  const job = useRun((state) => state.job);
  const drafts = useRun((state) => state.drafts[method.id]) ?? {};
  const nChanged = Object.entries(method.params).filter(([name, spec]) => isChanged(spec, drafts[name])).length;
  const finished = job.state === "done" || job.state === "cancelled";
  return (
    <article className={`step step-${job.state}`} data-testid={`step-${method.id}`}>
      <header>
        <h3>{method.title}</h3>
        <span className="step-number">{index + 1}</span>
      </header>
      <p className="muted">{method.summary}</p>
      <Controls job={job} />
      {isActive(job) && <Progress job={job} />}
      <Outcome job={job} index={index} />
      {job.warnings.map((text) => (
        <p key={text} className="step-warning">
          {text}
        </p>
      ))}
      <details className="fold">
        <summary>
          Parameters <span className="muted">{nChanged === 0 ? "all at their defaults" : `${nChanged} changed`}</span>
        </summary>
        <ParamForm method={method} locked={isActive(job)} />
      </details>
      {finished && <Troubleshooting method={method} />}
      <details className="fold">
        <summary>Reference</summary>
        <p className="muted">{method.reference}</p>
      </details>
    </article>
  );
}

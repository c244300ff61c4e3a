import { formatCount, formatDuration, formatNumber } from "../app/format.ts";
import { type JobView, jobFraction } from "../app/jobReducer.ts";

/** What the running step does, how far it is, how fast, and how long it will take. */
export function Progress({ job }: { job: JobView }) {
  const fraction = jobFraction(job);
  const loss =
    Object.entries(job.latest).find(([name]) => name === "loss" || name === "total") ?? Object.entries(job.latest)[0];
  const known = job.total > 0;
  return (
    <div className="progress-block" data-testid="progress" data-fraction={fraction.toFixed(4)}>
      <span>{job.stageTitle || "Starting…"}</span>
      <progress value={known ? fraction : undefined} max={1} aria-label={job.stageTitle || "progress"} />
      <div className="row spread muted number">
        <span>{known ? `${formatCount(job.done)} of ${formatCount(job.total)} ${job.unit}` : "preparing"}</span>
        <span>{job.ratePerSec > 0 ? `${formatNumber(job.ratePerSec)} ${job.unit}/s` : ""}</span>
      </div>
      <div className="row spread muted number">
        <span data-testid="loss-value" data-value={loss?.[1] ?? ""}>
          {loss ? `${loss[0]} ${formatNumber(loss[1], 4)}` : ""}
        </span>
        <span>
          {job.state === "paused" ? "paused" : job.secondsLeft >= 0 ? `${formatDuration(job.secondsLeft)} left` : ""}
        </span>
      </div>
    </div>
  );
}

import type { JobEvent, JobState } from "../protocol/methods.ts";

/** The running or last job as the recipe list and the top bar show it. Small JSON; curves and motions are elsewhere. */
export interface JobView {
  id: string | null;
  state: JobState | "idle";
  stepIndex: number;
  stepTitle: string;
  stageTitle: string;
  done: number;
  total: number;
  unit: string;
  ratePerSec: number;
  secondsLeft: number;
  /** latest value of each curve */
  latest: Record<string, number>;
  latestStep: number;
  warnings: string[];
  /** why it failed, one sentence */
  error: string | null;
}

export const IDLE_JOB: JobView = {
  id: null,
  state: "idle",
  stepIndex: 0,
  stepTitle: "",
  stageTitle: "",
  done: 0,
  total: 0,
  unit: "",
  ratePerSec: 0,
  secondsLeft: Number.NaN,
  latest: {},
  latestStep: 0,
  warnings: [],
  error: null,
};

/** What one event changes in the job's view. Motions change nothing here: they are arrays and live in results. */
export function reduceJob(job: JobView, event: JobEvent): JobView {
  switch (event.kind) {
    case "state":
      return { ...job, state: event.state };
    case "step":
      return { ...job, stepIndex: event.index, stepTitle: event.title, stageTitle: "", done: 0, total: 0 };
    case "stage":
      return { ...job, stageTitle: event.title, done: 0, total: 0, ratePerSec: 0, secondsLeft: Number.NaN };
    case "progress": {
      const { done, total, unit, ratePerSec, secondsLeft } = event;
      return { ...job, done, total, unit, ratePerSec, secondsLeft };
    }
    case "metric":
      return { ...job, latest: { ...job.latest, ...event.values }, latestStep: event.step };
    case "warning":
      return { ...job, warnings: [...job.warnings, event.message] };
    case "motion":
    case "spikes":
      return job;
  }
}

/** Share done, 0 to 1; 0 while nothing is known. */
export function jobFraction(job: JobView): number {
  return job.total > 0 ? Math.min(1, job.done / job.total) : 0;
}

/** True while a job occupies the compute worker. */
export function isActive(job: JobView): boolean {
  return job.state === "running" || job.state === "paused";
}

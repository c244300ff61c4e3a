import type { JobEvent, JobState } from "../protocol/methods.ts";
import type { GateVerdict } from "../protocol/models.ts";

/** One step of the recipe as its card shows it. Small JSON; curves, motions and spikes are elsewhere. */
export interface StepView {
  /** "waiting": it belongs to the job that runs, and its turn has not come */
  state: JobState | "idle" | "waiting";
  stageTitle: string;
  done: number;
  total: number;
  unit: string;
  ratePerSec: number;
  secondsLeft: number;
  /** latest value of each curve */
  latest: Record<string, number>;
  latestStep: number;
  /** spikes it has found so far */
  nSpikes: number;
  /** steps of the training whose gradient was cut, of those it has told of */
  nClipped: number;
  warnings: string[];
  /** whether the network as it stands would be accepted; null for a step that trains none, and before the first check */
  gate: GateVerdict | null;
  /** why it failed, one sentence */
  error: string | null;
}

/** The running or last job, and what every step that ran since the data were opened came to. */
export interface JobView {
  id: string | null;
  state: JobState | "idle";
  /** ids of the methods this job runs, in order */
  methods: readonly string[];
  /** which of them is at work */
  stepIndex: number;
  stepTitle: string;
  /** by method id; a method that has not run since the data were opened is absent */
  steps: Record<string, StepView>;
}

export const IDLE_STEP: StepView = {
  state: "idle",
  stageTitle: "",
  done: 0,
  total: 0,
  unit: "",
  ratePerSec: 0,
  secondsLeft: Number.NaN,
  latest: {},
  latestStep: 0,
  nSpikes: 0,
  nClipped: 0,
  warnings: [],
  gate: null,
  error: null,
};

export const IDLE_JOB: JobView = { id: null, state: "idle", methods: [], stepIndex: 0, stepTitle: "", steps: {} };

/** A job that starts: its own steps wait, those that its results may change are forgotten, earlier ones stay. */
export function startJob(job: JobView, id: string, methods: readonly string[], after: readonly string[]): JobView {
  const steps = { ...job.steps };
  for (const method of after) delete steps[method];
  for (const method of methods) steps[method] = { ...IDLE_STEP, state: "waiting" };
  return withStep({ id, state: "running", methods, stepIndex: 0, stepTitle: "", steps }, () => ({ state: "running" }));
}

/** The method at work; null before the first. */
export function currentMethod(job: JobView): string | null {
  return job.methods[job.stepIndex] ?? null;
}

/** What the step at work shows. */
export function currentStep(job: JobView): StepView {
  return job.steps[currentMethod(job) ?? ""] ?? IDLE_STEP;
}

function withStep(job: JobView, change: (step: StepView) => Partial<StepView>): JobView {
  const method = currentMethod(job);
  if (method === null) return job;
  const before = job.steps[method] ?? IDLE_STEP;
  return { ...job, steps: { ...job.steps, [method]: { ...before, ...change(before) } } };
}

/** The job's state is that of the step at work; steps whose turn did not come are as if they had not been asked for. */
export function endJob(job: JobView, state: JobState, error: string | null = null): JobView {
  const ended = withStep({ ...job, state }, () => ({ state, error }));
  if (state === "running" || state === "paused") return ended;
  const steps = Object.entries(ended.steps).filter(([, step]) => step.state !== "waiting");
  return { ...ended, steps: Object.fromEntries(steps) };
}

/** The training of a network counts all its epochs together, whatever stage it is at; others begin anew with every stage. */
function countsWholeRun({ latest }: StepView): boolean {
  return "spikes_per_sec" in latest;
}

/** What one event changes in the job's view. Motions and positions change nothing here: they are arrays and live elsewhere. */
export function reduceJob(job: JobView, event: JobEvent): JobView {
  switch (event.kind) {
    case "state":
      return endJob(job, event.state);
    case "step": {
      const before = event.index > job.stepIndex ? withStep(job, () => ({ state: "done" })) : job;
      const next = { ...before, stepIndex: event.index, stepTitle: event.title };
      return withStep(next, () => ({ ...IDLE_STEP, state: "running" }));
    }
    case "stage": {
      const { done, total, ratePerSec, secondsLeft } = IDLE_STEP;
      return withStep(job, (step) => {
        const anew = countsWholeRun(step) ? {} : { done, total, ratePerSec, secondsLeft };
        return { stageTitle: event.title, ...anew };
      });
    }
    case "progress": {
      const { done, total, unit, ratePerSec, secondsLeft } = event;
      return withStep(job, () => ({ done, total, unit, ratePerSec, secondsLeft }));
    }
    case "metric":
      return withStep(job, (step) => ({
        latest: { ...step.latest, ...event.values },
        latestStep: event.step,
        nClipped: step.nClipped + (event.values.clipped > 0 ? 1 : 0),
      }));
    case "warning":
      return withStep(job, (step) => ({
        warnings: [...step.warnings.filter((w) => w !== event.message), event.message],
      }));
    case "spikes":
      return withStep(job, (step) => ({ nSpikes: step.nSpikes + event.spikes.nSpikes }));
    case "gate":
      return withStep(job, () => ({ gate: event.verdict }));
    case "motion":
    case "positions":
    case "correlation":
      return job;
  }
}

/** Share done, 0 to 1; 0 while nothing is known. */
export function stepFraction(step: StepView): number {
  return step.total > 0 ? Math.min(1, step.done / step.total) : 0;
}

/** True while a job occupies the compute worker. */
export function isActive(job: JobView): boolean {
  return job.state === "running" || job.state === "paused";
}

import type { SpikeTable } from "../core/types.ts";
import type { DatasetInfo, DroppedFile } from "../protocol/datasets.ts";
import type { RunResult, StepResult } from "../protocol/methods.ts";
import type { CorrelationPicture } from "../protocol/pictures.ts";
import { sendAllToCompute, withPaint } from "./clients.ts";
import { type CorrelationState, useCorrelation } from "./correlation.ts";
import { IDLE_JOB, type JobView } from "./jobReducer.ts";
import { type MotionsState, restoreMotions, useMotions } from "./motions.ts";
import { choosePositions, usePositions } from "./positions.ts";
import {
  getResults,
  growSpikes,
  keepPictures,
  type LossCurves,
  replaceCurves,
  replaceOutcomes,
  setRun,
  setSpikes,
} from "./results.ts";
import { useRun } from "./runStore.ts";
import { type ScoresState, useScores } from "./scores.ts";
import { notifyError, useSession } from "./sessionStore.ts";
import { pictureView, useView } from "./viewStore.ts";

/** Everything that is known of spikes: what a run has found, or a file held, as it stood at a moment. Arrays are shared, not copied. */
export interface Found {
  spikes: SpikeTable | null;
  info: DatasetInfo | null;
  from: "file" | "run";
  run: RunResult | null;
  outcomes: Record<string, StepResult>;
  curves: Record<string, LossCurves>;
  motions: MotionsState;
  state: JobView["state"];
  steps: JobView["steps"];
  /** positions that a person chose */
  positions: string | null;
  scores: ScoresState;
  correlation: { state: CorrelationState; picture: CorrelationPicture | null };
}

/** Curves grow in place while a run goes on; what is kept of them must not. */
function copyCurves(curves: Readonly<Record<string, LossCurves>>): Record<string, LossCurves> {
  const copies = Object.entries(curves).map(([method, { step, values }]) => {
    const own = Object.fromEntries(Object.entries(values).map(([name, curve]) => [name, curve.slice()]));
    return [method, { step: step.slice(), values: own }] as const;
  });
  return Object.fromEntries(copies);
}

/** What is known now. */
export function takeFound(): Found {
  const { spikes, run, outcomes, curves, correlation } = getResults();
  const { spikes: info, spikesFrom } = useSession.getState();
  const { job } = useRun.getState();
  return {
    spikes,
    info,
    from: spikesFrom,
    run,
    outcomes: { ...outcomes },
    curves: copyCurves(curves),
    motions: useMotions.getState(),
    state: job.state,
    steps: job.steps,
    positions: usePositions.getState().chosen,
    scores: useScores.getState(),
    correlation: { state: useCorrelation.getState(), picture: correlation },
  };
}

/** What is known of nothing. */
export function nothingFound(): Found {
  return {
    spikes: null,
    info: null,
    from: "file",
    run: null,
    outcomes: {},
    curves: {},
    motions: { entries: [], activeId: null, truthId: null },
    state: "idle",
    steps: {},
    positions: null,
    scores: useScores.getInitialState(),
    correlation: { state: useCorrelation.getInitialState(), picture: null },
  };
}

/**
 * Put it on screen, in place of what is there. No job may be at work. `files` are those the spikes were read from; `isSame`: its
 * rows mean the spikes that are on screen, so that the selection stays as it is.
 */
export function putFound(found: Found, files: DroppedFile[], isSame: boolean): void {
  if (isSame && found.spikes) growSpikes(found.spikes);
  else setSpikes(found.spikes, files);
  useSession.setState({ spikes: found.info, spikesFrom: found.from });
  // the paint worker forgets an activity and a selection with the spikes they belong to, so the spikes go first
  report(withPaint((paint) => paint.setSpikes(found.spikes)));
  report(withPaint((paint) => paint.setView(pictureView(useView.getState()))));
  restoreMotions(found.motions);
  replaceOutcomes({ ...found.outcomes });
  replaceCurves(copyCurves(found.curves));
  setRun(found.run);
  useRun.setState({ job: { ...IDLE_JOB, state: found.state, steps: found.steps } });
  choosePositions(found.positions);
  useScores.setState(isAtRest(found.scores) ? found.scores : useScores.getInitialState());
  const { state, picture } = found.correlation;
  useCorrelation.setState({ ...state, isRunning: false });
  keepPictures({ correlation: picture, waveform: null });
  report(withPaint((paint) => paint.setParts({ correlation: picture, waveform: null })));
  // a copy of everything goes there: after the pictures
  setTimeout(() => report(sendAllToCompute()));
}

/** A scoreboard that was being computed when it was put aside is none. */
function isAtRest({ state }: ScoresState): boolean {
  return state !== "running";
}

function report(work: Promise<unknown>): void {
  work.catch((error: unknown) => notifyError(error));
}

import { proxy } from "comlink";
import { create } from "zustand";
import type { Motion } from "../core/types.ts";
import type { Scoreboard, ScoreboardEvent, ScoreRow, Verdict } from "../protocol/scoreboard.ts";
import { csvText, PUBLISHED_COLUMNS, publishedLines, SCORE_COLUMNS, scoreLines } from "../protocol/scoreCsv.ts";
import { withCompute } from "./clients.ts";
import { type MotionEntry, type MotionsState, truthOf, useMotions } from "./motions.ts";
import { getResults, subscribeResults } from "./results.ts";
import { errorSentence, useSession } from "./sessionStore.ts";

/** The scoreboard of the shown motions: asked for by a person, filled row by row, kept until the spikes are others. */
export interface ScoresState {
  state: "idle" | "running" | "done" | "stopped" | "failed";
  done: number;
  total: number;
  secondsLeft: number;
  rows: readonly ScoreRow[];
  verdicts: readonly Verdict[];
  /** there when it is done or stopped */
  board: Scoreboard | null;
  /** why it failed, one sentence */
  error: string | null;
  /** what was scored, by title, and against which truth: tells whether the list has changed since */
  scored: ReadonlyMap<string, Motion>;
  truth: Motion | null;
  /** name of the positions that are scored; null for all there are */
  positions: string | null;
}

const IDLE = {
  state: "idle",
  done: 0,
  total: 0,
  secondsLeft: Number.NaN,
  rows: [],
  verdicts: [],
  board: null,
  error: null,
  scored: new Map(),
  truth: null,
} as const;

export const useScores = create<ScoresState>(() => ({ ...IDLE, positions: null }));

let lastJob = 0;
let job: string | null = null;

/** The motions that are scored: those shown, but the truth, which the others are held against. */
export function scorable({ entries, truthId }: MotionsState): MotionEntry[] {
  return entries.filter(({ id, shown }) => shown && id !== truthId);
}

/** Score the shown motions on the open spikes. Never rejects: a failure is the state's own sentence. */
export async function startScores(): Promise<void> {
  if (job) return;
  const motions = useMotions.getState();
  const entries = scorable(motions);
  const truth = truthOf(motions);
  const { positions } = useScores.getState();
  const scored = new Map(entries.map(({ title, motion }) => [title, motion]));
  const id = `scores-${++lastJob}`;
  job = id;
  useScores.setState({ ...IDLE, state: "running", scored, truth: truth?.motion ?? null });
  const request = {
    motions: entries.map(({ title, motion }) => ({ name: title, motion })),
    truth: truth && { name: truth.title, motion: truth.motion },
    ...(positions === null ? {} : { positions: [positions] }),
  };
  const onEvent = (event: ScoreboardEvent) => {
    if (job === id) take(event);
  };
  try {
    const board = await withCompute((api) => api.scoreboard(id, request, proxy(onEvent)));
    if (job !== id) return; // the spikes are others by now
    const { rows, verdicts } = board;
    useScores.setState({ state: board.complete ? "done" : "stopped", board, rows, verdicts });
  } catch (error) {
    if (job === id) useScores.setState({ state: "failed", error: errorSentence(error) });
  } finally {
    if (job === id) job = null;
  }
}

function take(event: ScoreboardEvent): void {
  switch (event.kind) {
    case "progress": {
      const { done, total, secondsLeft } = event;
      useScores.setState({ done, total, secondsLeft });
      return;
    }
    case "row":
      useScores.setState(({ rows }) => ({ rows: [...rows, event.row] }));
      return;
    case "verdict":
      useScores.setState(({ verdicts }) => ({ verdicts: [...verdicts, event.verdict] }));
  }
}

/** Stop; the rows that are there stay. */
export async function stopScores(): Promise<void> {
  const id = job;
  if (!id) return;
  try {
    await withCompute((api) => api.cancel(id));
  } catch (error) {
    useScores.setState({ state: "failed", error: errorSentence(error) });
  }
}

/** Whether the motions shown now, or the truth, are not those that were scored. */
export function isOutdated({ scored, truth, state }: ScoresState, motions: MotionsState): boolean {
  if (state === "idle" || state === "running") return false;
  const now = scorable(motions);
  const isSame = now.length === scored.size && now.every(({ title, motion }) => scored.get(title) === motion);
  return !isSame || (truthOf(motions)?.motion ?? null) !== truth;
}

/** Names of positions that can be scored: of every localizer that the last such step ran; empty where there is one set alone. */
export function positionNames(): string[] {
  const located = Object.values(getResults().outcomes).findLast((step) => step.locations);
  return Object.keys(located?.locations ?? {});
}

/** The rows that are there as CSV: with all columns of the command line, or under those of the published scoreboard and with it. */
export function scoresAsCsv(columns: "all" | "published" = "all"): string {
  const { rows, verdicts } = useScores.getState();
  const baseline = rows.find(
    ({ kind, positions, motion }) => kind === "corrected" && positions === "monopolar" && /dredge/i.test(motion ?? ""),
  );
  const title = useSession.getState().spikes?.title ?? "";
  const lines = scoreLines({ rows: [...rows], verdicts: [...verdicts] }, title, baseline?.rho ?? Number.NaN);
  return columns === "all" ? csvText(SCORE_COLUMNS, lines) : csvText(PUBLISHED_COLUMNS, publishedLines(lines));
}

/** Scores of other spikes go; returns the function that stops it. */
export function startScoresSync(): () => void {
  let generation = getResults().spikesGeneration;
  return subscribeResults("spikes", () => {
    if (getResults().spikesGeneration === generation) return;
    generation = getResults().spikesGeneration;
    void stopScores();
    job = null;
    useScores.setState({ ...IDLE, positions: null });
  });
}

import { create } from "zustand";
import type { Motion } from "../core/types.ts";
import type { Provenance, Recipe, RunResult, StepResult } from "../protocol/methods.ts";
import { withIo } from "./clients.ts";
import { type Found, putFound, takeFound } from "./found.ts";
import { bytesIn } from "./frozen.ts";
import { isActive } from "./jobReducer.ts";
import { type MotionEntry, notedMotionsOf, useMotions } from "./motions.ts";
import { getResults } from "./results.ts";
import { useRun } from "./runStore.ts";
import { saveBlob } from "./saveFile.ts";
import { useScores } from "./scores.ts";
import { notify, notifyError, useSession } from "./sessionStore.ts";
import { hasSameTimes } from "./spikeColumns.ts";

/** Every run that ended over the open data, and those that came with a run directory: to be shown again, compared, run again. */

/** What a step of a run came to, without its arrays. */
export type RunStep = Pick<StepResult, "method" | "params" | "summary" | "gate" | "complete" | "stageSeconds">;

export interface RunEntry {
  id: string;
  /** no two runs of a data set share one */
  title: string;
  /** when it ended, or when it was begun where only that is known; ISO */
  at: string;
  from: "here" | "file";
  recipe: Recipe;
  provenance: Provenance;
  steps: readonly RunStep[];
  nSpikes: number;
  /** the motion it ended with; null when it estimated none */
  motion: Motion | null;
  /** mean correlation of corrected time bins, where a scoreboard or the training has said it; NaN otherwise */
  rho: number;
  /** everything it had found; null when that was let go to stay within the memory */
  found: Found | null;
}

export interface RunsState {
  /** oldest first */
  runs: readonly RunEntry[];
  /** the one whose results are on screen; null when these are of none */
  shownId: string | null;
  /** what was removed last, and where it stood */
  removed: { entry: RunEntry; index: number } | null;
}

/** Arrays of the runs of a data set may take this much memory beyond those on screen; the oldest are let go first. */
export const RUNS_MEMORY_BYTES = 1e9;

export const useRuns = create<RunsState>(() => ({ runs: [], shownId: null, removed: null }));

let lastId = 0;

/** Put the runs of another data set, or of another visit, in place of those that are there. */
export function restoreRuns({ runs, shownId }: Pick<RunsState, "runs" | "shownId">): void {
  lastId = Math.max(lastId, ...runs.map(({ id }) => Number(id.slice(1))).filter(Number.isInteger));
  useRuns.setState({ runs, shownId, removed: null });
}

function freeTitle(wanted: string, except: string | null): string {
  const taken = new Set(useRuns.getState().runs.flatMap(({ id, title }) => (id === except ? [] : [title])));
  const base = wanted.trim() || "Run";
  let title = base;
  for (let n = 2; taken.has(title); n++) title = `${base} ${n}`;
  return title;
}

/** The last mean correlation that the training itself has said; NaN when it has said none. */
function rhoOf(steps: readonly RunStep[]): number {
  return steps.findLast(({ summary }) => Number.isFinite(summary.rho))?.summary.rho ?? Number.NaN;
}

/** "Detect and localize, DREDge (AP)": names of the methods that ran. */
function titleOf(methods: readonly string[]): string {
  const known = useRun.getState().methods ?? [];
  return methods.map((method) => known.find(({ id }) => id === method)?.title ?? method).join(", ");
}

/** The motion it ended with; one that was opened has it among the motions of the session. */
function motionOf({ steps }: RunResult, { motions }: Found): Motion | null {
  const own = steps.findLast(({ motion }) => motion)?.motion;
  const isOf = ({ from }: MotionEntry) => from.kind === "run" && steps.some(({ method }) => method === from.method);
  return own ?? motions.entries.findLast(isOf)?.motion ?? null;
}

/** A run is there: what is on screen now is what it found. `ran` are the methods of the job itself, which name it. */
export function addRun(result: RunResult, ran: readonly string[], from: RunEntry["from"]): void {
  const found = takeFound();
  const entry: RunEntry = {
    id: `r${++lastId}`,
    title: freeTitle(titleOf(ran), null),
    at: from === "here" ? new Date().toISOString() : result.provenance.startedAt,
    from,
    recipe: result.recipe,
    provenance: result.provenance,
    steps: result.steps.map(({ method, params, summary, gate, complete, stageSeconds }) => {
      return { method, params, summary, gate, complete, stageSeconds };
    }),
    nSpikes: found.spikes?.nSpikes ?? 0,
    motion: motionOf(result, found),
    rho: rhoOf(result.steps),
    found,
  };
  useRuns.setState(({ runs }) => ({ runs: withinMemory([...runs, entry]), shownId: entry.id }));
}

/** The oldest runs without their arrays, where those of all take too much; numbers, parameters and curves stay. */
function withinMemory(runs: readonly RunEntry[]): readonly RunEntry[] {
  if (bytesIn(runs) <= RUNS_MEMORY_BYTES) return runs;
  const oldest = runs.findIndex(({ found }, index) => found !== null && index < runs.length - 1);
  if (oldest < 0) return runs;
  return withinMemory(runs.map((run, index) => (index === oldest ? { ...run, found: null } : run)));
}

/** Other spikes, or another run, are on screen. */
export function noRunShown(): void {
  useRuns.setState({ shownId: null });
}

/** Seconds that all stages of a run took. */
export function secondsOf({ steps }: Pick<RunEntry, "steps">): number {
  return steps.flatMap(({ stageSeconds }) => Object.values(stageSeconds)).reduce((sum, one) => sum + one, 0);
}

export function runById(id: string | null): RunEntry | null {
  return useRuns.getState().runs.find((run) => run.id === id) ?? null;
}

/** Why a run cannot be shown now, in one sentence; null when it can. */
export function whyNotShow({ found }: RunEntry, job = useRun.getState().job): string | null {
  if (isActive(job)) return "A run is under way: wait for it, or cancel it first.";
  if (!found) return "Its arrays were let go to stay within the memory; run it again from its recipe.";
  return null;
}

/**
 * Put what a run found on screen. Motions that came since, over the same spikes, stay in the list; the run's own is then the
 * active one.
 */
export function showRun(id: string): void {
  const run = runById(id);
  if (!run) return;
  const reason = whyNotShow(run);
  if (reason || !run.found) {
    notify("error", reason ?? "");
    return;
  }
  const { spikes, spikeFiles } = getResults();
  const isSame = spikes !== null && run.found.spikes !== null && hasSameTimes(spikes, run.found.spikes);
  const now = useMotions.getState();
  const isOwn = (entry: MotionEntry) => run.found?.motions.entries.some((one) => one.id === entry.id);
  const since = isSame ? now.entries.filter((entry) => !isOwn(entry)) : [];
  const { entries, activeId, truthId } = run.found.motions;
  putFound(
    { ...run.found, motions: { entries: [...entries, ...since], activeId, truthId: now.truthId ?? truthId } },
    spikeFiles,
    isSame,
  );
  useRuns.setState({ shownId: id });
}

export function renameRun(id: string, title: string): void {
  useRuns.setState(({ runs }) => ({
    runs: runs.map((run) => (run.id === id ? { ...run, title: freeTitle(title, id) } : run)),
  }));
}

/** Remove a run from the list; the last one removed can be put back. What is on screen stays. */
export function removeRun(id: string): void {
  const { runs, shownId } = useRuns.getState();
  const index = runs.findIndex((run) => run.id === id);
  if (index < 0) return;
  useRuns.setState({
    runs: runs.filter((run) => run.id !== id),
    shownId: shownId === id ? null : shownId,
    removed: { entry: runs[index], index },
  });
}

export function undoRemoveRun(): void {
  const { runs, removed } = useRuns.getState();
  if (removed) useRuns.setState({ runs: runs.toSpliced(removed.index, 0, removed.entry), removed: null });
}

export function saveRecipe(id: string): void {
  const run = runById(id);
  if (!run) return;
  const text = `${JSON.stringify(run.recipe, null, 2)}\n`;
  saveBlob(new Blob([text], { type: "application/json" }), `${fileStem(run)}-recipe.json`);
}

/** The run as a directory, as the export of what is on screen writes it. Never rejects. */
export async function saveRun(id: string): Promise<void> {
  const found = runById(id)?.found;
  if (!found?.run) return;
  const { recording: open } = useSession.getState();
  const recording = open?.recording;
  const probe = recording?.probe ?? found.info?.probe;
  const bundle = {
    result: found.run,
    spikes: found.spikes,
    format: found.info?.format ?? "motion",
    motions: notedMotionsOf(found.motions),
    recording,
    probe,
  };
  try {
    saveBlob(await withIo((io) => io.exportZip(bundle)), `${fileStem(runById(id))}.zip`);
  } catch (error) {
    notifyError(error);
  }
}

function fileStem(run: RunEntry | null): string {
  const stamp = (run?.at ?? "").slice(0, 19).replaceAll(":", "-");
  return `driftscope-${stamp}`;
}

/** Take over what a scoreboard says of the motions of runs; returns the function that stops it. */
export function startRunScores(): () => void {
  return useScores.subscribe(({ state, rows, scored }, before) => {
    if (state !== "done" || before.state === "done") return;
    const rhoOfMotion = (motion: Motion | null) => {
      const title = [...scored].find(([, one]) => one === motion)?.[0];
      return rows.findLast((row) => row.kind === "corrected" && row.motion === title)?.rho;
    };
    useRuns.setState(({ runs }) => ({
      runs: runs.map((run) => ({ ...run, rho: (run.motion && rhoOfMotion(run.motion)) ?? run.rho })),
    }));
  });
}

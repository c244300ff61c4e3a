import { create } from "zustand";
import { type BrushRows, brushBytes, brushNow, followBrush, putBrush } from "./brushUndo.ts";
import { useDataSets } from "./dataSets.ts";
import { isActive } from "./jobReducer.ts";
import { historyInHand, redoEdit, undoEdit, useMotionEditing } from "./motionEditing.ts";
import { activateMotion, motionById, useMotions } from "./motions.ts";
import { choosePositions, usePositions } from "./positions.ts";
import { getResults, subscribeResults } from "./results.ts";
import { useRun } from "./runStore.ts";
import { followMotion } from "./selection.ts";
import { notify, useSession } from "./sessionStore.ts";
import {
  type ChangeStep,
  type Fields,
  type IsSame,
  isSameValue,
  NO_STEPS,
  recorded,
  type StepHistory,
  steppedBack,
  steppedForward,
} from "./stepHistory.ts";
import { useView, type ViewState } from "./viewStore.ts";

/**
 * Undo of what a person does to the view and to the recipe. While a motion is edited, undo means its edits, which have a
 * history of their own. What the page changes by itself (a run, data that were opened) is no step.
 */

/** Fields of the view that can be taken back, with what they are in words. */
const VIEW_WORDS = {
  ranges: "zoom or move",
  freeRanges: "zoom or move",
  selected: "selection",
  selectedChannel: "selection",
  unit: "unit followed",
  rasterColour: "colouring",
  alphaScale: "colouring",
  strongestOnTop: "colouring",
  colourMap: "colour map",
  showMotion: "motion over spikes",
  traceStyle: "style of the traces",
  projectCorrected: "raw or corrected",
  waveformLayout: "layout of the waveforms",
  orbit: "turn of the local frame",
  figures: "choices of a figure",
} as const satisfies Partial<Record<keyof ViewState, string>>;

/** The same of the recipe; they are locked while a run is under way. */
const RECIPE_WORDS = {
  drafts: "parameters",
  seedText: "seed",
  motionMethod: "method of motion",
  networks: "networks in the recipe",
} as const;

const OTHER_WORDS = { positions: "positions shown", activeMotion: "active motion", brush: "brush" } as const;

const WORDS: Readonly<Record<string, string>> = { ...VIEW_WORDS, ...OTHER_WORDS, ...RECIPE_WORDS };

function pickFrom<T extends object>(state: T, words: Partial<Record<keyof T, string>>): Fields {
  return Object.fromEntries(Object.keys(words).map((name) => [name, state[name as keyof T]]));
}

function snapshot(): Fields {
  return {
    ...pickFrom(useView.getState(), VIEW_WORDS),
    ...pickFrom(useRun.getState(), RECIPE_WORDS),
    positions: usePositions.getState().chosen,
    activeMotion: useMotions.getState().activeId,
    brush: brushNow(),
  };
}

/** The selected spike is the same although its corrected depth has followed a motion. */
const isSame: IsSame = (name, a, b) => {
  if (name === "brush") return a === b;
  if (name !== "selected") return isSameValue(name, a, b);
  return (a as ViewState["selected"])?.index === (b as ViewState["selected"])?.index;
};

export const useViewHistory = create<StepHistory>(() => NO_STEPS);

/** What of the page tells that a change was not a person's. */
interface Circumstances {
  bounds: ViewState["bounds"];
  ranges: ViewState["ranges"];
  spikesGeneration: number;
  dataSet: string | null;
  recording: unknown;
  jobId: string | null;
  motionIds: string;
}

function circumstances(): Circumstances {
  const { bounds, ranges } = useView.getState();
  return {
    bounds,
    ranges,
    spikesGeneration: getResults().spikesGeneration,
    dataSet: useDataSets.getState().activeId,
    recording: useSession.getState().recording,
    jobId: useRun.getState().job.id,
    motionIds: useMotions
      .getState()
      .entries.map(({ id }) => id)
      .join(),
  };
}

function isOtherData(before: Circumstances, now: Circumstances): boolean {
  const isReopened = before.bounds !== now.bounds && before.ranges !== now.ranges;
  return (
    isReopened ||
    before.dataSet !== now.dataSet ||
    before.spikesGeneration !== now.spikesGeneration ||
    before.recording !== now.recording
  );
}

/** Fields that have changed by themselves: a run has begun, or motions came or went. */
function notAPersons(before: Circumstances, now: Circumstances): string[] {
  if (before.jobId !== now.jobId) return [...Object.keys(RECIPE_WORDS), ...Object.keys(OTHER_WORDS)];
  return before.motionIds === now.motionIds ? [] : ["activeMotion"];
}

let gesture = 0;
/** the gesture by which the data on screen were opened: what follows of it is no step */
let openingGesture = 0;
let last: Fields = {};
let lastCircumstances: Circumstances | null = null;
let isPending = false;

/** Rows of brushed spikes that the history may hold, bytes: with millions of spikes older steps go first. */
const MAX_BRUSH_BYTES = 64e6;

function withoutBulk({ past, future }: StepHistory): StepHistory {
  let bytes = 0;
  const tooOld = past.findLastIndex(({ before, after }) => {
    bytes += brushBytes(before.brush) + brushBytes(after.brush);
    return bytes > MAX_BRUSH_BYTES;
  });
  return { past: past.slice(tooOld + 1), future };
}

/** Compare with what was, once for all changes of one task. */
function look(): void {
  isPending = false;
  const [fields, now] = [snapshot(), circumstances()];
  const before = lastCircumstances ?? now;
  if (isOtherData(before, now)) {
    openingGesture = gesture;
    useViewHistory.setState(NO_STEPS);
  } else if (gesture !== openingGesture) {
    const own = Object.fromEntries(notAPersons(before, now).map((name) => [name, fields[name]]));
    const history = useViewHistory.getState();
    const next = recorded(history, { ...last, ...own }, fields, gesture, isSame);
    if (next.past !== history.past || next.future !== history.future) useViewHistory.setState(withoutBulk(next));
  }
  [last, lastCircumstances] = [fields, now];
}

function lookSoon(): void {
  if (isPending) return;
  isPending = true;
  queueMicrotask(look);
}

/** A pause this long ends a turn of the wheel, ms. */
const WHEEL_PAUSE_MS = 400;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox], [type=radio]), textarea");
}

/** Count gestures: a press of a button or key, a visit to a field, a turn of the wheel. */
function watchGestures(): () => void {
  const stop = new AbortController();
  const options = { capture: true, passive: true, signal: stop.signal };
  let lastWheelMs = Number.NEGATIVE_INFINITY;
  const next = () => {
    gesture++;
  };
  window.addEventListener("pointerdown", next, options);
  window.addEventListener("keydown", (event) => !event.repeat && !isTyping(event.target) && next(), options);
  window.addEventListener("focusin", ({ target }) => isTyping(target) && next(), options);
  window.addEventListener(
    "wheel",
    ({ timeStamp }) => {
      if (timeStamp - lastWheelMs > WHEEL_PAUSE_MS) next();
      lastWheelMs = timeStamp;
    },
    options,
  );
  return () => stop.abort();
}

/** Set fields as they were. Those of the recipe stay while a run is under way, and a motion that is gone stays gone. */
function put(fields: Fields): void {
  const named = (words: object) => Object.fromEntries(Object.entries(fields).filter(([name]) => name in words));
  useView.setState(named(VIEW_WORDS) as Partial<ViewState>);
  useRun.setState(named(RECIPE_WORDS));
  if ("positions" in fields) choosePositions(fields.positions as string | null);
  if ("activeMotion" in fields && motionById(fields.activeMotion as string | null)) {
    activateMotion(fields.activeMotion as string);
  }
  if ("brush" in fields) void putBrush(fields.brush as BrushRows);
  if ("selected" in fields) followMotion();
  [last, lastCircumstances] = [snapshot(), circumstances()];
}

function step(taken: ReturnType<typeof steppedBack>): void {
  if (!taken) return;
  if (isActive(useRun.getState().job) && Object.keys(taken.fields).some((name) => name in RECIPE_WORDS)) {
    notify("info", "The recipe is locked while a run is under way; take its change back when the run has ended.");
    return;
  }
  put(taken.fields);
  useViewHistory.setState(taken.history);
}

const isEditing = () => useMotionEditing.getState().id !== null;

/** Take back the last edit while a motion is edited, else the last change of view or recipe. */
export function undo(): void {
  look();
  if (isEditing()) undoEdit();
  else step(steppedBack(useViewHistory.getState()));
}

/** Make again what was taken back last. */
export function redo(): void {
  look();
  if (isEditing()) redoEdit();
  else step(steppedForward(useViewHistory.getState()));
}

/** What a step changed, in words: "zoom or move", "colour map and positions shown". */
export function stepInWords({ after }: ChangeStep): string {
  const words = [...new Set(Object.keys(WORDS).flatMap((name) => (name in after ? WORDS[name] : [])))];
  // a click on a contact or a step to a spike moves the view too
  const said = words.includes("selection") ? words.filter((word) => word !== "zoom or move") : words;
  return said.length > 2 ? `${said.slice(0, 2).join(", ")} and more` : said.join(" and ");
}

/** What undo and redo would do now, in words; null where there is nothing. For a component also call the hooks of both stores. */
export function undoWords(): { undo: string | null; redo: string | null } {
  const edits = historyInHand(useMotionEditing.getState());
  if (edits) {
    return { undo: edits.past.length > 0 ? "motion edit" : null, redo: edits.future.length > 0 ? "motion edit" : null };
  }
  const { past, future } = useViewHistory.getState();
  const [back, forward] = [past.at(-1), future[0]];
  return { undo: back ? stepInWords(back) : null, redo: forward ? stepInWords(forward) : null };
}

/** Follow the view, the recipe, the positions and the motions; returns the function that stops it. */
export function startViewHistory(): () => void {
  [last, lastCircumstances] = [snapshot(), circumstances()];
  const stops = [
    useView.subscribe(lookSoon),
    useRun.subscribe(lookSoon),
    usePositions.subscribe(lookSoon),
    useMotions.subscribe(lookSoon),
    useDataSets.subscribe(lookSoon),
    followBrush(lookSoon),
    useSession.subscribe(lookSoon),
    subscribeResults("spikes", lookSoon),
    watchGestures(),
  ];
  return () => {
    for (const stop of stops) stop();
    useViewHistory.setState(NO_STEPS);
  };
}

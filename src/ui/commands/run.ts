import { chooseBrush, setBrush, useBrush } from "../../app/brush.ts";
import { nameOfDataSet, switchDataSet, useDataSets } from "../../app/dataSets.ts";
import { isActive } from "../../app/jobReducer.ts";
import { stopEditing, toggleEditing, useMotionEditing } from "../../app/motionEditing.ts";
import { activateMotion, activeMotion, useMotions } from "../../app/motions.ts";
import { nextRecording, switchRecording } from "../../app/openFiles.ts";
import {
  cancelRun,
  openRecipe,
  resumeNewest,
  startRun,
  startStep,
  togglePause,
  whyNotRun,
} from "../../app/runActions.ts";
import { useRun } from "../../app/runStore.ts";
import { clearSelection, stepChannel } from "../../app/selection.ts";
import { useSession } from "../../app/sessionStore.ts";
import { recordingName } from "../../app/showData.ts";
import { panTraces, stepWindow, toggleFollowCursor } from "../../app/traces.ts";
import { toggleTraceStyle, useView } from "../../app/viewStore.ts";
import { closeKeyHelp, useKeyHelp } from "../keyHelp.ts";
import { type Command, key } from "./command.ts";

const CHANNEL = "next channel down and up the probe";
const HALF_WINDOW = "traces half a window earlier and later";
const WINDOW = "a longer and a shorter window of traces";

const needsRecording = () => (useSession.getState().recording ? null : "No recording is open.");

export const recordingCommands: readonly Command[] = [
  {
    id: "channel-down",
    title: "Next channel down the probe",
    keys: [key("j")],
    row: CHANNEL,
    run: () => stepChannel(-1),
  },
  { id: "channel-up", title: "Next channel up the probe", keys: [key("k")], row: CHANNEL, run: () => stepChannel(1) },
  { id: "trace-style", title: "Traces as lines or as a heat map", keys: [key("h")], run: toggleTraceStyle },
  { id: "traces-earlier", title: "Traces earlier", keys: [key(",")], row: HALF_WINDOW, run: () => panTraces(-0.5) },
  { id: "traces-later", title: "Traces later", keys: [key(".")], row: HALF_WINDOW, run: () => panTraces(0.5) },
  { id: "window-longer", title: "Longer window of traces", keys: [key("w")], row: WINDOW, run: () => stepWindow(1) },
  {
    id: "window-shorter",
    title: "Shorter window of traces",
    keys: [key("[Shift]+W", "W")],
    row: WINDOW,
    run: () => stepWindow(-1),
  },
  {
    id: "follow-pointer",
    title: "Traces follow the pointer over the rasters, or not",
    keys: [key("f")],
    run: toggleFollowCursor,
  },
  {
    id: "next-recording",
    title: "Open the next recording of the same drop",
    keys: [key("o")],
    once: true,
    run: nextRecording,
  },
].map((command) => ({ group: "Recording" as const, whyNot: needsRecording, ...command }));

const whyNotStart = (): string | null => {
  const [run, session] = [useRun.getState(), useSession.getState()];
  if (isActive(run.job)) return "A run is under way.";
  return whyNotRun(run, openRecipe(run, session).steps, session);
};
const needsRun = () => (isActive(useRun.getState().job) ? null : "No run is under way.");

/** The step with this number, as its card shows it, counted from 1. */
function stepOfNumber(number: number) {
  return openRecipe(useRun.getState(), useSession.getState()).steps[number - 1];
}

function whyNotStep(number: number): string | null {
  const method = stepOfNumber(number);
  if (!method) return "The recipe has no such step.";
  const run = useRun.getState();
  return isActive(run.job) ? "A run is under way." : whyNotRun(run, [method], useSession.getState());
}

/** What is in front goes first, and what costs most to lose goes last. */
function closeOrCancel(): void {
  if (useKeyHelp.getState().open) closeKeyHelp();
  else if (useMotionEditing.getState().id) stopEditing();
  else if (useBrush.getState().shape) chooseBrush(null);
  else if (useBrush.getState().brushed) void setBrush(null);
  else if (useView.getState().selected || useView.getState().selectedChannel !== null) clearSelection();
  else if (isActive(useRun.getState().job)) void cancelRun();
}

const stepCommand = (number: number): Command => ({
  id: `step-${number}`,
  group: "Run",
  title: `Run step ${number} alone`,
  keys: [key(String(number))],
  row: "run that step alone",
  once: true,
  now: () => stepOfNumber(number)?.title ?? null,
  whyNot: () => whyNotStep(number),
  run: () => {
    const method = stepOfNumber(number);
    if (method) void startStep(method.id);
  },
});

export const runCommands: readonly Command[] = [
  {
    id: "run",
    group: "Run",
    title: "Run all steps of the recipe",
    keys: [key("r")],
    once: true,
    words: "start",
    whyNot: whyNotStart,
    run: () => void startRun(),
  },
  ...[1, 2, 3, 4].map(stepCommand),
  {
    id: "resume-newest",
    group: "Run",
    title: "Go on with a run that was stopped",
    keys: [key("u")],
    once: true,
    whyNot: () => (useRun.getState().unfinished.length > 0 ? null : "There is no stopped run."),
    run: () => void resumeNewest(),
  },
  {
    id: "pause",
    group: "Run",
    title: "Pause and resume",
    keys: [key("Space", "space")],
    whyNot: needsRun,
    run: () => void togglePause(),
  },
  {
    id: "cancel",
    group: "Run",
    title: "Cancel the run",
    words: "stop",
    whyNot: needsRun,
    run: () => void cancelRun(),
  },
  {
    id: "escape",
    group: "Run",
    title: "Close what is in front",
    keys: [key("Escape", "Esc")],
    row: "close this, else end the editing or the brush, else forget what is brushed, else select nothing, else cancel the run",
    run: closeOrCancel,
  },
];

export const motionCommands: readonly Command[] = [
  {
    id: "edit-motion",
    group: "Motion",
    title: "Edit a copy of the active motion, or end that",
    keys: [key("e")],
    once: true,
    whyNot: () => (activeMotion() ? null : "There is no motion yet."),
    run: toggleEditing,
  },
];

/** Choices among the motions, recordings and data sets that there are. */
export function dataChoices(): Command[] {
  const { entries, activeId } = useMotions.getState();
  const motions = entries.map(
    ({ id, title }): Command => ({
      id: `motion-${id}`,
      group: "Motion",
      title: `Active motion: ${title}`,
      words: "correct by",
      whyNot: () => (id === activeId ? "It is the active one." : null),
      run: () => activateMotion(id),
    }),
  );
  const { recordings, recording } = useSession.getState();
  const others = recordings.length < 2 ? [] : recordings.filter((one) => one !== recording);
  const switches = others.map(
    (one, index): Command => ({
      id: `recording-${index}`,
      group: "Recording",
      title: `Recording: ${recordingName(one.info)}`,
      whyNot: () => (isActive(useRun.getState().job) ? "A run is under way." : null),
      run: () => switchRecording(one),
    }),
  );
  const { entries: sets, activeId: setId } = useDataSets.getState();
  const dataSets = sets.length < 2 ? [] : sets.filter(({ id }) => id !== setId);
  const opened = dataSets.map(
    (one): Command => ({
      id: `data-set-${one.id}`,
      group: "Open",
      title: `Data set: ${nameOfDataSet(one)}`,
      words: "switch",
      whyNot: () => (isActive(useRun.getState().job) ? "A run is under way." : null),
      run: () => void switchDataSet(one.id),
    }),
  );
  return [...motions, ...switches, ...opened];
}

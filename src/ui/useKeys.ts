import { useEffect } from "react";
import { tinykeys } from "tinykeys";
import { chooseBrush, setBrush, toggleBrush, useBrush } from "../app/brush.ts";
import { isActive } from "../app/jobReducer.ts";
import { redoEdit, stopEditing, toggleEditing, undoEdit, useMotionEditing } from "../app/motionEditing.ts";
import { nextRecording } from "../app/openFiles.ts";
import { cancelRun, openRecipe, resumeNewest, startRun, startStep, togglePause } from "../app/runActions.ts";
import { useRun } from "../app/runStore.ts";
import { clearSelection, selectAtRandom, stepChannel, stepSelection, zoomToSelection } from "../app/selection.ts";
import { useSession } from "../app/sessionStore.ts";
import { panTraces, stepWindow, toggleFollowCursor } from "../app/traces.ts";
import {
  nextColourMap,
  panBy,
  resetView,
  toggleTheme,
  toggleTraceStyle,
  useView,
  zoomCentre,
} from "../app/viewStore.ts";
import { closeKeyHelp, toggleKeyHelp, useKeyHelp } from "./keyHelp.ts";

/** Keys that start something: held down, they count once. */
const ONCE = /^[ruoelb1-4]$/;
const PAN = 0.1;
const ZOOM = 0.8;

/** Keys that an element uses itself: typing, choosing, pressing a button, moving between the dock's tabs. */
function usesItself(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("input, textarea, select")) return event.key !== "Escape";
  if (target.closest("button, summary, a")) return event.key === " " || event.key === "Enter";
  if (target.closest("[role=tab], [role=separator]")) return event.key.startsWith("Arrow") || event.key === " ";
  return false;
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

/** The step with this number, as its card shows it, counted from 1. */
async function runStepNumber(number: number): Promise<void> {
  const method = openRecipe(useRun.getState(), useSession.getState()).steps[number - 1];
  if (method) await startStep(method.id);
}

/** Keyboard for everything; the list a person sees is KEY_LIST. */
export function useKeys(): void {
  useEffect(() => {
    const on = (action: () => void) => (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.repeat === true && ONCE.test(event.key))) return;
      event.preventDefault();
      action();
    };
    const withControl = (action: () => void) => (event: KeyboardEvent) => {
      if (!useMotionEditing.getState().id) return;
      event.preventDefault();
      action();
    };
    return tinykeys(
      window,
      {
        ArrowLeft: on(() => panBy("time", -PAN)),
        ArrowRight: on(() => panBy("time", PAN)),
        ArrowUp: on(() => panBy("depth", PAN)),
        ArrowDown: on(() => panBy("depth", -PAN)),
        "[Shift]++": on(() => zoomCentre(["time", "depth"], ZOOM)),
        "=": on(() => zoomCentre(["time", "depth"], ZOOM)),
        "-": on(() => zoomCentre(["time", "depth"], 1 / ZOOM)),
        "0": on(resetView),
        r: on(() => void startRun()),
        Space: on(() => void togglePause()),
        Escape: on(closeOrCancel),
        "[Shift]+?": on(toggleKeyHelp),
        t: on(toggleTheme),
        "[": on(() => void stepSelection(-1)),
        "]": on(() => void stepSelection(1)),
        x: on(() => void selectAtRandom()),
        l: on(() => toggleBrush("lasso")),
        b: on(() => toggleBrush("box")),
        c: on(nextColourMap),
        z: on(zoomToSelection),
        j: on(() => stepChannel(-1)),
        k: on(() => stepChannel(1)),
        h: on(toggleTraceStyle),
        ",": on(() => panTraces(-0.5)),
        ".": on(() => panTraces(0.5)),
        w: on(() => stepWindow(1)),
        "[Shift]+w": on(() => stepWindow(-1)),
        f: on(toggleFollowCursor),
        o: on(nextRecording),
        u: on(() => void resumeNewest()),
        e: on(toggleEditing),
        "$mod+z": withControl(undoEdit),
        "$mod+Shift+z": withControl(redoEdit),
        "$mod+y": withControl(redoEdit),
        ...Object.fromEntries([1, 2, 3, 4].map((n) => [String(n), on(() => void runStepNumber(n))])),
      },
      { ignore: usesItself },
    );
  }, []);
}

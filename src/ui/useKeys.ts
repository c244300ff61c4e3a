import { useEffect } from "react";
import { tinykeys } from "tinykeys";
import { isActive } from "../app/jobReducer.ts";
import { cancelRun, startRun, togglePause } from "../app/runActions.ts";
import { useRun } from "../app/runStore.ts";
import { clearSelection, stepSelection } from "../app/selection.ts";
import { nextColourMap, panBy, resetView, toggleTheme, useView, zoomCentre } from "../app/viewStore.ts";
import { closeKeyHelp, toggleKeyHelp, useKeyHelp } from "./keyHelp.ts";

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
  else if (useView.getState().selected) clearSelection();
  else if (isActive(useRun.getState().job)) void cancelRun();
}

/** Keyboard for everything; the list a person sees is KEY_LIST. */
export function useKeys(): void {
  useEffect(() => {
    const on = (action: () => void) => (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.repeat === true && event.key === "r")) return;
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
        c: on(nextColourMap),
      },
      { ignore: usesItself },
    );
  }, []);
}

import { messageOf } from "../core/errors.ts";
import { useFilmExport } from "./filmExport.ts";
import { currentStep, isActive, stepFraction } from "./jobReducer.ts";
import { useRun } from "./runStore.ts";
import { notify } from "./sessionStore.ts";

/** What a run does to the page around it: the tab's title, the screen's sleep, the question before leaving. */

const TITLE = "Driftscope";

/** Title of the tab: the share done in front, so that it can be read in a row of tabs. */
export function tabTitle(job: ReturnType<typeof useRun.getState>["job"]): string {
  if (job.state === "running") return `${Math.floor(100 * stepFraction(currentStep(job)))} % · ${TITLE}`;
  if (job.state === "paused") return `paused · ${TITLE}`;
  if (job.state === "done") return `done · ${TITLE}`;
  if (job.state === "failed") return `failed · ${TITLE}`;
  return TITLE;
}

let lock: WakeLockSentinel | null = null;

async function keepAwake(wanted: boolean): Promise<void> {
  if (!("wakeLock" in navigator)) return;
  if (!wanted) {
    await lock?.release();
    lock = null;
  } else if (!lock || lock.released) {
    lock = await navigator.wakeLock.request("screen");
  }
}

/** Follow the job; returns the function that stops it. */
export function startPageEffects(): () => void {
  const stop = useRun.subscribe((state, before) => {
    const title = tabTitle(state.job);
    if (document.title !== title) document.title = title;
    if (isActive(state.job) === isActive(before.job)) return;
    keepAwake(isActive(state.job)).catch((error: unknown) => {
      notify("warning", `The screen may go to sleep during the run, because the browser said: ${messageOf(error)}.`);
    });
  });
  const warn = (event: BeforeUnloadEvent) => {
    if (isActive(useRun.getState().job) || useFilmExport.getState().isRunning) event.preventDefault();
  };
  window.addEventListener("beforeunload", warn);
  return () => {
    stop();
    window.removeEventListener("beforeunload", warn);
  };
}

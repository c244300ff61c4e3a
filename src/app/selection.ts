import { bracket } from "../core/motion.ts";
import type { PickedSpike } from "../protocol/workers.ts";
import { withPaint } from "./clients.ts";
import { getResults, subscribeResults } from "./results.ts";
import { notifyError } from "./sessionStore.ts";
import { useView } from "./viewStore.ts";

/**
 * The selected spike. The paint worker knows where spikes are drawn, so it answers what a click means; the answer to the
 * newest question counts, and answers about spikes that were replaced meanwhile do not.
 */

/** How often the corrected depth of the selected spike follows a motion that is being learned. */
const FOLLOW_EVERY_MS = 250;

let lastQuestion = 0;
/** row that a step has asked for and not yet got, so that a key held down misses none */
let pendingIndex: number | null = null;

async function ask(question: () => Promise<PickedSpike | null>): Promise<void> {
  const mine = ++lastQuestion;
  try {
    const selected = await question();
    if (mine === lastQuestion) useView.setState({ selected });
  } catch (error) {
    notifyError(error);
  } finally {
    if (mine === lastQuestion) pendingIndex = null;
  }
}

/** Select the spike seen at a place of a picture, CSS px from its top left; select none where there is none. Never rejects. */
export function pickAt(pictureId: string, xCss: number, yCss: number): Promise<void> {
  pendingIndex = null;
  return ask(() => withPaint((paint) => paint.pick(pictureId, xCss, yCss)));
}

/** Select none, whatever is still being asked. */
export function clearSelection(): void {
  lastQuestion++;
  pendingIndex = null;
  if (useView.getState().selected) useView.setState({ selected: null });
}

/**
 * Row that a step leads to; null when it leads nowhere. `timeSec` ascending; `current` null starts at the last spike not
 * after the middle of the time on screen.
 */
export function stepTarget(
  timeSec: Float64Array,
  current: number | null,
  by: 1 | -1,
  middleSec: number,
): number | null {
  if (timeSec.length === 0) return null;
  if (current === null) {
    const at = bracket(timeSec, middleSec);
    return at + 1 < timeSec.length && timeSec[at + 1] <= middleSec ? at + 1 : at;
  }
  const next = current + by;
  return next >= 0 && next < timeSec.length ? next : null;
}

/** Select the next or previous spike in time; without a selection, the one in the middle of the screen. Never rejects. */
export function stepSelection(by: 1 | -1): Promise<void> {
  const { selected, ranges } = useView.getState();
  const timeSec = getResults().spikes?.timeSec ?? new Float64Array(0);
  const current = pendingIndex ?? selected?.index ?? null;
  const index = stepTarget(timeSec, current, by, (ranges.time[0] + ranges.time[1]) / 2);
  if (index === null) return Promise.resolve();
  pendingIndex = index;
  return ask(() => withPaint((paint) => paint.spikeAt(index)));
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** The paint worker has another motion: read the selected spike's corrected depth again, soon and not too often. */
export function followMotion(): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    void readAgain();
  }, FOLLOW_EVERY_MS);
}

async function readAgain(): Promise<void> {
  const before = useView.getState().selected;
  if (!before) return;
  const question = lastQuestion;
  try {
    const selected = await withPaint((paint) => paint.spikeAt(before.index));
    // only if it is still the one: another may have been selected meanwhile, or other spikes opened
    const isStill = question === lastQuestion && useView.getState().selected?.index === before.index;
    if (isStill) useView.setState({ selected });
  } catch (error) {
    notifyError(error);
  }
}

/** Forget the selection when other spikes are opened; returns the function that stops it. */
export function startSelectionSync(): () => void {
  const stop = subscribeResults("spikes", clearSelection);
  return () => {
    stop();
    clearTimeout(timer);
    timer = undefined;
  };
}

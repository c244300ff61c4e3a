import { create } from "zustand";
import type { Recording } from "../core/types.ts";
import type { ParamValues } from "../protocol/methods.ts";
import type { TraceRequest } from "../protocol/recordings.ts";
import { withCompute, withPaint } from "./clients.ts";
import { latestOnly } from "./latest.ts";
import { keepPictures } from "./results.ts";
import { errorSentence, useSession } from "./sessionStore.ts";
import { useView } from "./viewStore.ts";

/** Which stretch of the recording the traces show, and how it gets from the file to the picture. */

/** Window lengths offered, ms. */
export const WINDOWS_MS = [10, 20, 50, 100, 200, 500, 1000] as const;

export interface TracesState {
  windowMs: number;
  /** the middle follows the pointer over a raster, not only the selected spike */
  followsCursor: boolean;
  /** middle of the window that a person has moved to, s; null for the selected spike or the middle of the view */
  centerSec: number | null;
  /** s, as read: the window may have been moved inside the recording */
  shownSec: readonly [number, number] | null;
  isReading: boolean;
  /** why the last window could not be read, one sentence */
  error: string | null;
}

const NONE = { centerSec: null, shownSec: null, isReading: false, error: null };

export const useTraces = create<TracesState>(() => ({ windowMs: 50, followsCursor: false, ...NONE }));

/** Another recording, or none: nothing of the last one is shown. */
export function forgetTraces(): void {
  useTraces.setState(NONE);
}

/** Segment that holds a time, s from the first sample of the recording; between two, the nearer one. */
export function segmentAt({ segments, rateHz }: Pick<Recording, "segments" | "rateHz">, timeSec: number): number {
  let best = 0;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [index, { startSec, nSamples }] of segments.entries()) {
    const distance = Math.max(startSec - timeSec, timeSec - (startSec + nSamples / rateHz), 0);
    if (distance < bestDistance) [best, bestDistance] = [index, distance];
  }
  return best;
}

/** Where the middle of the window belongs now: moved there by hand, under the pointer, at the selected spike, in mid view. */
export function wantedCenter(): number {
  const { centerSec, followsCursor } = useTraces.getState();
  const { cursorTimeSec, selected, ranges } = useView.getState();
  if (followsCursor && cursorTimeSec !== null) return cursorTimeSec;
  return centerSec ?? selected?.timeSec ?? (ranges.time[0] + ranges.time[1]) / 2;
}

/** Move the window by a share of its length; a selection made afterwards takes it along again. */
export function panTraces(fraction: number): void {
  const { recording } = useSession.getState();
  if (!recording) return;
  const { windowMs, shownSec } = useTraces.getState();
  const from = shownSec ? (shownSec[0] + shownSec[1]) / 2 : wantedCenter();
  const half = windowMs / 2000;
  const center = from + (fraction * windowMs) / 1000;
  const latest = Math.max(half, recording.info.durationSec - half);
  useTraces.setState({ centerSec: Math.min(latest, Math.max(half, center)) });
}

/** The next longer or shorter window of those offered. */
export function stepWindow(by: 1 | -1): void {
  const { windowMs } = useTraces.getState();
  const at = WINDOWS_MS.findIndex((ms) => ms >= windowMs);
  const next = WINDOWS_MS[Math.min(WINDOWS_MS.length - 1, Math.max(0, at + by))];
  useTraces.setState({ windowMs: next });
}

export function toggleFollowCursor(): void {
  useTraces.setState((state) => ({ followsCursor: !state.followsCursor }));
}

const read = latestOnly<TraceRequest>(
  async (request) => {
    const { recording } = useSession.getState();
    useTraces.setState({ isReading: true });
    const window = await withCompute((api) => api.traces(request));
    // a window of a recording that was closed meanwhile must not stand over the next one
    if (useSession.getState().recording !== recording) return;
    const shownSec = [window.startSec, window.startSec + window.nSamples / window.rateHz] as const;
    keepPictures({ traces: window });
    await withPaint((paint) => paint.setParts({ traces: window }));
    useTraces.setState({ shownSec, isReading: false, error: null });
  },
  (error) => useTraces.setState({ isReading: false, error: errorSentence(error) }),
);

/** Ask for the window that is wanted now; of several asked while one is being read only the last counts. */
export function readTraces(params: ParamValues): void {
  const { recording } = useSession.getState();
  if (!recording) return;
  if (recording.info.absent) {
    useTraces.setState({ error: "The samples of this recording are not at hand: drop it again.", isReading: false });
    return;
  }
  const centerSec = wantedCenter();
  const durationSec = useTraces.getState().windowMs / 1000;
  read({ segment: segmentAt(recording.recording, centerSec), centerSec, durationSec, params });
}

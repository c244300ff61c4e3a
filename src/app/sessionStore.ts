import { create } from "zustand";
import { asAppError, messageOf } from "../core/errors.ts";
import type { Recording } from "../core/types.ts";
import type { DatasetInfo, Sorting } from "../protocol/datasets.ts";
import type { ComputeStatus } from "../protocol/methods.ts";

/** One sentence for the reader. Errors stand in the strip until dismissed; warnings are counted in the status line. */
export interface Notice {
  id: number;
  level: "error" | "warning" | "info";
  text: string;
}

/** A raw recording that was dropped: what it is, without its samples. */
export interface OpenRecording {
  info: DatasetInfo;
  recording: Recording;
  /** among what was found in its drop */
  key?: string;
}

export interface SessionState {
  /** the recording that traces are read from and detection runs on, if any */
  recording: OpenRecording | null;
  /** every recording with samples of the same drop, the open one included */
  recordings: readonly OpenRecording[];
  /** the spikes on screen, if any */
  spikes: DatasetInfo | null;
  /** whether the spikes were read from files or found in the open recording */
  spikesFrom: "file" | "run";
  /** the trained network that was opened last, if any */
  model: DatasetInfo | null;
  /** what is being read right now, in words; null when nothing is */
  opening: string | null;
  notices: Notice[];
  compute: ComputeStatus | null;
  /** raised when the paint worker was restarted: canvases must be made anew */
  paintGeneration: number;
}

export const useSession = create<SessionState>(() => ({
  recording: null,
  recordings: [],
  spikes: null,
  spikesFrom: "file",
  model: null,
  opening: null,
  notices: [],
  compute: null,
  paintGeneration: 0,
}));

/** Whether the spikes on screen came with their waveforms. Over an open recording, waveforms are read from it. */
export function hasWaveforms({ recording, spikes }: Pick<SessionState, "recording" | "spikes">): boolean {
  return recording === null && spikes?.absent !== true && spikes?.has?.includes("waveforms") === true;
}

/** What is known of the units on screen, and what their amplitudes are in; null without spikes. */
export function sortingOf({ spikes }: Pick<SessionState, "spikes">): Sorting | null {
  return spikes && { units: spikes.units, amplitudeUnit: spikes.amplitudeUnit };
}

/** Whether the spikes on screen are those of units. */
export function isSorted({ spikes }: Pick<SessionState, "spikes">): boolean {
  return (spikes?.units?.length ?? 0) > 0;
}

let lastNoticeId = 0;

/** Add a sentence; the same sentence twice stands once, the newest last. */
export function notify(level: Notice["level"], text: string): void {
  const notice: Notice = { id: ++lastNoticeId, level, text };
  useSession.setState((state) => ({ notices: [...state.notices.filter((n) => n.text !== text), notice] }));
}

/** What was thrown, as an error in the strip. An expected failure is its own sentence; anything else is our mistake. */
export function notifyError(error: unknown): void {
  if (!asAppError(error)) console.error(error);
  notify("error", errorSentence(error));
}

/** One sentence for the reader, whatever was thrown. */
export function errorSentence(error: unknown): string {
  if (asAppError(error)) return messageOf(error);
  return `Driftscope made a mistake of its own (${messageOf(error)}); what is open stays open, and the browser's console has the details.`;
}

export function dismiss(id: number): void {
  useSession.setState((state) => ({ notices: state.notices.filter((n) => n.id !== id) }));
}

/** Something was opened: what was said about earlier attempts and earlier data no longer holds. */
export function clearNotices(): void {
  useSession.setState({ notices: [] });
}

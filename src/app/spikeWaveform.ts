import { create } from "zustand";
import type { SpikeWaveform } from "../protocol/recordings.ts";
import { withCompute, withPaint } from "./clients.ts";
import { latestOnly } from "./latest.ts";
import { knownPositions } from "./positions.ts";
import { parseForm } from "./recipeForm.ts";
import { getResults, keepPictures, subscribeResults } from "./results.ts";
import { useRun } from "./runStore.ts";
import { errorSentence, hasWaveforms, notifyError, useSession } from "./sessionStore.ts";
import { useView } from "./viewStore.ts";

/**
 * The waveform of the selected spike, read back from the recording or from the file that it came with, kept for a while, and read
 * ahead for the spikes before and after it in time. Panels show the spike before, dimmed, until the next one is there.
 */
export interface WaveformState {
  /** the spike on the pictures; null while none is */
  shown: SpikeWaveform | null;
  /** row that is being read; null when none is */
  reading: number | null;
  /** why the selected spike's waveform is not there, one sentence */
  reason: string | null;
}

export const useWaveform = create<WaveformState>(() => ({ shown: null, reading: null, reason: null }));

/** Waveforms kept at most: some hundred kB. */
const KEEP = 64;

/** By row, least recently used first; emptied when rows mean other spikes, or may be shown otherwise. */
const kept = new Map<number, SpikeWaveform>();
/** raised with every emptying: what was asked before is not kept */
let era = 0;

function keep(waveform: SpikeWaveform): void {
  kept.delete(waveform.index);
  kept.set(waveform.index, waveform);
  for (const index of kept.keys()) {
    if (kept.size <= KEEP) break;
    kept.delete(index);
  }
}

async function fetchWaveform(index: number): Promise<SpikeWaveform | null> {
  const asked = era;
  const found = await withCompute((api) => api.waveform(index, slotOrder()));
  if (asked !== era) return null;
  if (found) keep(found);
  return found;
}

const selectedRow = () => useView.getState().selected?.index ?? null;

const read = latestOnly<number>(
  async (index) => {
    const asked = era;
    const found = kept.get(index) ?? (await fetchWaveform(index));
    if (asked !== era || selectedRow() !== index) return;
    if (found) show(found);
    else {
      hide("This spike's waveform can be read once the run that found it has come to its end.");
    }
  },
  (error) => hide(errorSentence(error)),
);

/** Places that the page knows of a spike stand beside those that came with its waveform. */
function withKnown(waveform: SpikeWaveform): SpikeWaveform {
  const at = 4 * waveform.index;
  const locations = { ...waveform.locations };
  for (const [id, xyza] of Object.entries(knownPositions())) {
    const [x, y, z, alpha] = xyza.subarray(at, at + 4);
    locations[id] = [x, y, z, alpha];
  }
  return { ...waveform, locations };
}

function paint(waveform: SpikeWaveform | null): void {
  keepPictures({ waveform });
  withPaint((api) => api.setParts({ waveform })).catch(notifyError);
}

function show(waveform: SpikeWaveform): void {
  const shown = withKnown(waveform);
  useWaveform.setState({ shown, reading: null, reason: null });
  paint(shown);
  void readAhead(waveform.index);
}

function hide(reason: string | null): void {
  const { shown } = useWaveform.getState();
  useWaveform.setState({ shown: null, reading: null, reason });
  if (shown) paint(null);
}

/** Read the next spike in time and the one before, one after the other, until another one is selected. */
async function readAhead(index: number): Promise<void> {
  const nSpikes = getResults().spikes?.nSpikes ?? 0;
  for (const next of [index + 1, index - 1]) {
    if (next < 0 || next >= nSpikes || kept.has(next)) continue;
    if (selectedRow() !== index || useWaveform.getState().reading !== null) return;
    // a failure is said when that spike is selected
    await fetchWaveform(next).catch(() => null);
  }
}

/** The slot order that the form of the step that localizes imported waveforms says now. */
export function slotOrder(): string {
  const { methods, drafts } = useRun.getState();
  const method = methods?.find(({ params }) => "slot_order" in params);
  return method ? String(parseForm(method.params, drafts[method.id] ?? {}).params.slot_order) : "auto";
}

/** Why no waveform can be shown whatever is selected, in one sentence; null when one can. */
export function whyNoWaveform(session: ReturnType<typeof useSession.getState>): string | null {
  const { recording, spikes, spikesFrom } = session;
  if (hasWaveforms(session)) return null;
  if (!spikes && !recording)
    return "Open a raw recording and detect spikes in it: a click on one shows its waveform here.";
  if (!recording && spikes?.absent)
    return "The waveforms of these spikes are in files that are not at hand: drop them again.";
  if (!recording) {
    return "These spikes came without their recording, so there are no samples to show: drop the recording and detect spikes in it.";
  }
  if (recording.info.absent)
    return "The waveforms are read from the recording, whose samples are not at hand: drop it again.";
  if (!spikes) return "Detect spikes in the recording: a click on one shows its waveform here.";
  if (spikesFrom === "file") {
    return "These spikes were read from a file and not found in the open recording: detect spikes in it to see waveforms.";
  }
  return null;
}

/** Show the waveform of the selected spike, or none. */
function follow(): void {
  const index = whyNoWaveform(useSession.getState()) === null ? selectedRow() : null;
  if (index === null) {
    hide(null);
    return;
  }
  const there = kept.get(index);
  if (there) {
    keep(there);
    show(there);
    return;
  }
  useWaveform.setState({ reading: index, reason: null });
  read(index);
}

function startAnew(): void {
  kept.clear();
  era++;
  follow();
}

/** Follow the selection and everything that a waveform is read by; returns the function that stops it. */
export function startWaveformSync(): () => void {
  let generation = getResults().spikesGeneration;
  let order = slotOrder();
  const stops = [
    useView.subscribe((now, before) => {
      if (now.selected?.index !== before.selected?.index) follow();
    }),
    useSession.subscribe((now, before) => {
      if (whyNoWaveform(now) !== whyNoWaveform(before)) startAnew();
    }),
    useRun.subscribe(() => {
      if (slotOrder() === order) return;
      order = slotOrder();
      startAnew();
    }),
    subscribeResults("run", startAnew),
    subscribeResults("spikes", () => {
      if (getResults().spikesGeneration === generation) return;
      generation = getResults().spikesGeneration;
      startAnew();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

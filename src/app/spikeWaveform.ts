import { create } from "zustand";
import { withCompute, withPaint } from "./clients.ts";
import { latestOnly } from "./latest.ts";
import { parseForm } from "./recipeForm.ts";
import { getResults, keepPictures } from "./results.ts";
import { useRun } from "./runStore.ts";
import { errorSentence, hasWaveforms, useSession } from "./sessionStore.ts";
import { useView } from "./viewStore.ts";

/** The waveform of the selected spike, read back from the recording or from the file that it came with. */
export interface WaveformState {
  /** row of the spike on screen; null while none is */
  index: number | null;
  /** why the selected spike's waveform is not there, one sentence */
  reason: string | null;
  /** what to know about the waveform on screen; empty when there is nothing */
  note: string;
}

export const useWaveform = create<WaveformState>(() => ({ index: null, reason: null, note: "" }));

const read = latestOnly<number | null>(
  async (index) => {
    const generation = getResults().spikesGeneration;
    const waveform = index === null ? null : await withCompute((api) => api.waveform(index, slotOrder()));
    if (generation !== getResults().spikesGeneration) return;
    keepPictures({ waveform });
    await withPaint((paint) => paint.setParts({ waveform }));
    const missing = index !== null && waveform === null;
    const reason = missing ? "This spike's waveform can be read once the run that found it has come to its end." : null;
    useWaveform.setState({ index: waveform ? index : null, reason, note: waveform?.note ?? "" });
  },
  (error) => useWaveform.setState({ index: null, reason: errorSentence(error), note: "" }),
);

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
  if (!recording) {
    return "These spikes came without their recording, so there are no samples to show: drop the recording and detect spikes in it.";
  }
  if (!spikes) return "Detect spikes in the recording: a click on one shows its waveform here.";
  if (spikesFrom === "file") {
    return "These spikes were read from a file and not found in the open recording: detect spikes in it to see waveforms.";
  }
  return null;
}

/** Show the waveform of the selected spike, or none. */
export function readWaveform(): void {
  const { selected } = useView.getState();
  read(whyNoWaveform(useSession.getState()) === null && selected ? selected.index : null);
}

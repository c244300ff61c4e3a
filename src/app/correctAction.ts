import { proxy } from "comlink";
import { AppError } from "../core/errors.ts";
import type { CorrectionEvent, CorrectionOutcome } from "../protocol/correction.ts";
import type { ParamValues } from "../protocol/methods.ts";
import { withCompute } from "./clients.ts";
import { formatDuration } from "./format.ts";
import { isActive } from "./jobReducer.ts";
import { getResults } from "./results.ts";
import { useRun } from "./runStore.ts";
import { saveBlob } from "./saveFile.ts";
import { notify, notifyError, useSession } from "./sessionStore.ts";
import { useStatus } from "./statusStore.ts";

/** Not in every browser. */
interface PickingWindow {
  showDirectoryPicker?(options: { id: string; mode: "readwrite" }): Promise<FileSystemDirectoryHandle>;
}

let lastCorrection = 0;

/** The recording on screen without the motion on screen, as SpikeGLX files. Says how it went; never rejects. */
export async function saveCorrected(params: ParamValues): Promise<void> {
  try {
    const { motion } = getResults();
    if (!motion || !useSession.getState().recording)
      throw new AppError("usage", "A corrected recording needs a recording and a motion: open or estimate them first.");
    if (isActive(useRun.getState().job) || useStatus.getState().correction)
      throw new AppError("usage", "Something is still being computed; wait for it or cancel it first.");
    const folder = await chooseFolder();
    if (folder === "none") return;
    const id = `correct-${++lastCorrection}`;
    useStatus.setState({ correction: { id, text: "reading" } });
    const onEvent = (event: CorrectionEvent) => showEvent(id, event);
    tellOutcome(await withCompute((api) => api.correctRecording(id, params, motion, folder, proxy(onEvent))));
  } catch (error) {
    notifyError(error);
  } finally {
    useStatus.setState({ correction: null });
  }
}

/** End the correction under way; what is whole stays. Never rejects. */
export async function cancelCorrection(): Promise<void> {
  const { correction } = useStatus.getState();
  if (!correction) return;
  try {
    await withCompute((api) => api.cancel(correction.id));
  } catch (error) {
    notifyError(error);
  }
}

/** A folder; null where the browser cannot be given one; "none" when the person has thought better of it. */
async function chooseFolder(): Promise<FileSystemDirectoryHandle | null | "none"> {
  const { showDirectoryPicker } = window as PickingWindow;
  if (!showDirectoryPicker) return null;
  try {
    return await showDirectoryPicker.call(window, { id: "corrected", mode: "readwrite" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return "none";
    throw new AppError(
      "bad-data",
      "The browser gave no folder to write to; choose one that the page may write into.",
      {},
      { cause: error },
    );
  }
}

function showEvent(id: string, event: CorrectionEvent): void {
  if (event.kind === "warning") notify("warning", event.message);
  if (event.kind === "stage") useStatus.setState({ correction: { id, text: event.title } });
  if (event.kind !== "progress") return;
  const percent = Math.floor((100 * event.done) / event.total);
  const text = `Correcting the recording: ${percent} %, ${formatDuration(event.secondsLeft)} left`;
  useStatus.setState({ correction: { id, text } });
}

function tellOutcome({ summary, files }: CorrectionOutcome): void {
  for (const { name, blob } of files) saveBlob(blob, name);
  const { complete, nSegments, doneSec, nChannels, nRemoved } = summary;
  if (!complete) {
    const kept = nSegments > 0 ? `; the segments before it (${nSegments}) are whole` : "";
    notify("info", `The correction was stopped, and nothing of the segment under way was kept${kept}.`);
    return;
  }
  const removed = nRemoved > 0 ? ` (${nRemoved} left the probe and were removed)` : "";
  notify(
    "info",
    `Wrote ${formatDuration(doneSec)} on ${nChannels} channels${removed}, corrected for motion: sort them with the sorter's own correction off.`,
  );
}

import type { SpikeTable } from "../core/types.ts";
import type { DatasetInfo } from "../protocol/datasets.ts";
import { sendSpikesToCompute, withPaint } from "./clients.ts";
import { forgetEstimates } from "./motions.ts";
import { growSpikes, setSpikes } from "./results.ts";
import { notifyError, useSession } from "./sessionStore.ts";
import { recordingFilesOf } from "./showData.ts";
import { copySpikes, GrowingSpikes, hasSameTimes, joinSpikes, noSpikes } from "./spikeColumns.ts";
import { padRange, robustRange } from "./viewMath.ts";
import { growBounds, pictureView, setRanges, useView } from "./viewStore.ts";

/** Spikes of a run in progress: they arrive in pieces and go on screen a few times a second. */

/** Four redraws a second look alive and leave the processor to the run. */
const FLUSH_EVERY_MS = 250;

let growing = new GrowingSpikes();
let pending: SpikeTable[] = [];
let flushing = false;
/** the step has found nothing yet */
let isFresh = true;
/** raised with every run, so that pieces of an earlier one are not mixed in */
let generation = 0;
/** amplitude limits that we have set; a person who has changed them keeps theirs */
let ownAmp: readonly [number, number] | null = null;

/** Spikes found in the open recording, as the session describes them. */
function infoOfFound(table: SpikeTable, title: string): DatasetInfo {
  const { recording } = useSession.getState();
  const has = ["times", "depths", "amplitudes"];
  return {
    format: recording?.info.format ?? "",
    title,
    kind: "spikes",
    warnings: [],
    files: recording?.info.files ?? [],
    durationSec: recording?.info.durationSec ?? 0,
    nSpikes: table.nSpikes,
    has,
    ...(recording?.info.amplitudeUnit ? { amplitudeUnit: recording.info.amplitudeUnit } : {}),
  };
}

/** A step that finds spikes begins. Those of an earlier run stay until it has found its first. */
export function startLiveSpikes(): void {
  generation++;
  growing = new GrowingSpikes();
  pending = [];
  ownAmp = null;
  isFresh = true;
}

/** The first spikes: what belongs to those of an earlier run goes. */
function replaceEarlier(): void {
  isFresh = false;
  setSpikes(noSpikes(), recordingFilesOf());
  forgetEstimates();
  useSession.setState({ spikes: null, spikesFrom: "run" });
  withPaint((paint) => paint.setSpikes(null)).catch(notifyError);
}

/** The next piece; it is on screen within a quarter of a second. */
export function takeLiveSpikes(piece: SpikeTable): void {
  if (piece.nSpikes === 0) return;
  if (isFresh) replaceEarlier();
  pending.push(piece);
  if (!flushing) void flush(generation);
}

async function flush(mine: number): Promise<void> {
  flushing = true;
  try {
    while (mine === generation && pending.length > 0) {
      const piece = joinSpikes(pending);
      pending = [];
      growing.append(piece);
      const table = growing.table();
      growSpikes(table);
      useSession.setState({ spikes: infoOfFound(table, "Spikes found so far") });
      showAmplitudes(table);
      await withPaint((paint) => paint.appendSpikes(piece));
      await new Promise((resolve) => setTimeout(resolve, FLUSH_EVERY_MS));
    }
  } catch (error) {
    notifyError(error);
  } finally {
    flushing = false;
    if (pending.length > 0) void flush(generation);
  }
}

function showAmplitudes(table: SpikeTable): void {
  const all = robustRange(table.ampUv, 0, 1);
  const usual = robustRange(table.ampUv, 0.002, 0.998);
  if (!all || !usual) return;
  growBounds("amp", all);
  const { amp } = useView.getState().ranges;
  if (ownAmp !== null && (amp[0] !== ownAmp[0] || amp[1] !== ownAmp[1])) return;
  setRanges({ amp: padRange(usual, 0) });
  ownAmp = useView.getState().ranges.amp;
}

/** The step has ended: its table replaces the pieces, for the pictures and for the steps that follow. */
export function endLiveSpikes(table: SpikeTable): void {
  if (isFresh) replaceEarlier();
  for (const piece of pending) growing.append(piece);
  generation++;
  pending = [];
  // a spike that was selected meanwhile stays selected where the rows are the same
  if (hasSameTimes(table, growing.table())) growSpikes(table);
  else setSpikes(table, recordingFilesOf());
  useSession.setState({ spikes: infoOfFound(table, "Spikes found here"), spikesFrom: "run" });
  showAmplitudes(table);
  const depths = robustRange(table.depthUm, 0.001, 0.999);
  // some lie beyond the outermost contacts: one can zoom out to them
  if (depths) growBounds("depth", depths);
  // the paint worker forgets what was selected among other spikes
  const view = pictureView(useView.getState());
  withPaint((paint) => Promise.all([paint.setSpikes(table), paint.setView(view)])).catch(notifyError);
  sendSpikesToCompute(table).catch(notifyError);
}

/** The step failed: what it had found stays on screen and can be used. False when it had found nothing. */
export function keepLiveSpikes(): boolean {
  if (isFresh) return false;
  for (const piece of pending) growing.append(piece);
  pending = [];
  endLiveSpikes(copySpikes(growing.table()));
  return true;
}

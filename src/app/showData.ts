import type { ProbeSites, Range, SpikeTable } from "../core/types.ts";
import { spokenName } from "../protocol/chunkFiles.ts";
import type { DatasetInfo, DroppedFile } from "../protocol/datasets.ts";
import type { TrainedModel } from "../protocol/models.ts";
import { sendAllToCompute, sendModelToCompute, sendSpikesToCompute, withPaint } from "./clients.ts";
import { IDLE_JOB } from "./jobReducer.ts";
import { applyLinkedView } from "./linkSync.ts";
import { addReadMotions, clearMotions, type ReadMotion, useMotions } from "./motions.ts";
import {
  clearLoss,
  getResults,
  growSpikes,
  keepPictures,
  setModel,
  setOutcomes,
  setRecordingFiles,
  setRun,
  setSpikeFiles,
  setSpikes,
} from "./results.ts";
import { useRun } from "./runStore.ts";
import { followMotion } from "./selection.ts";
import { notifyError, type OpenRecording, useSession } from "./sessionStore.ts";
import { startSpikeColour } from "./spikeColour.ts";
import { forgetTraces } from "./traces.ts";
import { checkUnfinished } from "./unfinished.ts";
import { padRange, robustRange, unionRange } from "./viewMath.ts";
import { growBounds, type Ranges, showBounds } from "./viewStore.ts";

/** What was opened becomes what is on screen: the session, the view's bounds, and both workers that need the arrays. */

/** Spikes are placed beyond the outermost contacts too. */
const BEYOND_CONTACTS_UM = 40;
/** µV shown before the first spike says better; negative, as spikes of a recording are. */
const USUAL_AMP_UV: Range = [-300, 0];

/** The files that belong to a data set out of its drop. */
export function filesOf(info: DatasetInfo, dropped: DroppedFile[]): DroppedFile[] {
  const own = new Set(info.files.map((file) => file.path));
  const found = dropped.filter((file) => own.has(file.path));
  return found.length > 0 ? found : dropped;
}

/** The open recording's own files out of its drop; empty when none is open. */
export function recordingFilesOf(): DroppedFile[] {
  const { recording } = useSession.getState();
  return recording ? filesOf(recording.info, getResults().recordingFiles) : [];
}

/** Results, curves and the job of data that are no longer open. */
export function forgetResults(): void {
  setRun(null);
  setOutcomes(null);
  clearLoss();
  useRun.setState({ job: IDLE_JOB });
}

/** Spikes read from files. The recording, when one is open, stays: the caller has seen that they can belong to it. */
export function showSpikes(table: SpikeTable, info: DatasetInfo, dropped: DroppedFile[]): void {
  const { spikes: spikesBefore, recording } = useSession.getState();
  setSpikes(table, filesOf(info, dropped));
  // motions that were dropped before any spikes waited for these; those over other spikes belong to those
  if (spikesBefore !== null || recording !== null) clearMotions();
  forgetResults();
  useSession.setState({ spikes: info, spikesFrom: "file" });
  const bounds = boundsOfSpikes(table, info, recording);
  // a handful of outliers would leave every other spike in one colour
  const usual = robustRange(table.ampUv, 0.002, 0.998);
  showBounds(bounds, usual ? { amp: padRange(usual, 0) } : {});
  startSpikeColour((info.units?.length ?? 0) > 0);
  applyLinkedView();
  const probe = recording?.recording.probe ?? info.probe ?? null;
  report(withPaint((paint) => Promise.all([paint.setParts({ probe }), paint.setSpikes(table)])));
  report(sendSpikesToCompute(table));
}

/** The files of spikes that are on screen are at hand again. */
export function foundSpikeFiles(info: DatasetInfo, dropped: DroppedFile[]): void {
  setSpikeFiles(filesOf(info, dropped));
  const { absent: _, ...known } = useSession.getState().spikes ?? info;
  useSession.setState({ spikes: known });
  report(sendAllToCompute().then(checkUnfinished));
}

/** The same spikes at places that a step has found for them; the compute worker, which found them, has them. */
export function showRelocated(table: SpikeTable): void {
  growSpikes(table);
  const depth = robustRange(table.depthUm, 0, 1);
  if (depth) growBounds("depth", padRange(depth, 0.02));
  report(withPaint((paint) => paint.setSpikes(table)));
  followMotion(); // the selected spike has another depth
}

function boundsOfSpikes(table: SpikeTable, info: DatasetInfo, recording: OpenRecording | null): Ranges {
  // time counts from the first sample, so the recording begins at 0 and not at its first spike
  const time = unionRange([0, recording?.info.durationSec ?? info.durationSec], info.timeRangeSec ?? null) ?? [0, 1];
  const own = info.depthRangeUm ?? robustRange(table.depthUm, 0, 1);
  const depth = unionRange(own, recording ? depthOfContacts(recording.info.probe) : null) ?? [0, 1];
  const amp = info.amplitudeRangeUv ?? robustRange(table.ampUv, 0, 1) ?? [0, 1];
  return { time: padRange(time, 0), depth: padRange(depth, 0.02), amp: padRange(amp, 0) };
}

function unionOf(a: Range, b: Range): Range {
  return unionRange(a, b) ?? a;
}

function extent(values: Float64Array): Range {
  return [values[0], values[values.length - 1]];
}

/** Motions from files, added to those of the session: over the spikes or the recording that are open, or alone. */
export function showMotions(read: readonly ReadMotion[]): void {
  addReadMotions(read);
  if (getResults().spikes || useSession.getState().recording) return;
  const motions = useMotions.getState().entries.map((entry) => entry.motion);
  const time = motions.map((motion) => extent(motion.timeBinCentersSec)).reduce(unionOf);
  const depth = motions.map((motion) => extent(motion.depthBinCentersUm)).reduce(unionOf);
  showBounds({ time: padRange(time, 0), depth: padRange(depth, 0.02), amp: [0, 1] });
  applyLinkedView();
}

/** A trained network from a file: steps that take one start from it. */
export function showModel(model: TrainedModel, info: DatasetInfo): void {
  setModel(model);
  useSession.setState({ model: info });
  report(sendModelToCompute(model));
}

function depthOfContacts(probe: ProbeSites | undefined): Range | null {
  const depths = (probe?.positionsUm ?? []).map(([, y]) => y);
  if (depths.length === 0) return null;
  return [Math.min(...depths) - BEYOND_CONTACTS_UM, Math.max(...depths) + BEYOND_CONTACTS_UM];
}

/** Name of the first file of a recording, as a person knows it. */
export function recordingName(info: DatasetInfo): string {
  return info.files[0] ? spokenName(info.files[0].path) : info.title;
}

/**
 * Whether two are the same recording: by the name and size of its file, and by what its reader calls it, as one file may hold
 * several. Of one drop, the same name in two folders is two recordings (continuous.dat of two experiments).
 */
export function isSameRecording(a: OpenRecording | null, b: OpenRecording): boolean {
  if (a === null) return false;
  const [fileA] = a.info.files;
  const [fileB] = b.info.files;
  const isNamedAlike = recordingName(a.info) === recordingName(b.info) && a.info.title === b.info.title;
  if (!isNamedAlike || fileA?.bytes !== fileB?.bytes) return false;
  const isOneDrop = useSession.getState().recordings.includes(a) && useSession.getState().recordings.includes(b);
  return !isOneDrop || a === b;
}

/**
 * A recording, its whole extent in view. Spikes and motions of earlier data go, unless they were found in this very
 * recording, which is opened again with its geometry, say.
 */
export function showRecording(one: OpenRecording, all: readonly OpenRecording[], files: DroppedFile[]): void {
  const { recording: before, spikesFrom } = useSession.getState();
  const keeps = isSameRecording(before, one) && (spikesFrom === "run" || before?.info.absent === true);
  setRecordingFiles(files);
  keepPictures({ traces: null, waveform: null });
  forgetTraces();
  if (!keeps) {
    setSpikes(null, []);
    clearMotions();
    forgetResults();
    useSession.setState({ spikes: null, spikesFrom: "run" });
    report(withPaint((paint) => paint.setSpikes(null)));
  }
  useSession.setState({ recording: one, recordings: all });
  report(withPaint((paint) => paint.setParts({ probe: one.recording.probe, traces: null, waveform: null })));
  report(sendAllToCompute().then(checkUnfinished));
  // one that was waited for is looked at as it was
  if (keeps && before?.info.absent) return;
  const depth = depthOfContacts(one.info.probe) ?? [0, 1];
  showBounds({ time: padRange([0, one.info.durationSec], 0), depth, amp: USUAL_AMP_UV });
  applyLinkedView();
}

function report(work: Promise<unknown>): void {
  work.catch((error: unknown) => notifyError(error));
}

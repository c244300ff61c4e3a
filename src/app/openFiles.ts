import { AppError } from "../core/errors.ts";
import type { Motion, Range, SpikeTable } from "../core/types.ts";
import type { DatasetInfo, DroppedFile, OpenedDataset } from "../protocol/datasets.ts";
import { recordingOnly } from "../protocol/recordingOnly.ts";
import { sendSpikesToCompute, withIo, withPaint } from "./clients.ts";
import { type Demo, fetchDemo } from "./demos.ts";
import { describeDataset } from "./format.ts";
import { IDLE_JOB, isActive } from "./jobReducer.ts";
import { takeLinkedView } from "./linkSync.ts";
import { clearLoss, getResults, setMotion, setReference, setRun, setSpikes } from "./results.ts";
import { useRun } from "./runStore.ts";
import { clearNotices, notify, notifyError, useSession } from "./sessionStore.ts";
import { padRange, robustRange, unionRange } from "./viewMath.ts";
import { type Ranges, setRanges, showBounds, useView } from "./viewStore.ts";

/** Opening: the first of the three places where errors are caught. What was open stays open until something new is. */

let queue: Promise<void> = Promise.resolve();

/** Open whatever was dropped or picked; drops that arrive while one is being read wait their turn. Never rejects. */
export function openFiles(files: Promise<DroppedFile[]>, name = "files"): Promise<void> {
  queue = queue.then(() => openNow(files, name));
  return queue;
}

export function openDemo(demo: Demo): Promise<void> {
  return openFiles(fetchDemo(demo, import.meta.env.BASE_URL), demo.title);
}

async function openNow(pending: Promise<DroppedFile[]>, name: string): Promise<void> {
  useSession.setState({ opening: `Reading ${name}…` });
  try {
    const files = await pending;
    apply(await withIo((io) => io.open(files)), files);
  } catch (error) {
    notifyError(error);
  } finally {
    useSession.setState({ opening: null });
  }
}

function apply(opened: OpenedDataset[], files: DroppedFile[]): void {
  const spikes = opened.filter((one) => one.kind === "spikes");
  const motions = opened.filter((one) => one.kind === "motion");
  if (spikes.length > 1) {
    const found = spikes.map((one) => one.info.title).join(" and ");
    throw new AppError("ambiguous", `One set of spikes can be open at a time, and this drop holds ${found}.`);
  }
  const recording = recordingOnly(opened);
  if (spikes.length + motions.length === 0) {
    if (recording) throw recording;
    throw new AppError("nothing-found", "The files were read, but hold neither spikes nor a motion.");
  }
  if (isActive(useRun.getState().job)) {
    throw new AppError(
      "usage",
      "A run is still under way on the open spikes; cancel it before opening something else.",
    );
  }
  clearNotices();
  if (spikes.length === 1) showSpikes(spikes[0].spikes, spikes[0].info, files);
  if (motions.length > 0) showMotion(motions[0].motion, motions[0].info);
  if (motions.length > 1) {
    notify("warning", `The drop holds ${motions.length} motions; the one shown is ${motions[0].info.title}.`);
  }
  if (recording) {
    notify("info", spikes.length > 0 ? "The raw recording beside the spikes is not used yet." : recording.message);
  }
  for (const { info } of opened) for (const warning of info.warnings) notify("warning", warning);
  if (spikes.length === 0 && getResults().spikes) notify("info", `Opened ${describeDataset(motions[0].info)}.`);
}

function filesOf(info: DatasetInfo, dropped: DroppedFile[]): DroppedFile[] {
  const own = new Set(info.files.map((file) => file.path));
  const found = dropped.filter((file) => own.has(file.path));
  return found.length > 0 ? found : dropped;
}

function showSpikes(table: SpikeTable, info: DatasetInfo, dropped: DroppedFile[]): void {
  // a motion that was dropped before any spikes waited for these; one over other spikes belongs to those
  const { motionSource, spikes: spikesBefore } = useSession.getState();
  const waiting = spikesBefore === null && motionSource?.from === "file" ? motionSource : null;
  setSpikes(table, filesOf(info, dropped));
  if (!waiting) {
    setMotion(null);
    setReference(null);
  }
  setRun(null);
  clearLoss();
  useRun.setState({ job: IDLE_JOB });
  useSession.setState({ spikes: info, motionSource: waiting });
  // time counts from the first sample, so the recording begins at 0 and not at its first spike
  const time = unionRange([0, info.durationSec], info.timeRangeSec ?? null) ?? [0, 1];
  const depth = info.depthRangeUm ?? robustRange(table.depthUm, 0, 1) ?? [0, 1];
  const amp = info.amplitudeRangeUv ?? robustRange(table.ampUv, 0, 1) ?? [0, 1];
  const bounds: Ranges = { time: padRange(time, 0), depth: padRange(depth, 0.02), amp: padRange(amp, 0) };
  // a handful of outliers would leave every other spike in one colour
  const usual = robustRange(table.ampUv, 0.002, 0.998);
  showBounds(bounds, usual ? { amp: padRange(usual, 0) } : {});
  applyLinkedView();
  report(withPaint((paint) => paint.setSpikes(table)));
  report(sendSpikesToCompute(table));
}

function extent(values: Float64Array): Range {
  return [values[0], values[values.length - 1]];
}

function showMotion(motion: Motion, info: DatasetInfo): void {
  setMotion(motion);
  setReference({ motion, title: info.title });
  useSession.setState({ motionSource: { from: "file", info } });
  if (getResults().spikes) return;
  const time = unionRange(extent(motion.timeBinCentersSec), null) ?? [0, 1];
  const depth = unionRange(extent(motion.depthBinCentersUm), null) ?? [0, 1];
  showBounds({ time: padRange(time, 0), depth: padRange(depth, 0.02), amp: [0, 1] });
  applyLinkedView();
}

/** The first data set opened takes the view that the page's address asks for. */
function applyLinkedView(): void {
  const link = takeLinkedView();
  if (!link) return;
  const { ranges, ...rest } = link;
  useView.setState(rest);
  setRanges(ranges);
}

function report(work: Promise<unknown>): void {
  work.catch((error: unknown) => notifyError(error));
}

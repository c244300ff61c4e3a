import { proxy } from "comlink";
import { AppError } from "../core/errors.ts";
import type { DroppedFile, OpenedDataset } from "../protocol/datasets.ts";
import { withIo } from "./clients.ts";
import { type Demo, fetchDemo } from "./demos.ts";
import { describeDataset, formatDuration } from "./format.ts";
import { isActive } from "./jobReducer.ts";
import { textsOf } from "./recipeForm.ts";
import { geometryBeside, hasGeometry, recordingToOpen, usableRecordings } from "./recordingChoice.ts";
import { getResults } from "./results.ts";
import { setDrafts, useRun } from "./runStore.ts";
import { clearNotices, notify, notifyError, type OpenRecording, useSession } from "./sessionStore.ts";
import { closeRecording, recordingName, showModel, showMotions, showRecording, showSpikes } from "./showData.ts";

/** Opening: the first of the three places where errors are caught. What was open stays open until something new is. */

let queue: Promise<void> = Promise.resolve();

/** Open whatever was dropped or picked; drops that arrive while one is being read wait their turn. Never rejects. */
export function openFiles(files: Promise<DroppedFile[]>, name = "files"): Promise<void> {
  queue = queue.then(async () => {
    const { recording } = useSession.getState();
    if ((await openNow(() => files, name)) && useSession.getState().recording !== recording) undoRecipeOfDemo();
  });
  // a drop that waits may fail before its turn comes, which is when it is told
  files.catch(() => undefined);
  return queue;
}

/** Open a demo: files of the page's own origin, or a recording made up on this machine. Never rejects. */
export function openDemo(demo: Demo): Promise<void> {
  queue = queue.then(async () => {
    if (!(await openNow(() => filesOfDemo(demo), demo.title))) return;
    undoRecipeOfDemo();
    setRecipeOf(demo);
  });
  return queue;
}

/** the demo that has set the recipe; null when none has */
let recipeOfDemo: Demo | null = null;

/** The recipe as a demo wants it; what a person had changed in those steps goes. */
function setRecipeOf(demo: Demo): void {
  if (demo.kind === "files" || !demo.recipe) return;
  for (const [method, params] of Object.entries(demo.recipe)) setDrafts(method, textsOf(params));
  useRun.setState({ networks: demo.networks ?? false });
  recipeOfDemo = demo;
}

/** What a demo has set is for that demo: other data get the recipe as it is by default. */
function undoRecipeOfDemo(): void {
  if (recipeOfDemo?.kind !== "recording") return;
  for (const method of Object.keys(recipeOfDemo.recipe ?? {})) setDrafts(method, {});
  useRun.setState({ networks: false });
  recipeOfDemo = null;
}

function filesOfDemo(demo: Demo): Promise<DroppedFile[]> {
  if (demo.kind === "files") return fetchDemo(demo, import.meta.env.BASE_URL);
  const { durationSec } = demo.options;
  const onProgress = (doneSec: number) => {
    const progress = `${formatDuration(Math.min(doneSec, durationSec))} of ${formatDuration(durationSec)}`;
    useSession.setState({ opening: `Simulating ${demo.title.toLowerCase()}: ${progress}…` });
  };
  return withIo((io) => io.simulate(demo.options, proxy(onProgress)));
}

/** Whether it could be opened. Never rejects. */
async function openNow(pending: () => Promise<DroppedFile[]>, name: string): Promise<boolean> {
  useSession.setState({ opening: `Reading ${name}…` });
  try {
    const dropped = await pending();
    const files = await withOpenData(dropped);
    useSession.setState({ opening: `Reading ${name}…` });
    apply(await withIo((io) => io.open(files)), files);
    return true;
  } catch (error) {
    notifyError(error);
    return false;
  } finally {
    useSession.setState({ opening: null });
  }
}

/** The geometry that the open recording lacks, or else the open spikes, is read as if it had lain beside them. */
async function withOpenData(dropped: DroppedFile[]): Promise<DroppedFile[]> {
  const { recording, spikes, spikesFrom } = useSession.getState();
  const { recordingFiles, spikeFiles } = getResults();
  const info = recording?.info ?? (spikesFrom === "file" ? spikes : null);
  if (!info || hasGeometry(info)) return dropped;
  const geometry = geometryBeside(info.files[0]?.path ?? "", dropped);
  // spikes that are read again lose what was computed from them: not for any other description
  const isMeant = recording !== null || (await Promise.all(dropped.map(isProbe))).every((is) => is);
  return geometry && isMeant ? [...(recording ? recordingFiles : spikeFiles), ...geometry] : dropped;
}

const MAX_PROBE_BYTES = 16 * 1024 * 1024;

/** Whether a file of a name that a geometry may have is one: JSON can be anything. */
async function isProbe({ path, file }: DroppedFile): Promise<boolean> {
  if (!/\.json$/i.test(path)) return true;
  return file.size <= MAX_PROBE_BYTES && (await file.text()).includes("probeinterface");
}

function apply(opened: OpenedDataset[], files: DroppedFile[]): void {
  const spikes = opened.filter((one) => one.kind === "spikes");
  const motions = opened.filter((one) => one.kind === "motion");
  const models = opened.filter((one) => one.kind === "model");
  if (spikes.length > 1) {
    const found = spikes.map((one) => one.info.title).join(" and ");
    throw new AppError("ambiguous", `One set of spikes can be open at a time, and this drop holds ${found}.`);
  }
  const recordings = usableRecordings(opened);
  const recording = recordingToOpen(recordings);
  if (!recording && spikes.length + motions.length + models.length === 0) throw nothingUsable(opened);
  if (isActive(useRun.getState().job)) {
    throw new AppError("usage", "A run is still under way on what is open; cancel it before opening something else.");
  }
  clearNotices();
  if (recording) showRecording(recording, recordings, files);
  if (spikes.length === 1) {
    if (!recording) closeOtherRecording(spikes[0].info.timeRangeSec?.[1] ?? spikes[0].info.durationSec);
    showSpikes(spikes[0].spikes, spikes[0].info, files);
  }
  if (motions.length > 0) showMotions(motions);
  openModels(models);
  for (const { info } of opened) for (const warning of info.warnings) notify("warning", warning);
  const isMotionOver = motions.length > 0 && !recording && spikes.length === 0;
  if (isMotionOver && (getResults().spikes || useSession.getState().recording))
    for (const { info } of motions) notify("info", `Opened ${describeDataset(info)}.`);
}

/** One network is open at a time; of several the last, which in a run directory is the one trained last. */
function openModels(models: readonly Extract<OpenedDataset, { kind: "model" }>[]): void {
  const last = models.at(-1);
  if (!last) return;
  showModel(last.model, last.info);
  const others =
    models.length > 1 ? ` Of ${models.length} networks it is the one in use; drop another one alone to use that.` : "";
  notify("info", `Opened the network ${last.info.files[0].path}: ${last.model.about}.${others}`);
}

function nothingUsable(opened: readonly OpenedDataset[]): AppError {
  // a description without its binary says so itself
  const [warning] = opened.flatMap((one) => (one.kind === "recording" ? one.info.warnings : []));
  if (warning) return new AppError("bad-file", warning);
  return new AppError(
    "nothing-found",
    "The files were read, but hold neither a recording nor spikes nor a motion nor a network.",
  );
}

/** Spikes dropped after a recording may be its own; spikes that go on after its end are not. */
function closeOtherRecording(lastSec: number): void {
  const { recording } = useSession.getState();
  if (!recording || lastSec <= recording.info.durationSec) return;
  const name = recordingName(recording.info);
  closeRecording();
  notify("info", `These spikes go on after the end of ${name}, so that recording was closed.`);
}

/** Open another recording of the same drop. */
export function switchRecording(one: OpenRecording): void {
  if (isActive(useRun.getState().job)) {
    notify("error", "A run is still under way on what is open; cancel it before opening something else.");
    return;
  }
  clearNotices();
  showRecording(one, useSession.getState().recordings, getResults().recordingFiles);
  for (const warning of one.info.warnings) notify("warning", warning);
}

/** Open the next recording of the same drop, after the last the first. */
export function nextRecording(): void {
  const { recording, recordings } = useSession.getState();
  if (!recording || recordings.length < 2) return;
  switchRecording(recordings[(recordings.indexOf(recording) + 1) % recordings.length]);
}

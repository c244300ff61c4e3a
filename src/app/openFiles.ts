import { proxy } from "comlink";
import { AppError } from "../core/errors.ts";
import type { DatasetInfo, DroppedFile, OpenedDataset, OpenOutcome } from "../protocol/datasets.ts";
import { withIo } from "./clients.ts";
import { activeDataSet, asideWith, beginDataSet, expectDemo, switchDataSet } from "./dataSets.ts";
import { DEMOS, type Demo, fetchDemo } from "./demos.ts";
import { listFound } from "./dropList.ts";
import { describeDataset, formatDuration } from "./format.ts";
import { isActive } from "./jobReducer.ts";
import { withKeptFiles } from "./keptFiles.ts";
import { type KeptThing, loadHandles, nameOfKept, saveHandles } from "./keptHandles.ts";
import { useMotions } from "./motions.ts";
import { showOpenedRun } from "./openedRun.ts";
import { offerPlain } from "./plainImport.ts";
import { textsOf } from "./recipeForm.ts";
import { geometryBeside, hasGeometry, recordingToOpen, usableRecordings, whyOther } from "./recordingChoice.ts";
import { getResults } from "./results.ts";
import { setDrafts, useRun } from "./runStore.ts";
import { clearNotices, notify, notifyError, type OpenRecording, useSession } from "./sessionStore.ts";
import {
  foundSpikeFiles,
  isSameRecording,
  recordingName,
  showModel,
  showMotions,
  showRecording,
  showSpikes,
} from "./showData.ts";
import { hasSameTimes } from "./spikeColumns.ts";

/** Opening: the first of the three places where errors are caught. What was open stays open until something new is. */

let queue: Promise<void> = Promise.resolve();

/** Work that must not come between the files of a drop and what they do to the page. */
export function whenOpened(work: () => Promise<void>): Promise<void> {
  const done = queue.then(work);
  queue = done.catch(() => undefined);
  return done;
}

/** By which the files of the open data set can be opened again at a later visit. That they cannot is said when it matters. */
async function keepHandles(handles: readonly KeptThing[]): Promise<void> {
  const active = activeDataSet();
  if (!active || handles.length === 0) return;
  const known = await loadHandles(active.id).catch(() => []);
  const names = new Set(handles.map(nameOfKept));
  const others = known.filter((thing) => !names.has(nameOfKept(thing)));
  await saveHandles(active.id, [...others, ...handles]).catch(() => undefined);
}

/** Open whatever was dropped or picked; drops that arrive while one is being read wait their turn. Never rejects. */
export function openFiles(
  files: Promise<DroppedFile[]>,
  name = "files",
  handles?: Promise<readonly KeptThing[]>,
): Promise<void> {
  queue = queue.then(async () => {
    const before = activeDataSet();
    expectDemo(null);
    const isOpened = await openNow(() => files, name);
    if (isOpened && before?.demo && activeDataSet()?.id !== before.id) undoRecipeOf(before.demo);
    if (isOpened && handles) await keepHandles(await handles);
    if (!isOpened) await offerPlain(files, (await handles) ?? []);
  });
  // a drop that waits may fail before its turn comes, which is when it is told
  files.catch(() => undefined);
  return queue;
}

/** Open a demo: files of the page's own origin, or a recording made up on this machine. Never rejects. */
export function openDemo(demo: Demo): Promise<void> {
  queue = queue.then(async () => {
    const before = activeDataSet();
    expectDemo(demo.id);
    if (!(await openNow(() => filesOfDemo(demo), demo.title))) return;
    if (before?.demo) undoRecipeOf(before.demo);
    setRecipeOf(demo);
  });
  return queue;
}

/** The recipe as a demo wants it; what a person had changed in those steps goes. */
function setRecipeOf(demo: Demo): void {
  if (demo.kind === "files" || !demo.recipe) return;
  for (const [method, params] of Object.entries(demo.recipe)) setDrafts(method, textsOf(params));
  useRun.setState({ networks: demo.networks ?? false });
}

/** What a demo has set is for that demo: other data get the recipe as it is by default. */
function undoRecipeOf(demoId: string): void {
  const demo = DEMOS.find(({ id }) => id === demoId);
  if (demo?.kind !== "recording" || !demo.recipe) return;
  for (const method of Object.keys(demo.recipe)) setDrafts(method, {});
  useRun.setState({ networks: false });
}

/** The files of a demo: of the page's own origin, or made up here while the page says how far it is. */
export function filesOfDemo(demo: Demo): Promise<DroppedFile[]> {
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
    const files = await withOpenData(await withKeptFiles(dropped));
    useSession.setState({ opening: `Reading ${name}…` });
    const outcome = await withIo((io) => io.open(files, null));
    const other = await whyOther(outcome.opened, files);
    showOpened(outcome, files, other !== null);
    listFound(outcome, files, activeDataSet()?.id ?? null);
    if (other) notify("info", other);
    return outcome.opened.length > 0;
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
  const geometry = geometryBeside(info, dropped);
  // spikes that are read again lose what was computed from them: not for any other description
  const isMeant = recording !== null || (await Promise.all(dropped.map(isProbe))).every((is) => is);
  if (!geometry || !isMeant) return dropped;
  const replaced = new Set(geometry.map(({ path }) => path));
  const open = recording ? recordingFiles : spikeFiles;
  return [...open.filter(({ path }) => !replaced.has(path)), ...geometry];
}

const MAX_PROBE_BYTES = 16 * 1024 * 1024;

/** Whether a file of a name that a geometry may have is one: JSON can be anything. */
async function isProbe({ path, file }: DroppedFile): Promise<boolean> {
  if (!/\.json$/i.test(path)) return true;
  return file.size <= MAX_PROBE_BYTES && (await file.text()).includes("probeinterface");
}

/** What was read becomes what is open. `isOther`: as a data set of its own, whatever is open. Throws AppError. */
export function showOpened(outcome: OpenOutcome, files: DroppedFile[], isOther: boolean): void {
  const { opened, failures } = outcome;
  const spikes = opened.find((one) => one.kind === "spikes");
  const motions = opened.filter((one) => one.kind === "motion");
  const models = opened.filter((one) => one.kind === "model");
  const recordings = usableRecordings(opened);
  const recording = recordingToOpen(outcome, recordings, useSession.getState().recording);
  const isNothing = !recording && !spikes && motions.length + models.length === 0;
  // a drop of several that exclude each other is no failure: the list of them is what it gives
  if (isNothing && !outcome.found.some((one) => one.error === undefined)) throw nothingUsable(opened);
  if (isActive(useRun.getState().job) && !isNothing) {
    throw new AppError("usage", "A run is still under way on what is open; cancel it before opening something else.");
  }
  clearNotices();
  for (const sentence of failures) notify("error", sentence);
  if (recording) {
    const { recording: before } = useSession.getState();
    if (isOther || !isOpen(recording)) beginDataSet();
    showRecording(recording, recordings, files);
    // what came with it then is there, as it has become since
    if (before?.info.absent && !isOther && isSameRecording(before, recording)) return;
  }
  if (spikes) openSpikes(spikes, files, recording !== null);
  if (motions.length > 0) showMotions(motions);
  openModels(models);
  // with its motions, which are there by now
  if (spikes?.run) showOpenedRun(spikes.run);
  for (const { info } of opened) for (const warning of info.warnings) notify("warning", warning);
  const isMotionOver = motions.length > 0 && !recording && !spikes;
  if (isMotionOver && (getResults().spikes || useSession.getState().recording))
    for (const { info } of motions) notify("info", `Opened ${describeDataset(info)}.`);
}

/** Whether a recording is the open one, which is then read again: with its geometry, say, or after it was waited for. */
function isOpen(one: OpenRecording): boolean {
  const { recording, spikes, spikesFrom } = useSession.getState();
  if (!isSameRecording(recording, one)) return false;
  return spikes === null || spikesFrom === "run" || recording?.info.absent === true;
}

/** Spikes that were read. Those of a drop with a recording are over that; others may be of what is open, or data of their own. */
function openSpikes(
  read: Extract<OpenedDataset, { kind: "spikes" }>,
  files: DroppedFile[],
  isOverRecording: boolean,
): void {
  const { spikes: before, spikesFrom } = useSession.getState();
  const isAgain = before !== null && spikesFrom === "file" && isSameFile(before, read.info);
  if (isAgain && before.absent && hasSameTimes(getResults().spikes ?? read.spikes, read.spikes)) {
    foundSpikeFiles(read.info, files);
    return;
  }
  if (!isAgain && !isOverRecording) beginUnlessOver(read.info);
  showSpikes(read.spikes, read.info, files);
}

function isSameFile(a: DatasetInfo, b: DatasetInfo): boolean {
  return a.files[0]?.path === b.files[0]?.path && a.files[0]?.bytes === b.files[0]?.bytes;
}

/** Spikes dropped after a recording may be its own, unless it has some or they go on after its end. */
function beginUnlessOver(info: DatasetInfo): void {
  const { recording, spikes } = useSession.getState();
  const lastSec = info.timeRangeSec?.[1] ?? info.durationSec;
  const goesOn = recording !== null && lastSec > recording.info.durationSec;
  if (recording && !spikes && !goesOn) return;
  if (recording || spikes) beginDataSet();
  if (recording && goesOn)
    notify(
      "info",
      `These spikes go on after the end of ${recordingName(recording.info)}, so they were opened as a data set of their own.`,
    );
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

/** Open another recording of the same drop. */
export function switchRecording(one: OpenRecording): void {
  if (isActive(useRun.getState().job)) {
    notify("error", "A run is still under way on what is open; cancel it before opening something else.");
    return;
  }
  clearNotices();
  const { recordings } = useSession.getState();
  const { recordingFiles, spikes } = getResults();
  const known = asideWith(one);
  if (known) {
    void switchDataSet(known);
    return;
  }
  // what was found in the one that is left stays with it
  if (spikes || useMotions.getState().entries.length > 0) beginDataSet();
  showRecording(one, recordings, recordingFiles);
  for (const warning of one.info.warnings) notify("warning", warning);
}

/** Open the next recording of the same drop, after the last the first. */
export function nextRecording(): void {
  const { recording, recordings } = useSession.getState();
  if (!recording || recordings.length < 2) return;
  switchRecording(recordings[(recordings.indexOf(recording) + 1) % recordings.length]);
}

import { type Remote, transfer } from "comlink";
import type { SpikeTable } from "../core/types.ts";
import { connect } from "../protocol/comlink.ts";
import { factsOfSpikes, type SpikeFacts } from "../protocol/datasets.ts";
import type { ComputeRequest } from "../protocol/methods.ts";
import type { TrainedModel } from "../protocol/models.ts";
import type { ComputeApi, IoApi, PaintApi } from "../protocol/workers.ts";
import { isActive } from "./jobReducer.ts";
import { drawnMotions } from "./motions.ts";
import { shownPositions } from "./positions.ts";
import { finalActivity, getResults } from "./results.ts";
import { useRun } from "./runStore.ts";
import { hasWaveforms, notify, notifyError, sortingOf, useSession } from "./sessionStore.ts";
import { pictureView, useView } from "./viewStore.ts";
import { openSlot, type WorkerSlot } from "./workerSlot.ts";

/**
 * The three workers, each started when first needed and again after it died. Whoever calls one goes through `withIo`,
 * `withPaint` or `withCompute`; nobody else holds a worker.
 */

let io: WorkerSlot<IoApi> | null = null;
let paint: WorkerSlot<PaintApi> | null = null;
let compute: { slot: WorkerSlot<ComputeApi>; ready: Promise<void> } | null = null;

/** "auto" unless the address says ?compute=cpu or ?compute=webgpu. */
export function computeRequest(search: string): ComputeRequest {
  const wanted = new URLSearchParams(search).get("compute");
  return wanted === "cpu" || wanted === "webgpu" ? wanted : "auto";
}

function startIo(): WorkerSlot<IoApi> {
  return openSlot<IoApi>({
    name: "file",
    start: () => new Worker(new URL("../../workers/io.ts", import.meta.url), { type: "module", name: "io" }),
    connect,
    onDeath: () => {
      io = null;
    },
  });
}

function startPaint(): WorkerSlot<PaintApi> {
  return openSlot<PaintApi>({
    name: "drawing",
    start: () => new Worker(new URL("../../workers/paint.ts", import.meta.url), { type: "module", name: "paint" }),
    connect,
    onDeath: (error, answered) => {
      paint = null;
      notify("error", error.message);
      if (!answered) return;
      ensurePaint();
      linkPaintAndCompute();
      useSession.setState((state) => ({ paintGeneration: state.paintGeneration + 1 }));
    },
  });
}

function ensurePaint(): WorkerSlot<PaintApi> {
  if (paint) return paint;
  const slot = startPaint();
  paint = slot;
  const { spikes, motion, run, traces, waveform, correlation, anchors, otherPlaces } = getResults();
  const view = pictureView(useView.getState());
  const { recording, spikes: info } = useSession.getState();
  const probe = recording?.recording.probe ?? info?.probe ?? null;
  const sorting = sortingOf({ spikes: info });
  // messages keep their order, so later calls find this state in place
  const activity = finalActivity(run);
  report(
    slot.call((api) =>
      // setSpikes forgets an activity, so the order matters
      Promise.all([
        api.setSpikes(spikes),
        api.setPositions(shownPositions()),
        api.setMotion(motion),
        api.setMotions(drawnMotions()),
        api.setParts({ probe, sorting, activity, traces, waveform, correlation, anchors, otherPlaces }),
        api.setView(view),
      ]),
    ),
  );
  return slot;
}

function startCompute(): { slot: WorkerSlot<ComputeApi>; ready: Promise<void> } {
  const slot = openSlot<ComputeApi>({
    name: "compute",
    start: () => new Worker(new URL("../../workers/compute.ts", import.meta.url), { type: "module", name: "compute" }),
    connect,
    onDeath: (error, answered) => {
      compute = null;
      // a job says at its own step why it failed
      if (!isActive(useRun.getState().job)) notify("error", error.message);
      if (answered) report(ensureCompute().ready);
    },
  });
  return { slot, ready: prepareCompute(slot) };
}

async function prepareCompute(slot: WorkerSlot<ComputeApi>): Promise<void> {
  const status = await slot.call((api) => api.init(computeRequest(location.search)));
  useSession.setState({ compute: status });
  const methods = await slot.call((api) => api.methods());
  useRun.setState({ methods });
  await slot.call(setAll);
}

/** Everything that is open and what was found in it. */
async function setAll(api: Remote<ComputeApi>): Promise<void> {
  const { spikes, model, run } = getResults();
  // messages keep their order: what is asked from now on is answered from these
  await Promise.all([
    api.setModel(model),
    setOpenRecording(api),
    spikes && api.setSpikes(spikes, openFacts()),
    // why waveforms cannot be read is no reason to have no compute worker
    setOpenWaveforms(api).catch((error: unknown) => notifyError(error)),
    run && api.restore(run.recipe, run.steps),
  ]);
}

function openFacts(): SpikeFacts {
  const { spikes } = useSession.getState();
  return spikes ? factsOfSpikes(spikes) : {};
}

function setOpenWaveforms(api: Remote<ComputeApi>): Promise<void> {
  return api.setWaveforms(hasWaveforms(useSession.getState()) ? getResults().spikeFiles : null);
}

function setOpenRecording(api: Remote<ComputeApi>): Promise<void> {
  const { recording } = useSession.getState();
  const path = recording?.info.files[0]?.path ?? "";
  const files = recording && !recording.info.absent ? getResults().recordingFiles : null;
  return api.setRecording(files, path, recording?.info.title);
}

function ensureCompute(): { slot: WorkerSlot<ComputeApi>; ready: Promise<void> } {
  if (compute) return compute;
  compute = startCompute();
  linkPaintAndCompute();
  return compute;
}

/** A message channel of their own, on which paint lends images and compute returns them filled. */
function linkPaintAndCompute(): void {
  if (!compute || !paint) return;
  const { port1, port2 } = new MessageChannel();
  report(compute.slot.call((api) => api.connectPaint(transfer(port1, [port1]))));
  report(paint.call((api) => api.connectCompute(transfer(port2, [port2]))));
}

/** A failure that nobody waits for still stands on the screen. */
function report(work: Promise<unknown>): void {
  work.catch((error: unknown) => notifyError(error));
}

/** Start the two small workers before they are needed, so that the first drop does not wait for them. */
export function warmUp(): void {
  io ??= startIo();
  ensurePaint();
}

/** Give the compute worker other spikes, with the waveforms that came with them. A worker that is only now started takes them from the results itself. */
export async function sendSpikesToCompute(spikes: SpikeTable): Promise<void> {
  if (!compute) {
    await ensureCompute().ready;
    return;
  }
  // messages keep their order: the waveforms are those of these spikes
  await withCompute((api) => Promise.all([api.setSpikes(spikes, openFacts()), setOpenWaveforms(api)]));
}

/**
 * Give the compute worker other data as a whole, with what was found in them. A worker not yet started is started where there
 * is something to compute on.
 */
export async function sendAllToCompute(): Promise<void> {
  if (compute) await withCompute(setAll);
  else if (getResults().spikes || useSession.getState().recording) await ensureCompute().ready;
}

/** Tell the compute worker of a network that was opened. A worker not yet started hears it when it starts. */
export async function sendModelToCompute(model: TrainedModel): Promise<void> {
  if (compute) await withCompute((api) => api.setModel(model));
}

/** A worker whose GPU was lost cannot get another one: end it and start anew, which asks for a new device. */
export async function restartCompute(): Promise<void> {
  compute?.slot.close("its GPU was lost");
  compute = null;
  await ensureCompute().ready;
}

export function withIo<R>(work: (api: Remote<IoApi>) => Promise<R>): Promise<R> {
  io ??= startIo();
  return io.call(work);
}

export function withPaint<R>(work: (api: Remote<PaintApi>) => Promise<R>): Promise<R> {
  return ensurePaint().call(work);
}

/** Waits until the compute worker has chosen its machine and holds the spikes. */
export async function withCompute<R>(work: (api: Remote<ComputeApi>) => Promise<R>): Promise<R> {
  ensurePaint();
  const { slot, ready } = ensureCompute();
  await ready;
  return slot.call(work);
}

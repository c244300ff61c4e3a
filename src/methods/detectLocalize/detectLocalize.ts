import { assert } from "../../core/errors.ts";
import type { SpikeTable } from "../../core/types.ts";
import type { MethodInfo, ParamValues } from "../../protocol/methods.ts";
import type { ScratchRun } from "../../protocol/scratch.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInputs,
  type MethodResult,
  type RecordingInput,
  type Yielded,
} from "../defineMethod.ts";
import { howToLocalizeParams, localizeParams } from "../localize/params.ts";
import { forgetTurns } from "../turns.ts";
import { runEstimate } from "./estimate.ts";
import { detectParams, preprocessParams, presets, troubleshooting } from "./params.ts";
import { prepare } from "./prepare.ts";
import { checkRecording, totalSeconds } from "./recordingChecks.ts";
import { outliersOf, reordered, spikeTable, timeOrder } from "./result.ts";
import { runKey } from "./runKey.ts";
import { loadState, type Preparation, type RunState } from "./runState.ts";
import { commit, openWork, search, spikesEvent, tilesLeft, type Work } from "./search.ts";
import { detectSettings } from "./settings.ts";

/**
 * Where a run stands that is gone on with, which may be at its end, or a new start after the preparation; null when that is
 * stopped before its end.
 */
async function* startOrResume(
  recording: RecordingInput,
  params: ParamValues,
  context: MethodContext,
  { folder, key }: { folder: ScratchRun; key: string },
): AsyncGenerator<Yielded, { state: RunState; turn: number } | null> {
  const saved = context.resume ? await loadState(folder) : null;
  const isSame = saved && JSON.stringify(saved.state.params) === JSON.stringify(params);
  if (isSame) return saved;
  await forgetTurns(folder);
  const { reader, identity, scratch } = recording;
  let preparation: Preparation | null = null;
  try {
    preparation = yield* prepare(reader, params, context);
  } finally {
    if (!preparation) {
      await folder.close();
      await scratch.discard(key); // there is nothing in it to go on with
    }
  }
  if (!preparation) return null;
  const state: RunState = {
    driftscope: 1,
    params,
    seed: context.seed,
    recording: { path: identity.path, bytes: identity.bytes },
    preparation,
    next: { segment: 0, sample: 0 },
    nSpikes: 0,
    doneSec: 0,
    totalSec: totalSeconds(reader.recording),
    savedAt: new Date().toISOString(),
    complete: false,
  };
  return { state, turn: 0 };
}

/** Everything found so far as a result, in order of time. */
async function finish(work: Work, key: string, complete: boolean): Promise<{ result: MethodResult; sentence: string }> {
  const { columns, recording, localizer, sites, params, state } = work;
  const { recording: facts } = recording.reader;
  const stored = await columns.read();
  const order = timeOrder(stored, facts);
  const sorted = order ? reordered(stored, order) : stored;
  const spikes: SpikeTable = spikeTable(sorted, facts, localizer.ids[0]);
  const outliers = outliersOf(sorted.locations, localizer.ids[0], sites, params.max_distance as number);
  const { excluded, tpca } = state.preparation;
  const summary = {
    n_spikes: spikes.nSpikes,
    spikes_per_sec: spikes.nSpikes / Math.max(1e-9, state.doneSec),
    done_sec: state.doneSec,
    total_sec: state.totalSec,
    channels_used: sites.channels.length,
    channels_bad: excluded.length,
    tpca_explained: tpca.explained.reduce((sum, v) => sum + v, 0),
    ...outliers.summary,
  };
  const result = {
    spikes,
    locations: sorted.locations,
    waveforms: storedWaveforms(work, key, order),
    metrics: {},
    summary,
    complete,
  };
  return { result, sentence: outliers.sentence };
}

function storedWaveforms({ settings, model, sites, state, recording }: Work, key: string, order: Int32Array | null) {
  const { nSlots, nSamples, samplesBefore, nComponents } = settings;
  const { nChannels } = recording.reader.recording;
  const slots = new Int32Array(nChannels * nSlots).fill(-1);
  const noiseUv = new Float64Array(nChannels).fill(Number.NaN);
  sites.channels.forEach((channel, kept) => {
    const own = sites.slots.channels.subarray(kept * nSlots, (kept + 1) * nSlots);
    slots.set(
      own.map((other) => (other < 0 ? -1 : sites.channels[other])),
      channel * nSlots,
    );
    noiseUv[channel] = state.preparation.noiseUv[kept];
  });
  const { mean, components } = model;
  return { key, nSlots, nSamples, samplesBefore, nComponents, mean, components, slots, noiseUv, order };
}

/** Warnings that a person should see before the first spike. */
function* warnings(work: Work, survivesReload: boolean, needed: number, free: number | null): Generator<Yielded> {
  const say = (code: string, message: string): Yielded => ({ kind: "warning", code, message });
  const { recording, params, state } = work;
  for (const reason of state.preparation.reasons) yield say("channels", reason);
  if (params.phase_shift === "on" && recording.reader.recording.delaySamples.length === 0)
    yield say("phase-shift", "When each channel was sampled is not known for this probe, so no phase shift is made.");
  if (!survivesReload)
    yield say("scratch", "This browser keeps no files for the page, so a run cannot be resumed after a reload.");
  if (free !== null && free < needed)
    yield say(
      "disk",
      `Intermediate results may take ${Math.round(needed / 1e6)} MB, and ${Math.round(free / 1e6)} MB are free.`,
    );
}

async function* run(
  { recording }: MethodInputs,
  params: ParamValues,
  context: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  assert(recording, "the runner has checked that there is a recording");
  const { reader, identity, scratch } = recording;
  checkRecording(reader.recording, identity.path, detectSettings(params, reader.recording));
  const key = await runKey(identity, params, context.seed);
  if (!context.resume) await scratch.discard(key);
  const folder = await scratch.open(key);
  let work: Work | null = null;
  try {
    const saved = yield* startOrResume(recording, params, context, { folder, key });
    if (!saved) return { metrics: {}, summary: {}, complete: false };
    work = await openWork(recording, params, folder, saved);
    const { diskBytes } = runEstimate(reader.recording, params);
    yield* warnings(work, await scratch.survivesReload(), diskBytes, await scratch.freeBytes());
    if (saved.turn === 0) await commit(work, {});
    else yield await spikesEvent(work, 0, work.columns.nSpikes);
    yield { kind: "stage", name: "search", title: "Detecting and localizing spikes" };
    yield* search(work, context.signal);
    const complete = tilesLeft(work).length === 0;
    if (complete) await commit(work, { complete: true });
    const { result, sentence } = await finish(work, key, complete);
    if (sentence) yield { kind: "warning", code: "outliers", message: sentence };
    return result;
  } finally {
    work?.preprocessor.dispose();
    work?.localizer.dispose();
    await folder.close();
  }
}

const params: MethodInfo["params"] = {
  ...detectParams,
  ...localizeParams,
  ...howToLocalizeParams,
  ...preprocessParams,
};

/** From a raw recording to localized spikes in one pass over the file. */
export const detectLocalize = defineMethod({
  id: "detect-localize",
  title: "Detect and localize",
  summary: "Filters the recording, finds spikes on every channel and locates each of them beside the probe.",
  reference:
    "Locally exclusive detection and localizers of SpikeInterface@a5f7dbb3; monopolar triangulation: Boussard et al., NeurIPS 2021",
  needs: ["recording"],
  gives: ["spikes", "locations", "spike-waveforms"],
  params,
  presets,
  troubleshooting,
  estimate: ({ recording }, params) => recording && runEstimate(recording.reader.recording, params),
  run,
});

import type { SpikeScore } from "../../src/core/spikeScore.ts";
import { matchSpikes, scoreSpikes } from "../../src/core/spikeScore.ts";
import {
  type SyntheticOptions,
  type SyntheticRecording,
  syntheticRecording,
} from "../../src/core/syntheticRecording.ts";
import type { SampleReader } from "../../src/core/types.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import { readSpikeTruth, type SpikeTruth } from "../../src/io/truth.ts";
import { syntheticTruthFiles } from "../../src/io/write/syntheticTruth.ts";
import { checkParams, type MethodResult, type Yielded } from "../../src/methods/defineMethod.ts";
import { detectLocalize } from "../../src/methods/detectLocalize/detectLocalize.ts";
import { readStoredCoefficients } from "../../src/methods/detectLocalize/spikeColumns.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import type { Scratch } from "../../src/protocol/scratch.ts";

/** A simulated recording whose samples are made once and then kept. */
export function keptRecording(options: Partial<SyntheticOptions>): SampleReader & { simulated: SyntheticRecording } {
  const simulated = syntheticRecording(options);
  const { recording } = simulated;
  const kept = recording.segments.map(({ nSamples }, segment) => simulated.samples(segment, 0, nSamples));
  const readSamples = async (segment: number, from: number, to: number) =>
    kept[segment].slice(from * recording.nSavedChannels, to * recording.nSavedChannels);
  return { simulated, recording, readSamples };
}

/** What is true of it, as the files beside it say. */
export async function truthOf(simulated: SyntheticRecording): Promise<SpikeTruth> {
  const files = syntheticTruthFiles("truth", simulated).map(({ path, bytes }) => memorySource(path, bytes));
  return (await readSpikeTruth(files))!;
}

export interface RunSettings {
  params?: ParamValues;
  seed?: number;
  scratch?: Scratch;
  resume?: boolean;
  /** sees every event and may stop the run */
  onEvent?(event: Yielded, stop: () => void): void;
}

/** Everything a run leaves. */
export interface Finished {
  result: MethodResult;
  events: Yielded[];
  scratch: Scratch;
}

/** The method over a recording, as the runner drives it. */
export async function detect(reader: SampleReader, settings: RunSettings = {}): Promise<Finished> {
  const { params = {}, seed = 0, scratch = memoryScratch(), resume = false, onEvent } = settings;
  const controller = new AbortController();
  const identity = { path: "rec.ap.bin", bytes: 1234, sha1OfFirstMb: "0" };
  const run = detectLocalize.run(
    { spikes: null, waveforms: null, recording: { reader, identity, scratch } },
    checkParams(detectLocalize, params),
    { seed, signal: controller.signal, wantsImage: () => false, resume },
  );
  const events: Yielded[] = [];
  let next = await run.next();
  try {
    for (; !next.done; next = await run.next()) {
      events.push(next.value);
      onEvent?.(next.value, () => controller.abort());
    }
  } finally {
    await run.return({ metrics: {}, summary: {}, complete: false }); // no effect after its end
  }
  return { result: next.value, events, scratch };
}

/** Stops a run once `share` of the recording is done. */
export function stopAt(share: number): RunSettings["onEvent"] {
  return (event, stop) => {
    if (event.kind === "progress" && event.done >= share * event.total) stop();
  };
}

/** [N, slots, components] float16 bits of a finished run. */
export async function coefficientsOf({ result, scratch }: Finished): Promise<Uint16Array> {
  const { key, nSlots, nComponents } = result.waveforms!;
  const run = await scratch.open(key);
  const found = await readStoredCoefficients(run, nSlots * nComponents, 0, result.spikes!.nSpikes);
  await run.close();
  return found;
}

/** Everything that must repeat byte for byte. */
export async function outcomeOf(finished: Finished) {
  const { spikes, locations, waveforms, summary, complete } = finished.result;
  return { spikes, locations, waveforms, summary, complete, coefficients: await coefficientsOf(finished) };
}

/** A run's spikes against the truth, and the match. */
export function scoreAgainst(truth: SpikeTruth, { result }: Finished): { match: Int32Array; score: SpikeScore } {
  const { sampleIndex, channel, segment } = result.spikes!;
  const detected = { sample: sampleIndex!, channel: channel!, ...(segment ? { segment } : {}) };
  const { spikes, rateHz, positionsUm, noiseUv } = truth;
  const match = matchSpikes(spikes, detected, { rateHz, positionsUm });
  return { match, score: scoreSpikes(spikes, detected, match, { positionsUm, noiseUv, snrLimit: 8 }) };
}

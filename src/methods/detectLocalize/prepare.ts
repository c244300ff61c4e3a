import type { Tensor2D } from "@tensorflow/tfjs-core";
import { AppError } from "../../core/errors.ts";
import { Random } from "../../core/random.ts";
import { spikePrototype } from "../../core/spikePrototype.ts";
import { fitTpca } from "../../core/tpca.ts";
import type { SampleReader } from "../../core/types.ts";
import { snippets } from "../../ops/snippets.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { MethodContext, Yielded } from "../defineMethod.ts";
import { featureWindow } from "../localize/measure.ts";
import { findBadChannels, measureNoise } from "../preprocess/noise.ts";
import { Preprocessor } from "../preprocess/preprocessor.ts";
import { totalSeconds } from "./recordingChecks.ts";
import type { Preparation } from "./runState.ts";
import { type DetectSettings, detectSettings, preprocessOptions } from "./settings.ts";
import { haloOf, type KeptSites, keptSites, peaksOfTile } from "./tileDetector.ts";

/** Spikes that the principal components and the prototype are fitted on. */
const sampleSpikes = 5000;
/** random tiles that are searched for them; more where they hold too few for eight components */
const randomTiles = 20;
const fewSpikes = 100;
const mostTiles = 200;

/**
 * Everything that is measured once before spikes are looked for: bad channels, noise, principal components, prototype.
 * Null when it is stopped meanwhile. Throws AppError when no channel measured anything or nothing crosses the threshold
 * anywhere.
 */
export async function* prepare(
  reader: SampleReader,
  params: ParamValues,
  { seed, signal }: Pick<MethodContext, "seed" | "signal">,
): AsyncGenerator<Yielded, Preparation | null> {
  const options = preprocessOptions(params);
  yield { kind: "stage", name: "channels", title: "Looking for bad channels" };
  if (signal.aborted) return null;
  const bad =
    params.bad_channels === "leave-out"
      ? await findBadChannels(reader, options, seed, signal)
      : { excluded: [], reasons: [] };
  if (signal.aborted) return null;
  yield { kind: "stage", name: "noise", title: "Measuring the noise of each channel" };
  const preprocessor = new Preprocessor(reader, { ...options, excluded: bad.excluded });
  try {
    if (signal.aborted) return null;
    const noiseUv = await measureNoise(reader, preprocessor, seed, signal);
    if (signal.aborted) return null;
    if (!noiseUv.some((uv) => uv > 0)) {
      throw new AppError(
        "bad-data",
        `All ${noiseUv.length} channels are dead: they hold one constant value each wherever they were looked at.`,
      );
    }
    const settings = detectSettings(params, reader.recording);
    const sites = keptSites(reader.recording.probe, preprocessor.channels, settings);
    yield { kind: "stage", name: "components", title: "Fitting principal components of the waveforms" };
    const traces = yield* sampleWaveforms(reader, preprocessor, sites, noiseUv, settings, { seed, signal });
    if (!traces) return null;
    return {
      excluded: bad.excluded,
      reasons: bad.reasons,
      noiseUv: [...noiseUv],
      ...fitModels(traces, settings, reader, seed),
    };
  } finally {
    preprocessor.dispose();
  }
}

/** Waveforms of up to 5000 spikes, [n, K, L] with the spikes' peak channels in slot 0; null when it is stopped. */
async function* sampleWaveforms(
  reader: SampleReader,
  preprocessor: Preprocessor,
  sites: KeptSites,
  noiseUv: Float64Array,
  settings: DetectSettings,
  { seed, signal }: Pick<MethodContext, "seed" | "signal">,
): AsyncGenerator<Yielded, Float32Array | null> {
  const parts: Float32Array[] = [];
  const perSpike = sites.slots.nSlots * settings.nSamples;
  let nSpikes = 0;
  let searched = 0;
  const tiles = tilesOf(reader, preprocessor.tileSamples - 2 * haloOf(settings));
  for (const { segment, from, to } of inRandomOrder(tiles, seed)) {
    if (signal.aborted) return null;
    const isEnough = searched >= mostTiles ? nSpikes > 0 : searched >= randomTiles && nSpikes >= fewSpikes;
    if (nSpikes >= sampleSpikes || isEnough) break;
    const halo = haloOf(settings);
    const traces = await preprocessor.process(segment, from - halo, to + halo);
    const found = await waveformsOfTile(traces, sites, noiseUv, settings, [halo, halo + to - from]);
    traces.dispose();
    parts.push(found);
    nSpikes += found.length / perSpike;
    searched++;
    yield { kind: "tick" };
  }
  if (nSpikes === 0) {
    const noise = [...noiseUv].filter((uv) => uv > 0).sort((a, b) => a - b);
    throw new AppError(
      "bad-data",
      `No spikes in ${totalSeconds(reader.recording).toFixed(1)} s: nothing crosses ${settings.threshold} × the noise (median ${noise[noise.length >> 1].toFixed(1)} µV) on ${noise.length} channels; lower the threshold or look at the processed traces.`,
    );
  }
  const all = new Float32Array(Math.min(nSpikes, sampleSpikes) * perSpike);
  let at = 0;
  for (const part of parts) {
    all.set(part.subarray(0, Math.max(0, all.length - at)), at);
    at += Math.min(part.length, all.length - at);
  }
  return all;
}

async function waveformsOfTile(
  traces: Tensor2D,
  sites: KeptSites,
  noiseUv: Float64Array,
  settings: DetectSettings,
  rows: readonly [number, number],
): Promise<Float32Array> {
  const { row, channel } = await peaksOfTile(traces, sites, noiseUv, settings, rows);
  if (row.length === 0) return new Float32Array(0);
  const cut = snippets(traces, row, channel, sites.slots, settings.samplesBefore, settings.nSamples);
  const values = (await cut.data()) as Float32Array;
  cut.dispose();
  return values;
}

function fitModels(
  waveforms: Float32Array,
  settings: DetectSettings,
  { recording }: SampleReader,
  seed: number,
): Pick<Preparation, "tpca" | "prototype"> {
  const { nSamples, nComponents, nSlots } = settings;
  const { from, to, samplesBefore } = featureWindow(settings, recording.rateHz);
  const traces = withoutEmptySlots(waveforms, nSamples);
  if (traces.length < 2 * nSamples)
    throw new AppError(
      "bad-data",
      `Expected at least two waveforms to fit principal components on, found one spike on one channel in ${totalSeconds(recording).toFixed(1)} s; lower the threshold.`,
    );
  const { mean, components, explained } = fitTpca(traces, nSamples, nComponents);
  const nSpikes = waveforms.length / (nSlots * nSamples);
  const onPeak = new Float32Array(nSpikes * (to - from));
  for (let n = 0; n < nSpikes; n++) {
    const at = n * nSlots * nSamples;
    onPeak.set(waveforms.subarray(at + from, at + to), n * (to - from));
  }
  const prototype = spikePrototype(onPeak, to - from, samplesBefore - from, seed);
  return {
    tpca: { mean: [...mean], components: [...components], explained: [...explained] },
    prototype: [...prototype],
  };
}

/** Slots without a channel hold zeros, which are no waveforms. */
function withoutEmptySlots(waveforms: Float32Array, nSamples: number): Float32Array {
  let to = 0;
  const kept = new Float32Array(waveforms.length);
  for (let at = 0; at < waveforms.length; at += nSamples) {
    const trace = waveforms.subarray(at, at + nSamples);
    if (!trace.some((v) => v !== 0)) continue;
    kept.set(trace, to);
    to += nSamples;
  }
  return kept.subarray(0, to);
}

export interface Tile {
  segment: number;
  from: number;
  to: number;
}

/** All samples in tiles of `length`, from the first on. */
export function tilesOf({ recording }: SampleReader, length: number): Tile[] {
  return recording.segments.flatMap(({ nSamples }, segment) =>
    Array.from({ length: Math.ceil(nSamples / length) }, (_, i) => ({
      segment,
      from: i * length,
      to: Math.min(nSamples, (i + 1) * length),
    })),
  );
}

function inRandomOrder(tiles: Tile[], seed: number): Tile[] {
  const random = new Random(seed);
  const order = [...tiles];
  for (let i = 0; i < order.length - 1; i++) {
    const j = i + random.integer(order.length - i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

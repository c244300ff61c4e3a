import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { demo } from "../../src/cli/commands/demo.ts";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { nodeScratch } from "../../src/cli/nodeScratch.ts";
import type { Peaks } from "../../src/core/exclusivePeaks.ts";
import { openRecordings } from "../../src/io/open.ts";
import { checkParams, type RecordingInput, type Yielded } from "../../src/methods/defineMethod.ts";
import { detectLocalize } from "../../src/methods/detectLocalize/detectLocalize.ts";
import { prepare, type Tile, tilesOf } from "../../src/methods/detectLocalize/prepare.ts";
import { totalSeconds } from "../../src/methods/detectLocalize/recordingChecks.ts";
import { openWork, type Work } from "../../src/methods/detectLocalize/search.ts";
import { coefficientsOf, haloOf, peaksOfTile, TileLocalizer } from "../../src/methods/detectLocalize/tileDetector.ts";
import { localizerIds } from "../../src/methods/localize/measure.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";

const nChannels = 384;
const recordedSec = 16;
/** tiles inside the recording on which stages are timed, after one that compiles and makes room */
const nTiles = 8;

export interface RecordingBench {
  threads: number;
  nSpikes: number;
  /** s of the whole run before the search starts: bad channels, noise, components. Does not grow with the recording */
  prepareSec: number;
  /** seconds of recording per second of search: the method itself, from file to stored waveforms */
  timesRealTime: number;
  /** processor seconds of both cores that a second of recording takes: what a busy machine leaves as it is */
  cpuSecPerSec: number;
  /** seconds of recording per second of each stage on its own, tile by tile */
  stages: { what: string; timesRealTime: number }[];
}

/** Drains a method's generator: what it returned, and when its events came. */
async function drained<T>(run: AsyncGenerator<Yielded, T>, onEvent: (event: Yielded) => void): Promise<T> {
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
    onEvent(next.value);
  }
}

const context = { seed: 1, signal: new AbortController().signal, wantsImage: () => false, resume: false };

/** The method from its first to its last event; × real time of its search alone. */
async function wholeRun(recording: RecordingInput, params: ParamValues) {
  const startedMs = performance.now();
  let searchMs = Number.NaN;
  let searchCpu = process.cpuUsage();
  const { summary } = await drained(
    detectLocalize.run({ spikes: null, waveforms: null, recording }, params, context),
    (event) => {
      if (event.kind !== "stage" || event.name !== "search") return;
      searchMs = performance.now();
      searchCpu = process.cpuUsage();
    },
  );
  const endedMs = performance.now();
  const { user, system } = process.cpuUsage(searchCpu);
  const recordingSec = totalSeconds(recording.reader.recording);
  return {
    nSpikes: summary.n_spikes,
    prepareSec: (searchMs - startedMs) / 1000,
    timesRealTime: (1000 * recordingSec) / (endedMs - searchMs),
    cpuSecPerSec: (user + system) / 1e6 / recordingSec,
  };
}

/** Adds up how long each stage took. */
class Stopwatch {
  readonly ms = new Map<string, number>();

  async time<T>(what: string, work: () => Promise<T>): Promise<T> {
    const startedMs = performance.now();
    const result = await work();
    this.ms.set(what, (this.ms.get(what) ?? 0) + performance.now() - startedMs);
    return result;
  }
}

async function oneTile(work: Work, localizers: TileLocalizer[], tile: Tile, watch: Stopwatch): Promise<void> {
  const { settings, preprocessor, sites, model, columns, state } = work;
  const halo = haloOf(settings);
  const { reader } = work.recording;
  await watch.time("read", () => reader.readSamples(tile.segment, tile.from - halo, tile.to + halo));
  const traces: Tensor2D = await watch.time("read + preprocess", () =>
    preprocessor.process(tile.segment, tile.from - halo, tile.to + halo),
  );
  const rows = [halo, halo + tile.to - tile.from] as const;
  const peaks: Peaks = await watch.time("detect", () =>
    peaksOfTile(traces, sites, state.preparation.noiseUv, settings, rows),
  );
  const locations: Record<string, Float32Array> = {};
  for (const localizer of localizers) {
    const [id] = localizer.ids;
    locations[id] = await watch.time(`cut + localize, ${id}`, async () => (await localizer.locate(traces, peaks))[id]);
  }
  await watch.time("waveforms + store", async () =>
    columns.append({
      nSpikes: peaks.row.length,
      sample: Float64Array.from(peaks.row),
      segment: tile.segment,
      channel: peaks.channel,
      ampUv: peaks.amplitude,
      locations,
      coefficients: await coefficientsOf(traces, peaks, sites, settings, model),
    }),
  );
  traces.dispose();
}

/** × real time of each stage over the same tiles. */
async function stages(recording: RecordingInput, params: ParamValues): Promise<RecordingBench["stages"]> {
  const { reader } = recording;
  const preparation = await drained(prepare(reader, params, context), () => undefined);
  if (!preparation) throw new Error("the preparation was not stopped");
  const totalSec = totalSeconds(reader.recording);
  const run = await recording.scratch.open("stages");
  const state = {
    driftscope: 1 as const,
    params,
    seed: context.seed,
    recording: { path: recording.identity.path, bytes: recording.identity.bytes },
    preparation,
    next: { segment: 0, sample: 0 },
    nSpikes: 0,
    doneSec: 0,
    totalSec,
    savedAt: "",
    complete: false,
  };
  const work = await openWork(recording, params, run, { state, turn: 0 });
  const { sites, settings, model, preprocessor } = work;
  const { rateHz } = reader.recording;
  const prototype = Float32Array.from(preparation.prototype);
  const localizers = localizerIds(params).map(
    (id) =>
      new TileLocalizer(
        sites,
        { ...params, localizer: id, other_localizers: "none" },
        settings,
        rateHz,
        model,
        prototype,
      ),
  );
  const tiles = tilesOf(reader, preprocessor.tileSamples - 2 * haloOf(settings)).slice(2, 3 + nTiles);
  await oneTile(work, localizers, tiles[0], new Stopwatch());
  const watch = new Stopwatch();
  for (const tile of tiles.slice(1)) await oneTile(work, localizers, tile, watch);
  const seconds = tiles.slice(1).reduce((sum, { from, to }) => sum + (to - from) / rateHz, 0);
  for (const owner of [preprocessor, work.localizer, ...localizers]) owner.dispose();
  await run.close();
  return [...watch.ms].map(([what, ms]) => ({ what, timesRealTime: (1000 * seconds) / ms }));
}

/**
 * Detection and localization in CPU mode of a simulated recording of 384 channels at 30 kHz, written to a temporary folder
 * beforehand and read by the real reader. Prints nothing but the simulation's progress.
 */
export async function recordingBench(): Promise<RecordingBench> {
  const { threads } = await chooseCompute("cpu", () => undefined);
  const folder = await mkdtemp(join(tmpdir(), "recording-"));
  try {
    const demoFolder = join(folder, "demo");
    await demo([demoFolder, "--channels", String(nChannels), "--duration", String(recordedSec), "--seed", "1"]);
    const [reader] = await openRecordings(await nodeSources([demoFolder]));
    const identity = { path: reader.files[0].path, bytes: reader.files[0].size, sha1OfFirstMb: "" };
    const recording = { reader, identity, scratch: nodeScratch(join(folder, "scratch")) };
    const params = checkParams(detectLocalize, {});
    const whole = await wholeRun(recording, params);
    return { threads, ...whole, stages: await stages(recording, params) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

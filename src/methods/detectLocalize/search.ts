import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { TpcaModel } from "../../core/tpca.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { ScratchRun } from "../../protocol/scratch.ts";
import type { RecordingInput, Yielded } from "../defineMethod.ts";
import { Preprocessor } from "../preprocess/preprocessor.ts";
import { saveTurn } from "../turns.ts";
import { type Tile, tilesOf } from "./prepare.ts";
import { spikeTable } from "./result.ts";
import type { Preparation, RunState } from "./runState.ts";
import { type DetectSettings, detectSettings, preprocessOptions } from "./settings.ts";
import { SpikeColumns } from "./spikeColumns.ts";
import { coefficientsOf, haloOf, type KeptSites, keptSites, peaksOfTile, TileLocalizer } from "./tileDetector.ts";

/** Seconds between commits: what a closed page loses at most. */
const commitEverySec = 1;

/** Everything one run works with; made after the preparation, the same again when a run is resumed. */
export interface Work {
  recording: RecordingInput;
  params: ParamValues;
  settings: DetectSettings;
  preprocessor: Preprocessor;
  sites: KeptSites;
  model: TpcaModel;
  localizer: TileLocalizer;
  columns: SpikeColumns;
  run: ScratchRun;
  state: RunState;
  /** counts the states that were saved */
  turn: number;
}

export async function openWork(
  recording: RecordingInput,
  params: ParamValues,
  run: ScratchRun,
  saved: { state: RunState; turn: number },
): Promise<Work> {
  const { reader } = recording;
  const { preparation, nSpikes } = saved.state;
  const settings = detectSettings(params, reader.recording);
  const preprocessor = new Preprocessor(reader, { ...preprocessOptions(params), excluded: preparation.excluded });
  const sites = keptSites(reader.recording.probe, preprocessor.channels, settings);
  const model = tpcaModel(preparation);
  const prototype = Float32Array.from(preparation.prototype);
  const localizer = new TileLocalizer(sites, params, settings, reader.recording.rateHz, model, prototype);
  const columns = new SpikeColumns(run, localizer.ids, settings.nSlots * settings.nComponents);
  await columns.cutTo(nSpikes);
  return { recording, params, settings, preprocessor, sites, model, localizer, columns, run, ...saved };
}

export function tpcaModel({ tpca }: Preparation): TpcaModel {
  const { mean, components, explained } = tpca;
  return {
    mean: Float64Array.from(mean),
    components: Float64Array.from(components),
    explained: Float64Array.from(explained),
  };
}

export async function commit(work: Work, change: Partial<RunState>): Promise<void> {
  work.state = { ...work.state, ...change, nSpikes: work.columns.nSpikes, savedAt: new Date().toISOString() };
  work.turn++;
  await saveTurn(work.run, work.state, work.turn);
}

/** Spikes of the rows [from, to) as an event. */
export async function spikesEvent(work: Work, from: number, to: number): Promise<Yielded> {
  const stored = await work.columns.read(from, to);
  return { kind: "spikes", spikes: spikeTable(stored, work.recording.reader.recording, work.localizer.ids[0]) };
}

/** What a tile holds, stored. */
async function searchTile(work: Work, tile: Tile, traces: Tensor2D): Promise<void> {
  const { settings, sites, model, localizer, columns, state } = work;
  const halo = haloOf(settings);
  const rows = [halo, halo + tile.to - tile.from] as const;
  const peaks = await peaksOfTile(traces, sites, state.preparation.noiseUv, settings, rows);
  if (peaks.row.length === 0) return;
  await columns.append({
    nSpikes: peaks.row.length,
    sample: Float64Array.from(peaks.row, (row) => row - halo + tile.from),
    segment: tile.segment,
    channel: Int32Array.from(peaks.channel, (c) => sites.channels[c]),
    ampUv: peaks.amplitude,
    locations: await localizer.locate(traces, peaks),
    coefficients: await coefficientsOf(traces, peaks, sites, settings, model),
  });
}

/** The tiles of a recording that a run has not looked at yet. */
export function tilesLeft({ recording, preprocessor, settings, state }: Work): Tile[] {
  const { segment, sample } = state.next;
  return tilesOf(recording.reader, preprocessor.tileSamples - 2 * haloOf(settings)).filter(
    (tile) => tile.segment > segment || (tile.segment === segment && tile.from >= sample),
  );
}

/** Tiles with their traces in order; the next one is read from the file while one is worked on. */
async function* tracesOfTiles({ preprocessor, settings }: Work, tiles: readonly Tile[]) {
  const halo = haloOf(settings);
  const start = ({ segment, from, to }: Tile) => {
    const traces = preprocessor.process(segment, from - halo, to + halo);
    traces.catch(() => undefined); // reported when its turn comes
    return traces;
  };
  let next = tiles.length > 0 ? start(tiles[0]) : null;
  try {
    for (const [i, tile] of tiles.entries()) {
      const traces = await next!;
      next = i + 1 < tiles.length ? start(tiles[i + 1]) : null;
      try {
        yield { tile, traces };
      } finally {
        traces.dispose();
      }
    }
  } finally {
    (await next?.catch(() => null))?.dispose();
  }
}

/** Tile by tile: preprocess, detect, localize, cut waveforms, store. Stops after a tile when cancelled. */
export async function* search(work: Work, signal: AbortSignal): AsyncGenerator<Yielded, void> {
  const { recording, columns, state } = work;
  const { rateHz } = recording.reader.recording;
  const startedMs = performance.now();
  const doneBefore = state.doneSec;
  const tiles = tilesLeft(work);
  let { doneSec } = state;
  let savedMs = startedMs;
  for await (const { tile, traces } of tracesOfTiles(work, tiles)) {
    const first = columns.nSpikes;
    await searchTile(work, tile, traces);
    doneSec = Math.min(state.totalSec, doneSec + (tile.to - tile.from) / rateHz);
    const nowMs = performance.now();
    if (nowMs - savedMs > 1000 * commitEverySec || signal.aborted || tile === tiles.at(-1)) {
      savedMs = nowMs;
      await commit(work, { next: { segment: tile.segment, sample: tile.to }, doneSec });
    }
    if (columns.nSpikes > first) yield await spikesEvent(work, first, columns.nSpikes);
    const ratePerSec = (doneSec - doneBefore) / Math.max(1e-3, (nowMs - startedMs) / 1000);
    const secondsLeft = (state.totalSec - doneSec) / ratePerSec;
    yield { kind: "progress", done: doneSec, total: state.totalSec, unit: "s of recording", ratePerSec, secondsLeft };
    if (signal.aborted) {
      await commit(work, { next: { segment: tile.segment, sample: tile.to }, doneSec });
      break;
    }
  }
}

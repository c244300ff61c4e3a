import type { SpikeTable } from "../../core/types.ts";
import type { StepResult } from "../../protocol/methods.ts";
import type { RunBundle } from "../../protocol/workers.ts";
import { sortingFile } from "../sortingFile.ts";
import { jsonFile, type WrittenFile } from "./file.ts";
import { correctedFile, isIteration, localizerOf, locationsFile, locationsOf, placedAt } from "./locations.ts";
import { logFile, metricsFile } from "./metrics.ts";
import { motionExports } from "./motionExports.ts";
import { networkFiles } from "./networkRun.ts";
import { npyFile } from "./npy.ts";
import { folderMotions, noteFiles } from "./sessionMotions.ts";

/** Positions that came with the file; our own localizers have their names. */
const IMPORTED = "imported";

/**
 * A finished or stopped run as a folder: recipe, provenance, log, metrics, spikes, locations, and for every motion of
 * the session, or of the steps, its folder for every program that takes one (see motionExports) and the corrected positions;
 * of every network its weights and how it was trained (see networkFiles).
 * A second motion by the same method gets "-2". Paths are relative to the folder. `figures` names carry their extension. One
 * file at a time: together they take as much memory as the spikes themselves. A run over a motion alone or on field
 * potentials has no spikes, hence no corrected positions.
 */
export function* runDirectoryFiles(
  bundle: RunBundle,
  figures: readonly { name: string; bytes: Uint8Array }[],
): Generator<WrittenFile> {
  const { result, spikes } = bundle;
  yield jsonFile("recipe.json", result.recipe);
  const locations = locationsOf(result.steps);
  const positions = (spikes && localizerOf(spikes, locations)) ?? IMPORTED;
  yield jsonFile("provenance.json", { ...result.provenance, format: bundle.format, ...(spikes ? { positions } : {}) });
  yield logFile("log.jsonl", result.log);
  yield metricsFile("metrics.json", result.steps);
  if (spikes) {
    yield* spikeFiles(spikes, bundle);
    yield* locationFiles(locations, positions, spikes);
  }
  yield* result.steps.flatMap(waveformFiles);
  yield* networkFiles(result);
  yield* motionFiles(bundle, locations, positions);
  yield* figures.map(({ name, bytes }) => ({ path: `figures/${name}`, bytes }));
}

function* spikeFiles(spikes: SpikeTable, { probe, sorting = {} }: RunBundle): Generator<WrittenFile> {
  if (probe) yield jsonFile("spikes/contacts.json", probe);
  const said = sortingFile("spikes/sorting.json", sorting);
  if (said) yield said;
  const { nSpikes, timeSec, ampUv, channel, sampleIndex, segment, shank, unit } = spikes;
  yield npyFile("spikes/times_sec.npy", timeSec, [nSpikes], "<f8");
  yield npyFile("spikes/amplitude_uv.npy", ampUv, [nSpikes], "<f4");
  if (sampleIndex) yield npyFile("spikes/sample_index.npy", sampleIndex, [nSpikes], "<i8");
  if (channel) yield npyFile("spikes/channel.npy", channel, [nSpikes], "<i4");
  if (segment) yield npyFile("spikes/segment.npy", segment, [nSpikes], "<i4");
  if (shank) yield npyFile("spikes/shank.npy", shank, [nSpikes], "<i4");
  if (unit) yield npyFile("spikes/unit.npy", unit, [nSpikes], "<i4");
}

/** Positions by the localizers of a run, and those of the table where they are none of these. */
function* locationFiles(
  locations: Record<string, Float32Array>,
  positions: string,
  spikes: SpikeTable,
): Generator<WrittenFile> {
  if (positions === IMPORTED) yield locationsFile(`locations/${IMPORTED}.npy`, spikes);
  for (const [id, xyza] of Object.entries(locations))
    yield npyFile(`locations/${id}.npy`, xyza, [spikes.nSpikes, 4], "<f4");
}

/** How waveforms were kept; the coefficients themselves stay in the scratch or are written beside it by whoever has it. */
function waveformFiles({ waveforms }: StepResult): WrittenFile[] {
  if (!waveforms) return [];
  const { nSlots, nSamples, samplesBefore, nComponents, mean, components, slots, noiseUv, order } = waveforms;
  return [
    npyFile("waveforms/tpca_mean_uv.npy", mean, [nSamples], "<f8"),
    npyFile("waveforms/tpca_components.npy", components, [nComponents, nSamples], "<f8"),
    npyFile("waveforms/slot_channels.npy", slots, [slots.length / nSlots, nSlots], "<i4"),
    npyFile("waveforms/noise_uv.npy", noiseUv, [noiseUv.length], "<f8"),
    ...(order ? [npyFile("waveforms/rows.npy", order, [order.length], "<i4")] : []),
    jsonFile("waveforms/waveforms.json", {
      slotOrder: "distance",
      nSlots,
      nSamples,
      samplesBefore,
      nComponents,
      coefficients: "coefficients.npy (N, slots, components) float16; denoised = mean + coefficients · components",
      ...(order ? { rows: "rows.npy (N,): the row of coefficients.npy that belongs to each row of spikes/" } : {}),
    }),
  ];
}

/** Corrected are the positions of the table, and those of every network but between its iterations. */
function* motionFiles(
  bundle: RunBundle,
  locations: Record<string, Float32Array>,
  positions: string,
): Generator<WrittenFile> {
  const { spikes, recording } = bundle;
  const networks = Object.keys(locations).filter((id) => /^sln-/.test(id) && !isIteration(id) && id !== positions);
  for (const one of folderMotions(bundle)) {
    yield* motionExports(one, spikes, recording);
    yield* noteFiles(`motion/${one.name}`, one);
    if (!spikes) continue;
    yield correctedFile(`corrected/${positions}+${one.name}.npy`, spikes, one.motion);
    for (const id of networks)
      yield correctedFile(`corrected/${id}+${one.name}.npy`, placedAt(spikes, locations[id]), one.motion);
  }
}

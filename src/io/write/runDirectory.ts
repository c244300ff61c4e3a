import type { ProbeSites, SpikeTable } from "../../core/types.ts";
import type { StepResult } from "../../protocol/methods.ts";
import type { RunBundle } from "../../protocol/workers.ts";
import { jsonFile, type WrittenFile } from "./file.ts";
import { correctedFile, locationsFile } from "./locations.ts";
import { logFile, metricsFile } from "./metrics.ts";
import { motionExports } from "./motionExports.ts";
import { npyFile } from "./npy.ts";
import { folderMotions, noteFiles } from "./sessionMotions.ts";

/** Positions that came with the file; our own localizers have their names. */
const IMPORTED = "imported";

/**
 * A finished or stopped run as a folder: recipe, provenance, log, metrics, spikes, locations, and for every motion of
 * the session, or of the steps, its folder for every program that takes one (see motionExports) and the corrected positions.
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
  yield jsonFile("provenance.json", { ...result.provenance, format: bundle.format });
  yield logFile("log.jsonl", result.log);
  yield metricsFile("metrics.json", result.steps);
  if (spikes) {
    yield* spikeFiles(spikes, bundle.probe);
    yield* locationFiles(result.steps, spikes);
  }
  yield* result.steps.flatMap(waveformFiles);
  yield* motionFiles(bundle);
  yield* figures.map(({ name, bytes }) => ({ path: `figures/${name}`, bytes }));
}

/** The localizer whose positions the table of spikes carries: a step names it first. */
function mainLocalizer(steps: readonly StepResult[]): string {
  return Object.keys(steps.findLast((step) => step.locations)?.locations ?? {})[0] ?? IMPORTED;
}

function* spikeFiles(spikes: SpikeTable, probe: ProbeSites | undefined): Generator<WrittenFile> {
  if (probe) yield jsonFile("spikes/contacts.json", probe);
  const { nSpikes, timeSec, ampUv, channel, sampleIndex, segment, shank } = spikes;
  yield npyFile("spikes/times_sec.npy", timeSec, [nSpikes], "<f8");
  yield npyFile("spikes/amplitude_uv.npy", ampUv, [nSpikes], "<f4");
  if (sampleIndex) yield npyFile("spikes/sample_index.npy", sampleIndex, [nSpikes], "<i8");
  if (channel) yield npyFile("spikes/channel.npy", channel, [nSpikes], "<i4");
  if (segment) yield npyFile("spikes/segment.npy", segment, [nSpikes], "<i4");
  if (shank) yield npyFile("spikes/shank.npy", shank, [nSpikes], "<i4");
}

/** Positions by the localizers of a run, or those that came with the file. */
function* locationFiles(steps: readonly StepResult[], spikes: SpikeTable): Generator<WrittenFile> {
  const found = steps.findLast((step) => step.locations)?.locations;
  if (!found) yield locationsFile(`locations/${IMPORTED}.npy`, spikes);
  for (const [id, xyza] of Object.entries(found ?? {}))
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

function* motionFiles(bundle: RunBundle): Generator<WrittenFile> {
  const { result, spikes, recording } = bundle;
  const localizer = mainLocalizer(result.steps);
  for (const one of folderMotions(bundle)) {
    yield* motionExports(one, spikes, recording);
    yield* noteFiles(`motion/${one.name}`, one);
    if (spikes) yield correctedFile(`corrected/${localizer}+${one.name}.npy`, spikes, one.motion);
  }
}

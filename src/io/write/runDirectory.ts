import type { SpikeTable } from "../../core/types.ts";
import type { StepResult } from "../../protocol/methods.ts";
import type { RunBundle } from "../../protocol/workers.ts";
import { jsonFile, type WrittenFile } from "./file.ts";
import { correctedFile, locationsFile } from "./locations.ts";
import { medicineMotionFiles } from "./medicineMotion.ts";
import { logFile, metricsFile } from "./metrics.ts";
import { npyFile } from "./npy.ts";
import { spikeinterfaceMotionFiles } from "./spikeinterfaceMotion.ts";

/** Positions that came with the file; our own localizers have their names. */
const IMPORTED = "imported";

/**
 * A finished or stopped run as a folder: recipe, provenance, log, metrics, spikes, locations, and for every step that gave
 * a motion its Motion folder (MEDiCINe's own files beside it) and the corrected positions. A second motion by the same
 * method gets "-2". Paths are relative to the folder. `figures` names carry their extension.
 */
export function runDirectoryFiles(
  bundle: RunBundle,
  figures: readonly { name: string; bytes: Uint8Array }[],
): WrittenFile[] {
  const { result, spikes } = bundle;
  return [
    jsonFile("recipe.json", result.recipe),
    jsonFile("provenance.json", { ...result.provenance, format: bundle.format }),
    logFile("log.jsonl", result.log),
    metricsFile("metrics.json", result.steps),
    ...spikeFiles(spikes),
    locationsFile(`locations/${IMPORTED}.npy`, spikes),
    ...motionFiles(result.steps, spikes),
    ...figures.map(({ name, bytes }) => ({ path: `figures/${name}`, bytes })),
  ];
}

function spikeFiles(spikes: SpikeTable): WrittenFile[] {
  const { nSpikes, timeSec, ampUv, channel, sampleIndex } = spikes;
  const files = [
    npyFile("spikes/times_sec.npy", timeSec, [nSpikes], "<f8"),
    npyFile("spikes/amplitude_uv.npy", ampUv, [nSpikes], "<f4"),
  ];
  if (sampleIndex) files.push(npyFile("spikes/sample_index.npy", sampleIndex, [nSpikes], "<i8"));
  if (channel) files.push(npyFile("spikes/channel.npy", channel, [nSpikes], "<i4"));
  return files;
}

function motionFiles(steps: readonly StepResult[], spikes: SpikeTable): WrittenFile[] {
  const timesSeen = new Map<string, number>();
  return steps.flatMap(({ method, motion, params }) => {
    if (!motion) return [];
    const n = (timesSeen.get(method) ?? 0) + 1;
    timesSeen.set(method, n);
    const name = n === 1 ? method : `${method}-${n}`;
    const folder = `motion/${name}`;
    return [
      ...spikeinterfaceMotionFiles(folder, motion),
      ...(method === "medicine" ? medicineMotionFiles(folder, motion, params) : []),
      correctedFile(`corrected/${IMPORTED}+${name}.npy`, spikes, motion),
    ];
  });
}

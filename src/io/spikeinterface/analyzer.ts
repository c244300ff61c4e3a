import type { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import type { Column } from "../columns.ts";
import { wiredProbes } from "../geometry/probeinterface.ts";
import { type SpikesDataset, spikesDataset } from "../spikes.ts";
import { bad, isObject, type Json, rateHzOf } from "./fields.ts";

/** What a SortingAnalyzer holds, whether its arrays are .npy files or a Zarr folder. One row per spike. */
export interface AnalyzerParts {
  /** the file that says what it is */
  path: string;
  files: readonly ByteSource[];
  settings: Json;
  /** `recording_attributes`, and the probe group, as JSON */
  recording: Json;
  probegroup: Json;
  /** s⁻¹ as the sorting states it, where it does */
  rateHz: unknown;
  unitIds: readonly unknown[];
  sampleIndex: Column;
  /** row of `unitIds` */
  unitIndex: Column;
  segment: Column | null;
  /** columns x, y and perhaps z and alpha */
  locations: ReadonlyMap<string, Column>;
  amplitudes: Column;
}

export function missingExtensions(path: string, missing: readonly string[]): AppError {
  const list = missing.map((name) => `"${name}"`).join(", ");
  return bad(
    path,
    `the extensions spike_locations and spike_amplitudes of a SortingAnalyzer; compute them with analyzer.compute([${list}])`,
    `none called ${missing.join(" or ")}`,
  );
}

/**
 * Spikes of a sorting with the positions SpikeInterface computed. Segments are put one after the other, as the analyzer keeps
 * no times. Throws AppError for what is missing or does not fit together.
 */
export function analyzerSpikes(parts: AnalyzerParts, format: string, title: string): SpikesDataset {
  const { path, files, recording, locations, amplitudes, sampleIndex, segment, unitIndex, settings } = parts;
  const warnings: string[] = [];
  const rateHz = rateHzOf(path, parts.rateHz ?? recording.sampling_frequency);
  const [x, y] = [locations.get("x"), locations.get("y")];
  if (!y) throw bad(path, "columns x and y in spike_locations", [...locations.keys()].join(", "));
  const firstSamples = segmentStarts(parts, warnings);
  const timeSec = sampleIndex.values.map(
    (sample, i) => (sample + (firstSamples[segment?.values[i] ?? 0] ?? 0)) / rateHz,
  );
  const isMicrovolt = (settings.return_in_uV ?? settings.return_scaled) !== false;
  const unitIds = parts.unitIds.every(isNumber) ? parts.unitIds.map(Number) : null;
  const unit = unitIndex.values.map((index) => (unitIds ? (unitIds[index] ?? -1) : index));
  if (!unitIds) {
    warnings.push(`${path}: units have names instead of numbers; they are numbered from 0 in the order of unit_ids.`);
  }
  return spikesDataset({
    format,
    title,
    files,
    warnings,
    timeSec: { path: sampleIndex.path, values: timeSec },
    sampleIndex,
    ampUv: amplitudes,
    depthUm: y,
    xUm: x,
    zUm: locations.get("z"),
    alpha: locations.get("alpha"),
    segment: segment && firstSamples.length > 1 ? segment : undefined,
    unit: { path: unitIndex.path, values: unit },
    amplitudeUnit: isMicrovolt ? undefined : "units of the recording",
    positionsUm: positionsOf(parts, warnings),
  });
}

/** Ids that are whole numbers stand for themselves where all of them are; otherwise units are counted. */
const isNumber = (id: unknown) => Number.isSafeInteger(Number(id)) && String(id).trim() !== "";

function segmentStarts({ path, recording, segment }: AnalyzerParts, warnings: string[]): number[] {
  const last = segment?.values.reduce((most, one) => Math.max(most, one), 0) ?? 0;
  const lengths = Array.isArray(recording.num_samples) ? recording.num_samples : [];
  if (last === 0) return [0];
  if (lengths.length <= last || !lengths.every((n) => typeof n === "number")) {
    throw bad(path, `num_samples of ${last + 1} segments in recording_attributes`, String(lengths.length));
  }
  warnings.push(`${path}: its ${lengths.length} segments are taken to follow one another without gaps.`);
  let sum = 0;
  return lengths.map((n: number) => {
    sum += n;
    return sum - n;
  });
}

function positionsOf({ path, probegroup }: AnalyzerParts, warnings: string[]): [number, number][] | undefined {
  if (!Array.isArray(probegroup.probes)) return undefined;
  const probes = wiredProbes(path, probegroup.probes);
  if (probes.length === 1) return probes[0].sites.positionsUm;
  warnings.push(`${path}: expected the contacts of one probe, found ${probes.length} probes; contacts are left out.`);
  return undefined;
}

/** Attributes under a key, or none. */
export const under = (json: unknown, key: string): Json => {
  const found = isObject(json) ? json[key] : undefined;
  return isObject(found) ? found : {};
};

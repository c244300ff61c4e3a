import { AppError } from "../../core/errors.ts";
import { median } from "../../core/motion.ts";
import type { ByteSource } from "../byteSource.ts";
import type { Column } from "../columns.ts";
import { readColumn } from "../columns.ts";
import { folderInWords } from "../drop.ts";
import { beforeCorrection } from "../kilosort/drift.ts";
import { listInWords } from "../readers/reader.ts";
import { type RawSpikes, type SpikesDataset, spikesDataset } from "../spikes.ts";
import { arrayFile, arraysOf, ifReadable, optionalColumn, requireSameRows } from "./attributes.ts";
import { firstSampleSec } from "./clock.ts";
import { DRIFT_PARTS, openAlfDrift } from "./drift.ts";
import type { AlfSet } from "./names.ts";
import { alfProbe } from "./probe.ts";
import { unitLabelsOf } from "./units.ts";

const NEEDED = ["spikes.times", "spikes.depths", "spikes.amps"];
const USED = [...NEEDED, "spikes.clusters", "spikes.templates", "spikes.samples"];
/** Spikes of more than 10 mV are none; of more than a volt the numbers are of another unit. */
const LARGE_V = 0.01;
const NOT_VOLTS = 1;

/**
 * The spikes of one ALF set: spikes.times in s, depths in µm upwards from the tip, amps in V (×1e6, the sign as stored). Units are
 * spikes.clusters, else spikes.templates. Spikes without a depth or an amplitude (NaN), which sorters leave, are counted and left out. Times before 0 on
 * the clock of a session are counted from the first sample instead, where spikes.samples tells it. Throws AppError for a missing
 * attribute and for unequal rows.
 */
export async function openAlfSpikes(
  set: AlfSet,
  channels: AlfSet,
  beside: ReadonlyMap<string, ByteSource>,
  about: Pick<RawSpikes, "format" | "title">,
): Promise<SpikesDataset> {
  const warnings = USED.flatMap((key) => set.passedOver.get(key) ?? []);
  const [times, depths, amps] = requireAttributes(set);
  await requireSameRows(set, "spikes");
  const all = {
    timeSec: await fromFirstSample(set, await readColumn(times), warnings),
    depthUm: await readColumn(depths),
    ampUv: await readColumn(amps),
    unit: (await optionalColumn(set, "spikes.clusters")) ?? (await optionalColumn(set, "spikes.templates")),
    sampleIndex: await optionalColumn(set, "spikes.samples"),
  };
  const columns = withoutUnknown(all, warnings);
  const depthUm = await asRecorded(set, columns, warnings);
  const amplitudeUnit = toMicrovolts(columns.ampUv, warnings);
  const probe = await alfProbe(set, channels, columns.unit, warnings);
  const { labels, files } = await unitLabelsOf(set, beside, columns.unit, warnings);
  const used = USED.flatMap((key) => arrayFile(set, key) ?? []);
  const data = spikesDataset({
    ...about,
    ...columns,
    depthUm,
    files: [...new Set([...used, ...probe.files, ...files])],
    warnings,
    channel: probe.channel,
    shank: probe.spikeShank,
    unitLabels: labels,
    amplitudeUnit,
    positionsUm: probe.positionsUm,
  });
  const { shank } = probe;
  if (shank && data.info.probe) data.info.probe = { ...data.info.probe, shank, nShanks: Math.max(...shank) + 1 };
  return data;
}

function requireAttributes(set: AlfSet): ByteSource[] {
  const there = NEEDED.flatMap((key) => arrayFile(set, key) ?? []);
  if (there.length === NEEDED.length) return there;
  const missing = NEEDED.filter((key) => !arrayFile(set, key));
  const found = arraysOf(set, "spikes")
    .map(({ path }) => path)
    .sort();
  throw new AppError(
    "bad-file",
    `IBL ALF spikes in ${folderInWords(set.folder)}: expected ${listInWords(NEEDED.map((key) => `${key}.npy`))} side by side, found ${listInWords(found)} without ${listInWords(missing)}.`,
    { missing, folder: set.folder },
  );
}

async function fromFirstSample(set: AlfSet, times: Column, warnings: string[]): Promise<Column> {
  const nBefore = times.values.reduce((n, t) => n + Number(t < 0), 0);
  const startSec = nBefore > 0 ? await firstSampleSec(set) : null;
  if (startSec === null || startSec >= 0) return times;
  warnings.push(
    `${times.path}: ${nBefore} ${nBefore === 1 ? "spike lies" : "spikes lie"} before 0 s on the clock of the session; times were counted from the first sample instead (spikes.samples), ${Number((-startSec).toFixed(4))} s later.`,
  );
  return { path: times.path, values: times.values.map((t) => t - startSec) };
}

interface Columns {
  timeSec: Column;
  depthUm: Column;
  ampUv: Column;
  unit: Column | undefined;
  sampleIndex: Column | undefined;
}

/** Without the rows whose depth or amplitude is no number, unless none would be left: then their file is to blame. */
function withoutUnknown(columns: Columns, warnings: string[]): Columns {
  const { depthUm, ampUv } = columns;
  const n = depthUm.values.length;
  const isKnown = (i: number) => Number.isFinite(depthUm.values[i]) && Number.isFinite(ampUv.values[i]);
  let nKnown = 0;
  for (let i = 0; i < n; i++) nKnown += Number(isKnown(i));
  if (nKnown === n || nKnown === 0) return columns;
  const rows = new Uint32Array(nKnown);
  for (let i = 0, at = 0; i < n; i++) if (isKnown(i)) rows[at++] = i;
  const depthless = depthUm.values.reduce((sum, v) => sum + Number(!Number.isFinite(v)), 0);
  const which =
    depthless === n - nKnown ? depthUm.path : depthless === 0 ? ampUv.path : `${depthUm.path} and ${ampUv.path}`;
  warnings.push(
    `${which}: ${n - nKnown} of ${n} spikes have no number (NaN or infinite), as the sorter could not place them; they were left out.`,
  );
  const kept = ({ path, values }: Column): Column => ({ path, values: Float64Array.from(rows, (i) => values[i]) });
  return {
    timeSec: kept(columns.timeSec),
    depthUm: kept(depthUm),
    ampUv: kept(ampUv),
    unit: columns.unit && kept(columns.unit),
    sampleIndex: columns.sampleIndex && kept(columns.sampleIndex),
  };
}

/**
 * Depths as recorded. pykilosort and iblsorter take their drift off the data before they look for spikes, so their depths are corrected: where
 * that drift lies beside, it is put back, and the motion that opens with the spikes takes it off again. Where it does not, that is said.
 */
async function asRecorded(set: AlfSet, { timeSec, depthUm }: Columns, warnings: string[]): Promise<Column> {
  const { path } = depthUm;
  const isThere = DRIFT_PARTS.every((key) => arrayFile(set, key));
  if (!isThere) {
    warnings.push(
      `${path}: pykilosort and iblsorter locate spikes after their own drift correction, and no drift.um lies beside: where one of them sorted, what moves here is what that left.`,
    );
    return depthUm;
  }
  const about = { format: "", title: "" };
  const drift = await ifReadable(warnings, "depths were left as they are", () => openAlfDrift(set, about));
  if (!drift?.isOfSorter || !timeSec.values.every(Number.isFinite)) return depthUm;
  const { motion, info } = drift.data;
  const [low, high] = (info.displacementRangeUm ?? [0, 0]).map((um) => Number(um.toPrecision(3)));
  warnings.push(
    `${path}: iblsorter located these spikes after its own drift correction; ${info.files[0].path} (${low} to ${high} µm) was put back, so that depths are as recorded, and they are those of the file where its motion is taken off.`,
  );
  return { path, values: beforeCorrection(timeSec.values, depthUm.values, motion) };
}

/** Volts to µV in place. Numbers too large for volts stay as they are; returns then what to call their unit. */
function toMicrovolts({ path, values }: Column, warnings: string[]): string | undefined {
  const typical = values.length > 0 ? median(values.map(Math.abs)) : 0;
  const found = Number(typical.toPrecision(3));
  if (typical > NOT_VOLTS) {
    warnings.push(
      `${path}: expected amplitudes in V, found a median of ${found}, which no spike has; they were taken as they are and their unit is unknown.`,
    );
    return "an unknown unit";
  }
  if (typical > LARGE_V)
    warnings.push(`${path}: amplitudes were taken as V, but a median of ${found} is more than a spike has.`);
  for (let i = 0; i < values.length; i++) values[i] *= 1e6;
  return undefined;
}

import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import type { Column } from "../columns.ts";
import { numberColumn } from "../hdf5/columns.ts";
import type { Hdf5File } from "../hdf5/file.ts";
import type { Hdf5Reading } from "../hdf5/reading.ts";
import { type SpikesDataset, spikesDataset, timeOrder } from "../spikes.ts";
import type { Electrodes } from "./electrodes.ts";
import { spikeAmplitudes } from "./unitAmplitudes.ts";
import { type UnitPeaks, unitPeaks } from "./unitPeaks.ts";
import type { UnitTable } from "./unitTable.ts";

/**
 * The spikes of the units of one probe, with a depth each: its own where the table has one for each spike, else that of the
 * electrode on which its unit is largest. Units whose depth is not known are left out, and counted in a warning. Throws
 * AppError as spikesDataset does, and when no unit has a depth.
 */
export function unitSpikes(
  file: Hdf5File,
  source: ByteSource,
  format: string,
  title: string,
  table: UnitTable,
  units: readonly number[],
  electrodes: Electrodes | null,
): Promise<SpikesDataset> {
  return file.use((reading) => {
    const warnings: string[] = [];
    const times = numberColumn(reading, table.spikeTimes);
    const peaks = electrodes && unitPeaks(reading, table, electrodes);
    const place = placesOf(reading, table, electrodes, peaks, warnings);
    const amplitudes = spikeAmplitudes(reading, table, warnings);
    const kept = units.filter((unit) => place.isKnown(unit));
    sayOf(table, units, kept, warnings);
    const rows = rowsOf(table, kept, times.values);
    const unitOfRow = unitOfRows(table);
    const column = (path: string, value: (row: number, unit: number) => number): Column => ({
      path,
      values: Float64Array.from(rows, (row) => value(row, unitOfRow[row])),
    });
    const { xUm, shank } = place;
    return spikesDataset({
      format,
      title,
      files: [source],
      warnings,
      timeSec: column(times.path, (row) => times.values[row]),
      depthUm: column(place.words, place.depthUm),
      ampUv: column(amplitudes.words, (row) => amplitudes.values[row]),
      unit: column(`${table.words}/id`, (_, unit) => table.ids[unit]),
      unitLabels: table.labels,
      ...(amplitudes.unit ? { amplitudeUnit: amplitudes.unit } : {}),
      ...(xUm ? { xUm: column(place.words, (_, unit) => xUm(unit)) } : {}),
      ...(shank ? { shank: column(place.words, (_, unit) => shank(unit)) } : {}),
    });
  });
}

interface Places {
  words: string;
  isKnown(unit: number): boolean;
  depthUm(row: number, unit: number): number;
  xUm?(unit: number): number;
  shank?(unit: number): number;
}

function placesOf(
  reading: Hdf5Reading,
  table: UnitTable,
  electrodes: Electrodes | null,
  peaks: UnitPeaks | null,
  warnings: string[],
): Places {
  const { depth, spikeTimes, words } = table;
  if (depth?.kind === "spikes") {
    const { values, path } = numberColumn(reading, depth.of);
    if (values.length !== spikeTimes.shape[0]) {
      const message = `${path}: expected a depth for each of ${spikeTimes.shape[0]} spikes, found ${values.length}.`;
      throw new AppError("bad-file", message, { path });
    }
    return { words: path, isKnown: () => true, depthUm: (row) => values[row] };
  }
  const oneDepth = (from: string) =>
    warnings.push(
      `${words}: all spikes of a unit lie at one depth, that of ${from}; motion within a unit cannot be seen.`,
    );
  if (depth?.kind === "units") {
    const { values, path } = numberColumn(reading, depth.of);
    oneDepth(`its ${path.slice(path.lastIndexOf("/") + 1)}`);
    return { words: path, isKnown: (unit) => Number.isFinite(values[unit]), depthUm: (_, unit) => values[unit] };
  }
  const at = electrodes?.positionUm;
  if (!peaks || !at) throw withoutDepth(table);
  oneDepth(`the electrode on which it is largest (${peaks.from})`);
  const { row } = peaks;
  const shanks = new Set(Array.from(row, (one) => (one < 0 ? 0 : electrodes.shank[one])));
  return {
    words: `${words} (${at.columns} of electrodes)`,
    isKnown: (unit) => row[unit] >= 0 && Number.isFinite(at.y[row[unit]]) && Number.isFinite(at.x[row[unit]]),
    depthUm: (_, unit) => at.y[row[unit]],
    xUm: (unit) => at.x[row[unit]],
    ...(shanks.size > 1 ? { shank: (unit: number) => electrodes.shank[row[unit]] } : {}),
  };
}

/** What is said of units that have no depth, when nothing else is in the file. */
export function withoutDepth({ words }: Pick<UnitTable, "words">): AppError {
  return new AppError(
    "bad-data",
    `${words}: expected a depth of spikes or of units (spike_depths, electrodes with rel_y and waveform_mean, peak_channel_id or depth), found none.`,
    { path: words },
  );
}

function sayOf(table: UnitTable, units: readonly number[], kept: readonly number[], warnings: string[]): void {
  if (kept.length === 0) throw withoutDepth(table);
  const left = units.length - kept.length;
  if (left === 0) return;
  const what = left === 1 ? "1 unit has no depth and was" : `${left} of ${units.length} units have no depth and were`;
  warnings.push(`${table.words}: ${what} left out.`);
}

/** Rows of the spikes of some units, by time. */
function rowsOf({ ends }: UnitTable, units: readonly number[], timeSec: Float64Array): Uint32Array {
  const startOf = (unit: number) => (unit === 0 ? 0 : ends[unit - 1]);
  const rows = new Uint32Array(units.reduce((sum, unit) => sum + ends[unit] - startOf(unit), 0));
  let n = 0;
  for (const unit of units) for (let row = startOf(unit); row < ends[unit]; row++) rows[n++] = row;
  const order = timeOrder(Float64Array.from(rows, (row) => timeSec[row]));
  return order ? order.map((i) => rows[i]) : rows;
}

function unitOfRows({ ends, spikeTimes, nUnits }: UnitTable): Uint32Array {
  const unitOfRow = new Uint32Array(spikeTimes.shape[0]);
  for (let unit = 0; unit < nUnits; unit++) unitOfRow.fill(unit, unit === 0 ? 0 : ends[unit - 1], ends[unit]);
  return unitOfRow;
}

import { numberColumn } from "../hdf5/columns.ts";
import type { Hdf5Dataset, Hdf5Reading } from "../hdf5/reading.ts";
import type { Electrodes } from "./electrodes.ts";
import type { UnitTable } from "./unitTable.ts";

const TILE_BYTES = 16 * 1024 * 1024;

/** Of each unit: where it is largest. */
export interface UnitPeaks {
  /** [nUnits] row of the table of electrodes; −1 where that is not known */
  row: Int32Array;
  /** in words, for a warning */
  from: string;
}

/** The electrode on which each unit is largest, by what the table has. Null when depths are known otherwise. Throws AppError. */
export function unitPeaks(reading: Hdf5Reading, table: UnitTable, electrodes: Electrodes): UnitPeaks | null {
  const { depth, nUnits } = table;
  if (!depth || depth.kind === "spikes" || depth.kind === "units") return null;
  const inTable = (row: number) => (row >= 0 && row < electrodes.nRows ? row : -1);
  if (depth.kind === "peak") {
    const rows = new Map(Array.from(electrodes.id, (id, row) => [id, row]));
    const { values } = numberColumn(reading, depth.of);
    const row = Int32Array.from(values, (value) => (depth.isId ? (rows.get(value) ?? -1) : inTable(value)));
    return { row, from: depth.of.path.slice(depth.of.path.lastIndexOf("/") + 1) };
  }
  const slots = depth.waveforms && largestSlots(reading, depth.waveforms);
  if (depth.kind === "waveforms") return { row: slots ?? new Int32Array(nUnits).fill(-1), from: "waveform_mean" };
  const { values } = numberColumn(reading, depth.of);
  const row = Int32Array.from({ length: nUnits }, (_, unit) => {
    const start = unit === 0 ? 0 : depth.ends[unit - 1];
    const n = depth.ends[unit] - start;
    const slot = n === 1 ? 0 : (slots?.[unit] ?? -1);
    return slot >= 0 && slot < n ? inTable(values[start + slot]) : -1;
  });
  return { row, from: slots ? "waveform_mean and electrodes" : "electrodes" };
}

/** [nUnits] the last dimension's place of the largest peak to peak of each unit's mean waveform; −1 for one of NaN alone. */
function largestSlots(reading: Hdf5Reading, of: Hdf5Dataset): Int32Array {
  const [nUnits, nSamples, nSlots] = of.shape;
  const out = new Int32Array(nUnits).fill(-1);
  const step = Math.max(1, Math.floor(TILE_BYTES / Math.max(1, nSamples * nSlots * of.elementBytes)));
  for (let from = 0; from < nUnits; from += step) {
    const n = Math.min(step, nUnits - from);
    reading.numbers(of, [from, 0, 0], [n, nSamples, nSlots], (read) => {
      for (let unit = 0; unit < n; unit++) {
        let largest = 0;
        for (let slot = 0; slot < nSlots; slot++) {
          let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
          for (let t = 0; t < nSamples; t++) {
            const value = Number(read[(unit * nSamples + t) * nSlots + slot]);
            if (value < low) low = value;
            if (value > high) high = value;
          }
          if (high - low <= largest) continue;
          largest = high - low;
          out[from + unit] = slot;
        }
      }
    });
  }
  return out;
}

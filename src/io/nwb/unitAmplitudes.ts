import { numberColumn } from "../hdf5/columns.ts";
import type { Hdf5Dataset, Hdf5Reading } from "../hdf5/reading.ts";
import { arrayIn, type UnitTable } from "./unitTable.ts";

/** Amplitude of each spike, and what its name says of the unit. */
const SPIKE_AMPLITUDES: readonly [name: string, uvPer: number | null][] = [
  ["spike_amplitudes_uV", 1],
  ["spike_amplitudes_uv", 1],
  ["spike_amplitudes_V", 1e6],
  ["spike_amplitudes_volts", 1e6],
  ["spike_amplitudes", null],
];

/** No spike is as large as 10 mV, and none that is found as small as 0.01 µV: what is below is in volts. */
const MAX_VOLTS = 0.01;

/** An amplitude for each row of spike_times. */
export interface SpikeAmplitudes {
  values: Float64Array;
  words: string;
  /** what they are in, where that is not µV */
  unit?: string;
}

/** Amplitudes of spikes, else what their unit's mean waveform reaches, else the same for all. Throws AppError. */
export function spikeAmplitudes(
  reading: Hdf5Reading,
  { path, words, ends, nUnits, spikeTimes }: UnitTable,
  warnings: string[],
): SpikeAmplitudes {
  const nSpikes = spikeTimes.shape[0];
  for (const [name, uvPer] of SPIKE_AMPLITUDES) {
    const of = arrayIn(reading, path, name);
    if (!of?.isNumbers || of.shape.length !== 1 || of.shape[0] !== nSpikes) continue;
    const column = numberColumn(reading, of);
    const scale = uvPer ?? uvPerGuessed(column.values, column.path, warnings);
    return { words: column.path, values: scale === 1 ? column.values : column.values.map((value) => value * scale) };
  }
  const waveforms = arrayIn(reading, path, "waveform_mean");
  const values = new Float64Array(nSpikes).fill(1);
  if (waveforms?.isNumbers && waveforms.shape.length >= 2 && waveforms.shape[0] === nUnits) {
    const peaks = peaksOf(reading, waveforms);
    const scale = uvPerGuessed(peaks, waveforms.words, warnings);
    for (let unit = 0; unit < nUnits; unit++) {
      values.fill(peaks[unit] * scale, unit === 0 ? 0 : ends[unit - 1], ends[unit]);
    }
    warnings.push(
      `${words}: expected spike_amplitudes, found none; each spike has the peak of its unit's waveform_mean.`,
    );
    return { words: waveforms.words, values };
  }
  warnings.push(`${words}: expected spike_amplitudes or waveform_mean, found neither; every spike counts the same.`);
  return { words, values, unit: "not known" };
}

function uvPerGuessed(values: Float64Array, words: string, warnings: string[]): number {
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  const median = sizes.sort()[sizes.length >> 1] ?? 0;
  const isVolts = median < MAX_VOLTS;
  warnings.push(
    `${words}: no unit is stated for amplitudes; half of them are above ${median.toPrecision(3)}, so they were read as ${isVolts ? "volts" : "µV"}.`,
  );
  return isVolts ? 1e6 : 1;
}

/** [nUnits] the value furthest from zero of each unit's mean waveforms; 0 for one of NaN alone. */
function peaksOf(reading: Hdf5Reading, of: Hdf5Dataset): Float64Array {
  const [nUnits, ...rest] = of.shape;
  const nValues = rest.reduce((product, n) => product * n, 1);
  const peaks = new Float64Array(nUnits);
  const offset = rest.map(() => 0);
  for (let unit = 0; unit < nUnits; unit++) {
    reading.numbers(of, [unit, ...offset], [1, ...rest], (read) => {
      for (let i = 0; i < nValues; i++) {
        const value = Number(read[i]);
        if (Math.abs(value) > Math.abs(peaks[unit])) peaks[unit] = value;
      }
    });
  }
  return peaks;
}

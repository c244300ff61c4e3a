import { AppError } from "../../core/errors.ts";
import { numberColumn, requireHeld } from "../hdf5/columns.ts";
import type { Hdf5Dataset, Hdf5Reading } from "../hdf5/reading.ts";
import type { NwbObject } from "./tree.ts";

/** What an ElectricalSeries says of itself, before it is cut into probes. */
export interface Series {
  /** as a person would call it, e.g. "ElectricalSeriesAP" or "LFP ElectricalSeries" */
  name: string;
  data: Hdf5Dataset;
  nRows: number;
  nColumns: number;
  /** [nColumns] µV of one unit of the data; 1 where the file does not say */
  uvPerUnit: Float64Array;
  /** nothing says how a unit becomes µV, and one counts 1 */
  hasNoScale?: boolean;
  /** µV of a zero of the data */
  offsetUv: number;
  time: SeriesTime;
  /** [nColumns] row of the table of electrodes; null where the series does not say, or says it of another number of columns */
  electrodeRows: Int32Array | null;
  warnings: string[];
}

export type SeriesTime =
  | { kind: "rate"; rateHz: number; startSec: number }
  /** a time for each sample */
  | { kind: "timestamps"; of: Hdf5Dataset };

const UV_PER: Record<string, number> = {
  volts: 1e6,
  volt: 1e6,
  v: 1e6,
  millivolts: 1e3,
  mv: 1e3,
  microvolts: 1,
  microvolt: 1,
  uv: 1,
  µv: 1,
};

/** Nothing that is recorded outside of cells is larger; a float beyond it is in another unit than it says. */
const MAX_CHANNELS = 20_000;

/** Read the description of one series. Throws AppError for one that cannot be read, with the reason. */
export function readSeries(reading: Hdf5Reading, { path, within }: NwbObject): Series {
  const data = reading.dataset(`${path}/data`);
  const { shape, words } = data;
  if (shape.length < 1 || shape.length > 2) {
    throw new AppError(
      "bad-file",
      `${words}: expected samples of shape (time, channel), found shape (${shape.join(", ")}).`,
      { path, shape },
    );
  }
  const [nRows, nColumns = 1] = shape;
  if (nRows === 0 || nColumns === 0)
    throw new AppError("bad-data", `${words}: expected samples, found none.`, { path });
  if (nColumns > MAX_CHANNELS) {
    const message = `${words}: expected samples of shape (time, channel), found ${nColumns} channels of ${nRows} samples; the two may be exchanged.`;
    throw new AppError("bad-file", message, { path, shape });
  }
  requireHeld(data, reading.fileBytes);
  const warnings: string[] = [];
  return {
    name: nameOf(path, within),
    data,
    nRows,
    nColumns,
    ...scaleOf(reading, path, data, nColumns, warnings),
    time: timeOf(reading, path),
    electrodeRows: electrodesOf(reading, path, nColumns, warnings),
    warnings,
  };
}

function nameOf(path: string, within: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const isNamed = within === "" || within === "ProcessingModule" || name.includes(within);
  return isNamed ? name : `${within} ${name}`;
}

function numberAttribute(reading: Hdf5Reading, path: string, name: string): number | null {
  const value = reading.attribute(path, name);
  return typeof value === "number" ? value : null;
}

/** data × conversion × channel_conversion + offset is in volts (NWB 2, ElectricalSeries). */
function scaleOf(
  reading: Hdf5Reading,
  path: string,
  { path: dataPath, words, metadata }: Hdf5Dataset,
  nColumns: number,
  warnings: string[],
): Pick<Series, "uvPerUnit" | "offsetUv" | "hasNoScale"> {
  const unit = String(reading.attribute(dataPath, "unit") ?? "volts");
  const uv = UV_PER[unit.trim().toLowerCase()];
  const conversion = numberAttribute(reading, dataPath, "conversion") ?? 1;
  const offset = numberAttribute(reading, dataPath, "offset") ?? 0;
  const ofChannels = channelConversion(reading, path, nColumns);
  const isInteger = metadata.type !== 1;
  const isUnstated = isInteger && conversion === 1 && uv === 1e6 && !ofChannels;
  if (uv === undefined || isUnstated) {
    const found = uv === undefined ? `unit "${unit}"` : "whole numbers in volts with a conversion of 1";
    warnings.push(
      `${words}: expected a conversion to volts, found ${found}; the scale is unknown, and each bit is shown as 1 µV.`,
    );
    return { uvPerUnit: new Float64Array(nColumns).fill(1), offsetUv: 0, hasNoScale: true };
  }
  const uvPerUnit = Float64Array.from({ length: nColumns }, (_, i) => uv * conversion * (ofChannels?.[i] ?? 1));
  const bad = uvPerUnit.findIndex((value) => !(value > 0 && Number.isFinite(value)));
  if (bad >= 0 || !Number.isFinite(offset)) {
    const found = bad < 0 ? `an offset of ${offset}` : `${conversion * (ofChannels?.[bad] ?? 1)} at channel ${bad}`;
    throw new AppError("bad-data", `${words}: expected a conversion to volts above 0, found ${found}.`, { path });
  }
  return { uvPerUnit, offsetUv: uv * offset };
}

function channelConversion(reading: Hdf5Reading, path: string, nColumns: number): Float64Array | null {
  const place = `${path}/channel_conversion`;
  if (reading.kindOf(place) !== "dataset") return null;
  const { values, path: words } = numberColumn(reading, reading.dataset(place));
  if (values.length === nColumns) return values;
  throw new AppError(
    "bad-file",
    `${words}: expected a conversion for each of ${nColumns} channels, found ${values.length}.`,
    { path: words },
  );
}

function timeOf(reading: Hdf5Reading, path: string): SeriesTime {
  const words = reading.words(path);
  const place = `${path}/starting_time`;
  if (reading.kindOf(place) === "dataset") {
    const rateHz = numberAttribute(reading, place, "rate");
    if (rateHz === null || !(rateHz >= 1 && rateHz <= 1e6)) {
      throw new AppError(
        "bad-file",
        `${words}/starting_time: expected a rate of 1 Hz to 1 MHz, found ${rateHz ?? "none"}.`,
      );
    }
    const of = reading.dataset(place);
    const startSec = reading.numbers(
      of,
      of.shape.map(() => 0),
      of.shape.map(() => 1),
      (read) => Number(read[0]),
    );
    return { kind: "rate", rateHz, startSec };
  }
  if (reading.kindOf(`${path}/timestamps`) !== "nothing") {
    return { kind: "timestamps", of: reading.dataset(`${path}/timestamps`) };
  }
  throw new AppError("bad-file", `${words}: expected starting_time with a rate, or timestamps, found neither.`, {
    path,
  });
}

function electrodesOf(reading: Hdf5Reading, path: string, nColumns: number, warnings: string[]): Int32Array | null {
  const place = `${path}/electrodes`;
  if (reading.kindOf(place) !== "dataset") {
    warnings.push(`${reading.words(path)}: expected electrodes, found none; which sites its channels are is unknown.`);
    return null;
  }
  const { values, path: words } = numberColumn(reading, reading.dataset(place));
  if (values.length === nColumns) return Int32Array.from(values);
  warnings.push(
    `${words}: expected one electrode for each of ${nColumns} channels, found ${values.length}; which sites the channels are is unknown.`,
  );
  return null;
}

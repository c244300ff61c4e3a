import type { ProbeSites, Recording, Samples } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";
import { unknownProbe } from "../geometry/unknownProbe.ts";
import type { Hdf5File } from "../hdf5/file.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { UNIT_OF_FILE } from "../recordings.ts";
import type { Electrodes } from "./electrodes.ts";
import type { Rows, SampleRows } from "./samples.ts";
import type { Series } from "./series.ts";
import { type Clock, clockFrom } from "./timestamps.ts";

/** Channels of one series that are on one probe. */
export interface ProbeOfSeries {
  /** name of the probe; "" where there is one, or none is known */
  device: string;
  /** columns of the series, in its order */
  columns: Int32Array;
}

/** One part for each probe that the channels of a series are on. */
export function probesOfSeries({ electrodeRows, nColumns }: Series, electrodes: Electrodes | null): ProbeOfSeries[] {
  const all = Int32Array.from({ length: nColumns }, (_, i) => i);
  if (!electrodes || !electrodeRows || electrodeRows.some((row) => row < 0 || row >= electrodes.nRows)) {
    return [{ device: "", columns: all }];
  }
  const used = [...new Set(Array.from(electrodeRows, (row) => electrodes.device[row]))];
  return used.map((device) => ({
    device: used.length === 1 ? "" : electrodes.devices[device] || `probe ${device + 1}`,
    columns: all.filter((column) => electrodes.device[electrodeRows[column]] === device),
  }));
}

/** What a stretch of a series' samples is: slower ones hold field potentials, and no spikes. */
const MAX_LFP_RATE_HZ = 5000;

/** The recording of one probe out of one series. Reads its clock. Throws AppError. */
export async function nwbRecording(
  file: Hdf5File,
  source: ByteSource,
  format: string,
  series: Series,
  rows: SampleRows,
  { device, columns }: ProbeOfSeries,
  electrodes: Electrodes | null,
): Promise<RecordingSource> {
  const warnings = [...series.warnings];
  const clock = await clockOf(file, series, warnings);
  const isLfp = /lfp|lf$/i.test(series.name) || clock.rateHz < MAX_LFP_RATE_HZ;
  const uvPerBit = Float64Array.from(columns, (column) => series.uvPerUnit[column]);
  const sites = sitesOf(series, columns, electrodes, warnings);
  if (rows.slowChunkRows > 0) {
    const seconds = (rows.slowChunkRows / clock.rateHz).toFixed(0);
    warnings.push(
      `${series.data.words}: every stretch that is read unpacks ${seconds} s of all channels, as it is stored in chunks of that length; a copy with chunks of 1 s is read much faster.`,
    );
  }
  const recording: Recording = {
    stream: isLfp ? "lf" : "ap",
    rateHz: clock.rateHz,
    nChannels: columns.length,
    nSavedChannels: columns.length,
    sync: 0,
    segments: clock.segments.map(({ startSec, nSamples }) => ({ startSec, nSamples })),
    uvPerBit,
    ...(series.hasNoScale ? { unit: UNIT_OF_FILE } : {}),
    delaySamples: sites.delaySamples,
    probe: sites.probe,
  };
  const takes = samplesOf(series, columns, uvPerBit);
  return {
    format,
    title: `NWB ${series.name}${device === "" ? "" : `, ${device}`}`,
    warnings,
    files: [source],
    description: source,
    geometryWords: "rel_x and rel_y of its electrodes (x, y and z are places in the brain)",
    recording,
    async readSamples(segment, from, to) {
      const { firstRow } = clock.segments[segment];
      return takes(await rows.read(firstRow + from, firstRow + to), to - from);
    },
  };
}

async function clockOf(file: Hdf5File, series: Series, warnings: string[]): Promise<Clock> {
  const { time, nRows } = series;
  const clock: Clock =
    time.kind === "timestamps"
      ? await file.use((reading) => clockFrom(reading, time.of, nRows))
      : { rateHz: time.rateHz, startSec: time.startSec, segments: [{ firstRow: 0, startSec: 0, nSamples: nRows }] };
  if (clock.startSec !== 0) {
    warnings.push(
      `${series.data.words}: the recording starts at ${clock.startSec} s of its session; times are counted from its first sample, and those of units from the start of the session.`,
    );
  }
  return clock;
}

/** Where the channels lie, as far as the table of electrodes says it. */
function sitesOf(
  { electrodeRows, data }: Series,
  columns: Int32Array,
  electrodes: Electrodes | null,
  warnings: string[],
): { probe: ProbeSites; delaySamples: Float64Array } {
  const connected = Array.from(columns, () => true);
  const none = { probe: unknownProbe([], connected), delaySamples: new Float64Array(0) };
  if (!electrodeRows || !electrodes) return none;
  const rows = Array.from(columns, (column) => electrodeRows[column]);
  const outside = rows.find((row) => row < 0 || row >= electrodes.nRows);
  if (outside !== undefined) {
    warnings.push(
      `${data.words}: expected electrodes of the table's ${electrodes.nRows} rows, found row ${outside}; which sites the channels are is unknown.`,
    );
    return none;
  }
  const model = electrodes.devices[electrodes.device[rows[0]]] || "unknown probe";
  const delays = rows.map((row) => electrodes.delaySamples?.[row] ?? Number.NaN);
  const delaySamples = delays.every((delay) => delay >= 0 && delay < 1)
    ? Float64Array.from(delays)
    : new Float64Array(0);
  const at = electrodes.positionUm;
  if (!at) return { probe: { ...none.probe, model }, delaySamples };
  if (!rows.every((row) => Number.isFinite(at.x[row]) && Number.isFinite(at.y[row]))) {
    warnings.push(`${data.words}: expected numbers in ${at.columns} of its electrodes, found some that are none.`);
    return { probe: { ...none.probe, model }, delaySamples };
  }
  const shanks = rows.map((row) => electrodes.shank[row]);
  const used = [...new Set(shanks)].sort((a, b) => a - b);
  const probe: ProbeSites = {
    model,
    partNumber: "",
    nShanks: used.length,
    positionsUm: rows.map((row) => [at.x[row], at.y[row]]),
    shank: shanks.map((shank) => used.indexOf(shank)),
    connected,
  };
  return { probe, delaySamples };
}

/** Rows of the file as samples: int16 as they are where nothing is to be added, otherwise float32 with the offset in. */
function samplesOf(
  { data, offsetUv, nColumns }: Series,
  columns: Int32Array,
  uvPerBit: Float64Array,
): (rows: Rows, nRows: number) => Samples {
  const isInt16 = data.metadata.type === 0 && data.metadata.signed && data.elementBytes === 2 && offsetUv === 0;
  const isAll = columns.length === nColumns;
  const add = uvPerBit.map((uv) => offsetUv / uv);
  return (rows, nRows) => {
    if (isInt16 && isAll) return rows as Int16Array;
    const n = columns.length;
    const out = isInt16 ? new Int16Array(nRows * n) : new Float32Array(nRows * n);
    for (let row = 0, at = 0; row < nRows; row++) {
      for (let i = 0; i < n; i++, at++) out[at] = Number(rows[row * nColumns + columns[i]]) + (isInt16 ? 0 : add[i]);
    }
    return out;
  };
}

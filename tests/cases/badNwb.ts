import { readFileSync } from "node:fs";
import { column, electrodes, nwbBytes, object, type SeriesFacts, series, units } from "../io/nwb/makeNwb.ts";
import type { BadInput } from "./badInput.ts";

const facts: SeriesFacts = { data: new Int16Array(40), shape: [10, 4], rateHz: 30000, conversion: 1e-6 };

type Fill = Parameters<typeof nwbBytes>[0];

const nwb = async (fill: Fill, version?: null) => [{ path: "rec.nwb", bytes: await nwbBytes(fill, version) }];
const withSeries = (changes: Partial<SeriesFacts>) => nwb((file) => series(file, { ...facts, ...changes }));
/** By its path below this file: what h5wasm does not write. */
const fixture = (name: string) => {
  const path = new URL(`../fixtures/io/nwb/${name}.nwb`, import.meta.url);
  return [{ path: "rec.nwb", bytes: new Uint8Array(readFileSync(path)) }];
};

const [good] = await withSeries({});
const DATA = "rec.nwb/acquisition/ElectricalSeriesAP/data";

/** NWB files that cannot be opened. */
export const badNwb: readonly BadInput[] = [
  {
    name: "an NWB file cut short",
    files: [{ path: "rec.nwb", bytes: good.bytes.slice(0, 3000) }],
    sentence: `rec.nwb is cut short: expected ${good.bytes.length} bytes by its header, found 3000.`,
  },
  {
    name: "an NWB file whose header alone is left",
    files: [{ path: "rec.nwb", bytes: good.bytes.slice(0, 8) }],
    sentence: "rec.nwb: expected an intact HDF5 file, found a header of 8 bytes; it may be damaged.",
  },
  {
    name: "an HDF5 file that is no NWB",
    files: await nwb((file) => void file.create_group("mine"), null),
    sentence: "rec.nwb is an HDF5 file, but no NWB: expected nwb_version, found none.",
  },
  {
    name: "an NWB file with neither a recording nor units",
    files: await nwb((file) => void object(file, "acquisition/running", "TimeSeries")),
    sentence: "rec.nwb: expected an ElectricalSeries or a table of units, found an NWB file with neither.",
  },
  {
    name: "units of an NWB file without any depth",
    files: await nwb((file) => void units(file, [[1, 2], [3]])),
    sentence:
      "rec.nwb/units: expected a depth of spikes or of units (spike_depths, electrodes with rel_y and waveform_mean, peak_channel_id or depth), found none.",
  },
  {
    name: "units of an NWB file whose index goes back",
    files: await nwb((file) => {
      const table = object(file, "units", "Units");
      column(table, "spike_times", Float64Array.of(1, 2, 3));
      column(table, "spike_times_index", Uint8Array.of(2, 1));
    }),
    sentence:
      "rec.nwb/units/spike_times_index: expected ascending ends of at most 3, found 1 in row 1 (counting from 0).",
  },
  {
    name: "an NWB series of three dimensions",
    files: await withSeries({ shape: [5, 4, 2] }),
    sentence: `${DATA}: expected samples of shape (time, channel), found shape (5, 4, 2).`,
  },
  {
    name: "an NWB series without a clock",
    files: await withSeries({ rateHz: undefined }),
    sentence:
      "rec.nwb/acquisition/ElectricalSeriesAP: expected starting_time with a rate, or timestamps, found neither.",
  },
  {
    name: "an NWB series with a conversion of zero",
    files: await withSeries({ conversion: 0 }),
    sentence: `${DATA}: expected a conversion to volts above 0, found 0 at channel 0.`,
  },
  {
    name: "an NWB series with too few timestamps",
    files: await withSeries({ rateHz: undefined, timestamps: Float64Array.of(0, 1, 2) }),
    isRecording: true,
    sentence:
      "rec.nwb/acquisition/ElectricalSeriesAP/timestamps: expected one time in s for each of 10 samples, found shape (3).",
  },
  {
    name: "an NWB series compressed with LZF",
    files: fixture("lzf"),
    sentence: `${DATA}: expected no compression or gzip, found LZF (HDF5 filter 32000), which cannot be unpacked here; save a copy with gzip (h5repack -f GZIP=4 in.nwb out.nwb).`,
  },
  {
    name: "an NWB series whose samples are in another file",
    files: fixture("external"),
    sentence: `${DATA}: expected an array in the file, found a link to raw.h5: /raw, which is not there; save a copy with everything in one file.`,
  },
  {
    name: "an NWB series put together out of other files",
    files: fixture("virtual"),
    sentence: `${DATA}: expected its values in the file, found that they lie in another file (elsewhere.h5); save a copy with everything in one file.`,
  },
  {
    name: "an NWB series linked to nothing",
    files: fixture("soft"),
    sentence: `${DATA}: expected an array in the file, found a link to /acquisition/gone, which is not there; save a copy with everything in one file.`,
  },
];

/** NWB files that are opened all the same, with a warning. */
export const oddNwb: readonly BadInput[] = [
  {
    name: "an NWB series with more electrodes than channels",
    files: await nwb((file) => {
      electrodes(file, { groups: Array(12).fill("A"), devices: { A: "P" } });
      series(file, { ...facts, electrodes: Int32Array.from({ length: 12 }, (_, i) => i) });
    }),
    sentence:
      "rec.nwb/acquisition/ElectricalSeriesAP/electrodes: expected one electrode for each of 4 channels, found 12; which sites the channels are is unknown.",
  },
  {
    name: "an NWB series of whole volts",
    files: await withSeries({ conversion: undefined }),
    sentence: `${DATA}: expected a conversion to volts, found whole numbers in volts with a conversion of 1; the scale is unknown, and each bit is shown as 1 µV.`,
  },
  {
    name: "an NWB series that starts late in its session",
    files: await withSeries({ startSec: 12.5 }),
    sentence: `${DATA}: the recording starts at 12.5 s of its session; times are counted from its first sample, and those of units from the start of the session.`,
  },
  {
    name: "an NWB file with units without depths beside its recording",
    files: await nwb((file) => {
      series(file, facts);
      units(file, [[1, 2], [3]]);
    }),
    sentence:
      "rec.nwb/units: expected a depth of spikes or of units (spike_depths, electrodes with rel_y and waveform_mean, peak_channel_id or depth), found none.",
  },
];

/** Folders as SpikeInterface saves them, made up here: 4 channels, 20 samples, value 10 · sample + channel. */
import { npyBytes } from "../../src/io/write/npy.ts";
import { columnProbe, probeinterfaceBytes } from "./geometryFiles.ts";

export type Files = Record<string, Uint8Array>;

export const utf8 = (text: string) => new TextEncoder().encode(text);
export const jsonBytes = (value: unknown) => utf8(JSON.stringify(value));

export const N_CHANNELS = 4;
export const N_SAMPLES = 20;
const IDS = ["imec0.ap#AP0", "imec0.ap#AP1", "imec0.ap#AP2", "imec0.ap#AP3"];
export const WIRING = [0, 1, 2, 3];
export const GAINS = [2.5, 2.5, 2.5, 2.5];

/** [n, N_CHANNELS] */
export const valuesOf = (n = N_SAMPLES) =>
  Int16Array.from({ length: n * N_CHANNELS }, (_, i) => 10 * Math.floor(i / N_CHANNELS) + (i % N_CHANNELS));

export const bytesOfValues = (values: ArrayBufferView) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();

export interface Kwargs {
  [key: string]: unknown;
}

export const binaryKwargs = (changes: Kwargs = {}): Kwargs => ({
  file_paths: ["traces_cached_seg0.raw"],
  sampling_frequency: 30000,
  t_starts: null,
  num_channels: N_CHANNELS,
  dtype: "<i2",
  channel_ids: IDS,
  time_axis: 0,
  file_offset: 0,
  gain_to_uV: GAINS,
  offset_to_uV: [0, 0, 0, 0],
  is_filtered: null,
  ...changes,
});

export const binaryJson = (changes: Kwargs = {}): Uint8Array =>
  jsonBytes({
    class: "spikeinterface.core.binaryrecordingextractor.BinaryRecordingExtractor",
    module: "spikeinterface",
    kwargs: binaryKwargs(changes),
    version: "0.101.0",
    annotations: { is_filtered: false },
    relative_paths: true,
  });

/** A folder of SpikeInterface's save(format="binary"); `more` replaces files, or adds some. */
export function binaryFolder(changes: Kwargs = {}, more: Files = {}): Files {
  return {
    "binary.json": binaryJson(changes),
    "traces_cached_seg0.raw": bytesOfValues(valuesOf()),
    "probegroup.json": probeinterfaceBytes(columnProbe(N_CHANNELS, { device_channel_indices: WIRING })),
    "si_folder.json": jsonBytes({
      class: "spikeinterface.core.binaryfolder.BinaryFolderRecording",
      kwargs: { folder_path: "." },
    }),
    "properties/gain_to_uV.npy": npyBytes(GAINS, [N_CHANNELS], "<f8"),
    ...more,
  };
}

export const asBadFiles = (files: Files) => Object.entries(files).map(([path, bytes]) => ({ path, bytes }));

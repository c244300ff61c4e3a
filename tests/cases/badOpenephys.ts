import type { BadInput } from "./badInput.ts";
import {
  AP_FOLDER,
  int64,
  NODE,
  numbersFrom,
  oebinBytes,
  openephysFiles,
  RECORDING,
  type StreamOptions,
  settingsBytes,
  streamEntry,
} from "./openephysFiles.ts";
import { binaryBytes } from "./spikeglxFiles.ts";

type Files = Record<string, Uint8Array | undefined>;
const OEBIN = `${RECORDING}/structure.oebin`;
const BINARY = `${AP_FOLDER}/continuous.dat`;
const NUMBERS = `${AP_FOLDER}/sample_numbers.npy`;
const SETTINGS = `${NODE}/settings.xml`;
const utf8 = (text: string) => new TextEncoder().encode(text);

/** A sound recording with some files replaced; undefined leaves one out. */
function recordingWith(changes: Files): BadInput["files"] {
  return Object.entries({ ...openephysFiles(), ...changes }).flatMap(([path, bytes]) =>
    bytes ? [{ path, bytes }] : [],
  );
}

const withStream = (options: StreamOptions) => recordingWith({ [OEBIN]: oebinBytes([streamEntry(options)]) });
const STREAM = "Neuropix-PXI-100.ProbeA-AP";

/** Open Ephys recordings that cannot be opened. */
export const badOpenephys: readonly BadInput[] = [
  {
    name: "the older format of Open Ephys",
    files: ["100_CH1", "100_CH2"].map((name) => ({
      path: `2020-01-01/${name}.continuous`,
      bytes: utf8("header.format = 'Open Ephys Data Format'; ".padEnd(1024)),
    })),
    sentence:
      "2020-01-01: expected Open Ephys's binary format (structure.oebin and continuous.dat), found its older one, 2 .continuous files of one channel each, which is not read; convert it, e.g. with SpikeInterface.",
  },
  {
    name: "a binary of Open Ephys without its description",
    files: [{ path: "ProbeA-AP/continuous.dat", bytes: binaryBytes() }],
    sentence:
      "ProbeA-AP/continuous.dat: expected the structure.oebin that Open Ephys wrote two folders above it, found none; open the folder of the recording.",
  },
  {
    name: "a description of Open Ephys cut short",
    files: [{ path: "structure.oebin", bytes: oebinBytes().slice(0, 200) }],
    sentence: "structure.oebin: expected Open Ephys's description (JSON with continuous[]), found none.",
  },
  {
    name: "settings of Open Ephys alone",
    files: [{ path: "settings.xml", bytes: settingsBytes() }],
    sentence:
      "settings.xml describes a signal chain of Open Ephys: expected a recording below it (structure.oebin and continuous.dat), found none.",
  },
  {
    name: "an Open Ephys recording of analog inputs",
    files: [
      {
        path: "structure.oebin",
        bytes: oebinBytes([
          streamEntry({ folderName: "NI-DAQmx-104.PXIe-6341/", processor: "NI-DAQmx", names: ["AI0", "AI1"] }),
        ]),
      },
    ],
    sentence:
      "structure.oebin: expected a continuous stream with channels of a probe, found only NI-DAQmx-104.PXIe-6341.",
  },
  {
    name: "an Open Ephys recording without a rate",
    files: withStream({ changes: { sample_rate: "fast" } }),
    sentence: `${OEBIN}: expected sample_rate of ${STREAM} to be a rate in Hz, found "fast".`,
  },
  {
    name: "an Open Ephys recording of no channels",
    files: withStream({ changes: { channels: [] } }),
    sentence: `${OEBIN}: expected channels of ${STREAM} to be a list of channels, found 0.`,
  },
  {
    name: "an Open Ephys channel count that contradicts itself",
    files: withStream({ changes: { num_channels: 385 } }),
    sentence: `${OEBIN}: expected num_channels of ${STREAM} to be 5, the channels it lists, found 385.`,
  },
  {
    name: "an Open Ephys recording without a scale",
    files: withStream({ bitVolts: 0 }),
    sentence: `${OEBIN}: expected bit_volts of channel 0 of ${STREAM} to be the µV of one bit, found 0.`,
  },
  {
    name: "an Open Ephys recording in unknown units",
    files: withStream({ units: "dB" }),
    sentence: `${OEBIN}: expected units of channel 0 of ${STREAM} to be uV, mV, V or nothing, found "dB".`,
  },
  {
    name: "an empty binary of Open Ephys",
    files: recordingWith({ [BINARY]: new Uint8Array(0) }),
    sentence: `${BINARY} is empty: expected samples, found 0 bytes.`,
  },
  {
    name: "sample numbers that go back",
    files: recordingWith({ [NUMBERS]: int64([5, 6, 7, 8, 3, 4, 5, 6, 7, 20]) }),
    sentence: `${NUMBERS}: expected ascending sample numbers, found 8 in row 3 and 3 in row 4 (counting from 0).`,
  },
  {
    name: "two recordings of an experiment that overlap",
    files: recordingWith({
      [OEBIN.replace("recording1", "recording2")]: oebinBytes(),
      [BINARY.replace("recording1", "recording2")]: binaryBytes(),
      [NUMBERS.replace("recording1", "recording2")]: numbersFrom(21836250),
    }),
    sentence: `Expected recordings of one experiment to follow one another, found that ${BINARY} and ${BINARY.replace("recording1", "recording2")} both hold sample 21836250; open them one at a time.`,
  },
  {
    name: "an Open Ephys recording without its binary",
    files: recordingWith({ [BINARY]: undefined }),
    isRecording: true,
    sentence: `${OEBIN}: expected the binary it describes (continuous/${STREAM}/continuous.dat) below it, found none.`,
  },
];

/** Open Ephys recordings that open with a warning. */
export const oddOpenephys: readonly BadInput[] = [
  {
    name: "an Open Ephys recording without its settings",
    files: recordingWith({ [SETTINGS]: undefined }),
    sentence: `${OEBIN}: expected where the sites lie in the settings.xml of its record node, or in a file beside it (a probeinterface .json or channel_locations.npy), found none of them; positions are unknown.`,
  },
  {
    name: "settings of Open Ephys cut short",
    files: recordingWith({ [SETTINGS]: settingsBytes().slice(0, 300) }),
    sentence: `${SETTINGS}: expected XML, found text that cannot be parsed from line 10 on.`,
  },
  {
    name: "settings of Open Ephys without a probe",
    files: recordingWith({ [SETTINGS]: settingsBytes({ probes: [] }) }),
    sentence: `${SETTINGS}: expected the probe of the stream ProbeA-AP, found none.`,
  },
  {
    name: "a probe of an unknown part number in Open Ephys",
    files: recordingWith({ [SETTINGS]: settingsBytes({ probes: [{ partNumber: "NP9999" }] }) }),
    sentence: `${SETTINGS}: expected a probe of our table, found the part number "NP9999"; read without knowledge of the probe.`,
  },
  {
    name: "a gap within an Open Ephys recording",
    files: recordingWith({ [NUMBERS]: int64([5, 6, 7, 8, 3009, 3010, 3011, 3012, 3013, 3014]) }),
    sentence: `${BINARY}: 1 gap in its sample numbers, up to 0.1 s, 3000 samples lost in all; what lies between is read as segments.`,
  },
  {
    name: "an Open Ephys recording without sample numbers",
    files: recordingWith({ [NUMBERS]: undefined }),
    sentence: `${BINARY}: expected sample_numbers.npy beside it, found none; read as one stretch without gaps.`,
  },
  {
    name: "a binary of Open Ephys cut short",
    files: recordingWith({ [BINARY]: binaryBytes().slice(0, 87) }),
    sentence: `${BINARY} is cut short: expected whole samples of 5 channels (10 bytes each, by ${OEBIN}), found 87 bytes; read as 8 samples.`,
  },
  {
    name: "a stream of an Open Ephys recording without its binary",
    files: recordingWith({
      [OEBIN]: oebinBytes([
        streamEntry(),
        streamEntry({ folderName: "Neuropix-PXI-100.ProbeA-LFP/", streamName: "ProbeA-LFP", rateHz: 2500 }),
      ]),
    }),
    sentence: `${OEBIN}: expected continuous.dat of every stream, found none of Neuropix-PXI-100.ProbeA-LFP; left out.`,
  },
];

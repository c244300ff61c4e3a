import { npyBytes } from "../../src/io/write/npy.ts";
import { binaryBytes } from "./spikeglxFiles.ts";

/** Small recordings in Open Ephys's binary format, made up here: binaries whose values say where they lie. */

const utf8 = (text: string) => new TextEncoder().encode(text);

export interface StreamOptions {
  folderName?: string;
  streamName?: string;
  rateHz?: number;
  /** of every channel, the sync word too */
  names?: string[];
  units?: string;
  bitVolts?: number;
  /** numbers of sites, as from version 0.6.7 on */
  electrodes?: number[];
  processor?: string;
  processorId?: number;
  /** keys of the stream replaced; undefined leaves one out */
  changes?: Record<string, unknown>;
}

const AP_NAMES = ["AP1", "AP2", "AP3", "AP4", "AP_SYNC"];

/** A stream as structure.oebin lists it: four channels of 0.195 µV and the sync word. */
export function streamEntry(options: StreamOptions = {}): Record<string, unknown> {
  const { folderName = "Neuropix-PXI-100.ProbeA-AP/", streamName = "ProbeA-AP", rateHz = 30000 } = options;
  const { names = AP_NAMES, units = "", bitVolts = 0.195, electrodes } = options;
  return {
    folder_name: folderName,
    sample_rate: rateHz,
    source_processor_name: options.processor ?? "Neuropix-PXI",
    source_processor_id: options.processorId ?? 100,
    stream_name: streamName,
    recorded_processor: "Record Node",
    num_channels: names.length,
    channels: names.map((name, i) => ({
      channel_name: name,
      bit_volts: name.endsWith("_SYNC") ? 1 : bitVolts,
      units,
      ...(electrodes?.[i] === undefined
        ? {}
        : {
            channel_metadata: [{ identifier: "neuropixels.electrode_index", type: "uint16", value: [electrodes[i]] }],
          }),
    })),
    ...options.changes,
  };
}

export function oebinBytes(streams: readonly unknown[] = [streamEntry()], version = "0.6.0"): Uint8Array {
  return utf8(JSON.stringify({ "GUI version": version, continuous: streams, events: [], spikes: [] }, null, 1));
}

export interface ProbeText {
  partNumber?: string;
  serial?: string;
  /** further attributes, e.g. slot="2" */
  more?: string;
  /** element that describes it */
  tag?: string;
  /** value of CH0, CH1 … */
  channels?: Record<string, string>;
  x?: Record<string, string>;
  y?: Record<string, string>;
  electrodes?: Record<string, string>;
}

export interface SettingsOptions {
  version?: string;
  streams?: string[];
  probes?: ProbeText[];
  processor?: string;
  nodeId?: number;
}

const attributes = (all: Record<string, string> = {}) =>
  Object.entries(all)
    .map(([key, value]) => ` ${key}="${value}"`)
    .join("");

const listed = (values: readonly (string | number)[]) =>
  Object.fromEntries(values.map((value, i) => [`CH${i}`, String(value)]));

/** The four lowest sites of Neuropixels 1.0, written in another order than they are numbered. */
export const NP1_PROBE: ProbeText = {
  partNumber: "NP1000",
  serial: "18005116811",
  channels: { CH2: "0", ...listed([0, 0, 0, 0]) },
  x: { CH3: "43", CH2: "11", CH1: "59", CH0: "27" },
  y: { CH1: "0", CH0: "0", CH3: "20", CH2: "20" },
};

function probeText({ partNumber = "NP1000", serial = "1", more = "", tag = "NP_PROBE", ...sites }: ProbeText): string {
  const names =
    tag === "NP_PROBE" ? ["probe_part_number", "probe_serial_number"] : ["probePartNumber", "probeSerialNumber"];
  const list = (name: string, all?: Record<string, string>) => (all ? `<${name}${attributes(all)}/>` : "");
  return `<${tag} ${names[0]}="${partNumber}" ${names[1]}="${serial}" ${more}>
      ${list("CHANNELS", sites.channels)}${list("ELECTRODE_XPOS", sites.x)}${list("ELECTRODE_YPOS", sites.y)}${list("SELECTED_ELECTRODES", sites.electrodes)}
    </${tag}>`;
}

export function settingsBytes(options: SettingsOptions = {}): Uint8Array {
  const {
    version = "0.6.0",
    streams = ["ProbeA-AP", "ProbeA-LFP"],
    probes = [NP1_PROBE],
    processor = "Neuropix-PXI",
  } = options;
  const onix = /V\d/.test(probes[0]?.tag ?? "");
  return utf8(`<?xml version="1.0" encoding="UTF-8"?>

<SETTINGS>
  <INFO><VERSION>${version}</VERSION></INFO>
  <SIGNALCHAIN>
    <PROCESSOR name="${processor}" nodeId="${options.nodeId ?? 100}">
      ${streams.map((name) => `<STREAM name="${name}"/>`).join("\n      ")}
      <EDITOR>${onix || !version.startsWith("0") ? "<CUSTOM_PARAMETERS>" : ""}
    ${probes.map(probeText).join("\n    ")}
      ${onix || !version.startsWith("0") ? "</CUSTOM_PARAMETERS>" : ""}</EDITOR>
    </PROCESSOR>
  </SIGNALCHAIN>
</SETTINGS>
`);
}

export const int64 = (values: readonly number[]) => npyBytes([...values], [values.length], "<i8");
/** Numbers of so many samples from the first on. */
export const numbersFrom = (first: number, n = 10) => int64(Array.from({ length: n }, (_, i) => first + i));

export const NODE = "Record Node 104";
export const RECORDING = `${NODE}/experiment1/recording1`;
export const AP_FOLDER = `${RECORDING}/continuous/Neuropix-PXI-100.ProbeA-AP`;

/** Ten samples of four channels of Neuropixels 1.0 with a sync word, from sample 21836244 on. */
export function openephysFiles(): Record<string, Uint8Array> {
  return {
    [`${NODE}/settings.xml`]: settingsBytes(),
    [`${RECORDING}/structure.oebin`]: oebinBytes(),
    [`${AP_FOLDER}/continuous.dat`]: binaryBytes(10, 5),
    [`${AP_FOLDER}/sample_numbers.npy`]: numbersFrom(21836244),
    [`${AP_FOLDER}/timestamps.npy`]: npyBytes(
      Array.from({ length: 10 }, (_, i) => 727.87 + i / 30000),
      [10],
      "<f8",
    ),
    [`${RECORDING}/events/MessageCenter/sample_numbers.npy`]: int64([]),
  };
}

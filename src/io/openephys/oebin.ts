import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { jsonIn } from "../sniff.ts";

/** One channel of a stream, in the order of the binary. */
export interface OeChannel {
  /** e.g. "AP1", "CH334", "ADC1", "AP_SYNC" */
  name: string;
  kind: "neural" | "sync" | "other";
  /** µV of one bit; of neural channels only */
  uvPerBit: number;
  /** number of its site on the probe, over all shanks; undefined before version 0.6.7 */
  electrode: number | undefined;
}

/** What structure.oebin says of one continuous stream. */
export interface OeStream {
  path: string;
  version: string;
  /** folder of the stream below `continuous`, e.g. "Neuropix-PXI-100.ProbeA-AP" */
  folderName: string;
  /** as the signal chain calls it, e.g. "ProbeA-AP"; before version 0.6 the end of the folder's name, e.g. "0" */
  name: string;
  /** number of the processor the stream comes from; −1 when the file does not say */
  processorId: number;
  rateHz: number;
  band: "ap" | "lf";
  channels: OeChannel[];
}

/** A stream before anything of it is checked: enough to find its files. */
export interface StreamEntry {
  folderName: string;
  nChannels: number;
  band: "ap" | "lf";
  /** whether it may be a probe's: what is damaged counts, so that opening it says what is wrong */
  isNeural: boolean;
  /** everything that must agree for two recordings to be stretches of one */
  key: string;
}

type Json = Record<string, unknown>;

const MAX_CHANNELS = 1e5;
/** Continuous streams that no probe gives: analog and digital inputs, the headstage's orientation, the state of a buffer. */
const OTHER_STREAM = /(^|[^A-Za-z])ADC|DigitalI|AnalogI|MemoryMonitor|BNO055|NI-?DAQ/i;
const OTHER_CHANNEL = /^(ADC|AUX|AI|DI|TTL|PDI)[-_ ]?\d/i;
const SYNC_CHANNEL = /(^|_)SYNC$/i;
const LFP = /LFP?$/i;
const HIGHEST_LF_HZ = 5000;

/** The streams a structure.oebin lists; null when the file is none, whatever its name. Nothing is checked. */
export async function streamEntries(source: ByteSource): Promise<StreamEntry[] | null> {
  const json = await jsonIn(source);
  if (!json || !Array.isArray(json.continuous)) return null;
  if (typeof json["GUI version"] !== "string" && !("events" in json) && !("spikes" in json)) return null;
  return json.continuous.map((one: unknown) => {
    const stream = objectOf(one);
    const channels = Array.isArray(stream.channels) ? stream.channels.map(objectOf) : [];
    const names = channels.map((channel) => textOf(channel.channel_name));
    const isOther = OTHER_STREAM.test(
      `${textOf(stream.source_processor_name)} ${textOf(stream.stream_name)} ${folderNameOf(stream)}`,
    );
    return {
      folderName: folderNameOf(stream),
      nChannels: channels.length,
      band: bandOf(nameOf(stream), Number(stream.sample_rate), names),
      isNeural: channels.length === 0 || (!isOther && channels.some((c, i) => kindOf(names[i], c.type) === "neural")),
      key: JSON.stringify([
        stream.sample_rate,
        folderNameOf(stream),
        names,
        channels.map((c) => [c.bit_volts, c.units]),
      ]),
    };
  });
}

/** One stream of a structure.oebin that `streamEntries` knows. Throws AppError for what is missing or cannot be. */
export async function readStream(source: ByteSource, index: number): Promise<OeStream> {
  const { path } = source;
  const json = (await jsonIn(source)) ?? {};
  const all = json.continuous;
  const stream = objectOf(Array.isArray(all) ? all[index] : undefined);
  const folderName = folderNameOf(stream);
  const at = (key: string) => `${key} of ${folderName === "" ? `stream ${index}` : folderName}`;
  const rateHz = stream.sample_rate;
  if (typeof rateHz !== "number" || !(rateHz >= 1 && rateHz < 1e9))
    throw bad(path, at("sample_rate"), "a rate in Hz", rateHz);
  const { channels } = stream;
  if (!Array.isArray(channels) || channels.length === 0 || channels.length > MAX_CHANNELS) {
    throw bad(path, at("channels"), "a list of channels", Array.isArray(channels) ? channels.length : channels);
  }
  if (stream.num_channels !== undefined && stream.num_channels !== channels.length) {
    throw bad(path, at("num_channels"), `${channels.length}, the channels it lists`, stream.num_channels);
  }
  const name = nameOf(stream);
  const read = channels.map((channel, i) => readChannel(path, at(`channel ${i}`), objectOf(channel)));
  return {
    path,
    version: textOf(json["GUI version"]),
    folderName,
    name,
    processorId: processorOf(stream, folderName),
    rateHz,
    band: bandOf(
      name,
      rateHz,
      read.map((channel) => channel.name),
    ),
    channels: read,
  };
}

/** Rates and numbers of the streams of one processor, in the order before version 0.6 counted them. */
export async function streamsOfProcessor(
  source: ByteSource,
  id: number,
): Promise<{ folderName: string; rateHz: number }[]> {
  const { continuous } = (await jsonIn(source)) ?? {};
  const all = Array.isArray(continuous) ? continuous.map(objectOf) : [];
  return all
    .filter((stream) => processorOf(stream, folderNameOf(stream)) === id)
    .map((stream) => ({ folderName: folderNameOf(stream), rateHz: Number(stream.sample_rate) }))
    .sort((a, b) => a.folderName.localeCompare(b.folderName, "en", { numeric: true }));
}

function readChannel(path: string, where: string, channel: Json): OeChannel {
  const name = textOf(channel.channel_name);
  const kind = kindOf(name, channel.type);
  if (kind !== "neural") return { name, kind, uvPerBit: 1, electrode: undefined };
  const bitVolts = channel.bit_volts;
  const uvPerBit = Number(bitVolts) * uvOfUnit(path, where, channel.units);
  if (typeof bitVolts !== "number" || !(uvPerBit > 0 && uvPerBit < 1e6)) {
    throw bad(path, `bit_volts of ${where}`, "the µV of one bit", bitVolts);
  }
  return { name, kind, uvPerBit, electrode: electrodeOf(channel.channel_metadata) };
}

/** bit_volts is in µV where no unit stands, whatever its name says. */
function uvOfUnit(path: string, where: string, units: unknown): number {
  const text = textOf(units).trim();
  if (/^([uµμ]V|microvolts?)?$/i.test(text)) return 1;
  if (/^(mV|millivolts?)$/i.test(text)) return 1e3;
  if (/^(V|volts?)$/i.test(text)) return 1e6;
  throw bad(path, `units of ${where}`, "uV, mV, V or nothing", units);
}

/** `type` counts from version 0.6.7 on: 0 for electrodes, 1 for auxiliary and 2 for analog inputs. */
function kindOf(name: string, type: unknown): OeChannel["kind"] {
  if (SYNC_CHANNEL.test(name)) return "sync";
  const isOther = OTHER_CHANNEL.test(name) || (typeof type === "number" && type !== 0);
  return isOther ? "other" : "neural";
}

function electrodeOf(metadata: unknown): number | undefined {
  if (!Array.isArray(metadata)) return undefined;
  const field = metadata.map(objectOf).find((one) => textOf(one.identifier) === "neuropixels.electrode_index");
  const value: unknown = Array.isArray(field?.value) ? field.value[0] : field?.value;
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

function nameOf(stream: Json): string {
  return textOf(stream.stream_name) || folderNameOf(stream).replace(/^.*\./, "");
}

function bandOf(name: string, rateHz: number, channelNames: readonly string[]): OeStream["band"] {
  const isLf = LFP.test(name) || rateHz < HIGHEST_LF_HZ || channelNames.some((channel) => /^LFP?\d/i.test(channel));
  return isLf ? "lf" : "ap";
}

function processorOf(stream: Json, folderName: string): number {
  const id = stream.source_processor_id ?? /-(\d+)\./.exec(folderName)?.[1];
  return id === undefined || !Number.isSafeInteger(Number(id)) ? -1 : Number(id);
}

function folderNameOf(stream: Json): string {
  return textOf(stream.folder_name).replace(/[\\/]+$/, "");
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function bad(path: string, what: string, expected: string, value: unknown): AppError {
  const text = value === undefined ? "none" : (JSON.stringify(value) ?? "none");
  const found = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return new AppError("bad-file", `${path}: expected ${what} to be ${expected}, found ${found}.`, { path });
}

import type { XmlElement } from "@rgrove/parse-xml";
import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { headOf } from "../sniff.ts";

/** A site as settings.xml gives it; undefined for what it does not. */
export interface SettingsSite {
  shank: number | undefined;
  xUm: number | undefined;
  yUm: number | undefined;
  /** number over all shanks */
  electrode: number | undefined;
}

/** One enabled probe of a signal chain. */
export interface OeProbe {
  partNumber: string;
  serial: string;
  /** processor it is plugged into; −1 when the file does not say */
  processorId: number;
  /** what its streams may be called, less "-AP" and "-LFP"; by its position among the probes of its processor, last */
  names: string[];
  /** its position among the enabled probes of its processor */
  index: number;
  nOfProcessor: number;
  /** sites by channel of the probe, from 0 */
  sites: Map<number, SettingsSite>;
}

export interface Settings {
  path: string;
  version: string;
  probes: OeProbe[];
}

const MAX_BYTES = 64 * 1024 * 1024;
const PROBES = new Set(["NP_PROBE", "NEUROPIXELSV1E", "NEUROPIXELSV1F"]);

/** Whether a file is a settings.xml of Open Ephys, by content. Reads the first 4 kB. */
export async function isSettings(source: ByteSource): Promise<boolean> {
  if (source.size === 0 || source.size > MAX_BYTES) return false;
  return /<SETTINGS[\s>]/.test(new TextDecoder().decode(await headOf(source)));
}

/**
 * The probes of a settings.xml: NP_PROBE of Neuropix-PXI and OneBox, in the editor or, from version 1.0 on, below it; and
 * those of ONIX. Attributes are taken by name, never by order. Throws AppError when the text is no XML.
 */
export async function readSettings(source: ByteSource): Promise<Settings> {
  const { path } = source;
  const { parseXml, XmlElement, XmlError } = await import("@rgrove/parse-xml");
  const text = new TextDecoder().decode(await source.read(0, source.size));
  let root: XmlElement | null;
  try {
    root = parseXml(text).root;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const message = `${path}: expected XML, found text that cannot be parsed from line ${error.line} on.`;
    throw new AppError("bad-file", message, { path, line: error.line }, { cause: error });
  }
  const childrenOf = (element: XmlElement) => element.children.filter((child) => child instanceof XmlElement);
  const below = (element: XmlElement): XmlElement[] => childrenOf(element).flatMap((child) => [child, ...below(child)]);
  const all = root ? below(root) : [];
  const version = all.find(({ name }) => name === "VERSION")?.text.trim() ?? "";
  const probes = all
    .filter(({ name }) => name === "PROCESSOR")
    .flatMap((processor) => probesOf(processor, below(processor), childrenOf));
  return { path, version, probes };
}

function probesOf(
  processor: XmlElement,
  inside: readonly XmlElement[],
  childrenOf: (element: XmlElement) => XmlElement[],
): OeProbe[] {
  const elements = inside
    .flatMap((one) => {
      if (PROBES.has(one.name)) return [one];
      const isPair = one.name === "NEUROPIXELSV2E" && isEnabled(one);
      return isPair ? childrenOf(one).filter(({ name }) => /^PROBE\d$/.test(name)) : [];
    })
    .filter((one) => isEnabled(one) && partNumberOf(one) !== "");
  const streams = childrenOf(processor).filter(({ name }) => name === "STREAM");
  const bases = [...new Set(streams.map(({ attributes }) => baseOfStream(attributes.name ?? "")))];
  const isOnix = elements.some(({ name }) => name !== "NP_PROBE");
  const ofProbes = bases.filter((base) => (isOnix ? /Probe/i.test(base) : !/ADC/.test(base)));
  const id = processor.attributes.nodeId ?? processor.attributes.NodeId;
  return elements.map((element, index) => ({
    partNumber: partNumberOf(element),
    serial: element.attributes.probe_serial_number ?? element.attributes.probeSerialNumber ?? "",
    processorId: id === undefined ? -1 : Number(id),
    names: namesOf(element, ofProbes.length === elements.length ? ofProbes[index] : undefined),
    index,
    nOfProcessor: elements.length,
    sites: sitesOf(childrenOf(element)),
  }));
}

/** A stream's name less its band. */
export function baseOfStream(name: string): string {
  return name.replace(/[-_ ](AP|LFP?)$/i, "");
}

/** The name a person gave, the serial number, or slot, port and dock, whichever the naming scheme was; then the position. */
function namesOf({ attributes }: XmlElement, byPosition: string | undefined): string[] {
  const { custom_probe_name: custom, slot, port, dock, shank } = attributes;
  const serial = attributes.probe_serial_number ?? attributes.probeSerialNumber;
  const own = [custom, serial].flatMap((name) => (name ? [name] : []));
  // the four shanks of a Quad Base are streams of their own, and their probes may bear one name
  const ofShank = own.flatMap((name) => (shank === undefined ? [name] : [`${name}-${Number(shank) + 1}`]));
  const place = slot && port ? [`slot${slot}-port${port}-${dock ?? 1}`] : [];
  return [...ofShank, ...place, ...(byPosition === undefined ? [] : [byPosition])];
}

function isEnabled({ attributes }: XmlElement): boolean {
  return (attributes.isEnabled ?? "1") !== "0";
}

function partNumberOf({ attributes }: XmlElement): string {
  return attributes.probe_part_number ?? attributes.probePartNumber ?? "";
}

/**
 * CHANNELS (value "bank" or "bank:shank", or the shank behind the channel's number), ELECTRODE_XPOS and ELECTRODE_YPOS in
 * µm; newer versions write SELECTED_ELECTRODES instead. Channels that are not listed have no site.
 */
function sitesOf(children: readonly XmlElement[]): Map<number, SettingsSite> {
  const attributesOf = (name: string) => children.find((child) => child.name === name)?.attributes ?? {};
  const [x, y] = [attributesOf("ELECTRODE_XPOS"), attributesOf("ELECTRODE_YPOS")];
  const electrodes = attributesOf("SELECTED_ELECTRODES");
  const channels = attributesOf("CHANNELS");
  const sites = new Map<number, SettingsSite>();
  for (const key of new Set([...Object.keys(channels), ...Object.keys(electrodes)])) {
    const match = /^CH(\d{1,6})(?:_(\d{1,2}))?$/.exec(key);
    if (!match) continue;
    const shank = match[2] ?? /:(\d{1,2})$/.exec(channels[key] ?? "")?.[1];
    sites.set(Number(match[1]), {
      shank: shank === undefined ? undefined : Number(shank),
      xUm: numberIn(x[key]),
      yUm: numberIn(y[key]),
      electrode: numberIn(electrodes[key]),
    });
  }
  return sites;
}

/** No site lies a metre away: such a number is a damaged one. */
function numberIn(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return Math.abs(value) < 1e6 ? value : undefined;
}

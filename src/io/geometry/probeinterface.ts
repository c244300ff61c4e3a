import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { jsonIn } from "../sniff.ts";
import type { GeometryFile, GivenSites } from "./geometryFile.ts";

/** One contact of a probe, as the file states it, in µm. */
interface Contact {
  positionUm: [number, number];
  shankId: string;
  /** channel of the recording it is wired to; −1 for none, undefined when the file says nothing of wiring */
  channel: number | undefined;
  /** false for a reference or dead site */
  isConnected: boolean;
}

interface ProbeText {
  model: string;
  contacts: Contact[];
}

const UM_OF_UNIT: Record<string, number> = { um: 1, µm: 1, mm: 1e3, m: 1e6 };

/**
 * A probe or a group of probes written by SpikeInterface/probeinterface, known by `"specification": "probeinterface"`
 * whatever its name; null for any other file. The sites are checked when a recording asks for them.
 */
export async function readProbeinterface(source: ByteSource): Promise<GeometryFile | null> {
  if (!/\.json$/i.test(source.path)) return null;
  const json = await jsonIn(source);
  if (json?.specification !== "probeinterface") return null;
  return { source, sitesFor: (nChannels) => sitesFor(source.path, json.probes, nChannels) };
}

/**
 * The contacts in the order of the channels they are wired to (`device_channel_indices`), unconnected ones left out. Of
 * several probes, the one of as many wired contacts as the recording has channels (null: there must be only one). Without wiring, contact i is channel i.
 */
function sitesFor(path: string, probes: unknown, nChannels: number | null): GivenSites {
  if (!Array.isArray(probes) || probes.length === 0) throw bad(path, "a list of probes", "none");
  const all = probes.map((probe) => parseProbe(path, probe));
  const wired = all.map(({ contacts }) => contacts.filter(({ channel }) => channel !== -1));
  const fitting = wired.flatMap((contacts, i) => (contacts.length === (nChannels ?? contacts.length) ? [i] : []));
  if (fitting.length === 0) {
    const [only] = all.length === 1 ? wired : [];
    const isWhole = only && only.length > (nChannels ?? 0) && only.every(({ channel }) => channel === undefined);
    const advice =
      " without a wiring: set device_channel_indices in the file, or choose a part number for the wiring it starts with";
    const found = wired.map((contacts) => contacts.length).join(" and ") + (isWhole ? advice : "");
    throw bad(path, `a probe of ${nChannels} connected contacts, one for each neural channel`, found);
  }
  if (fitting.length > 1) {
    const which = nChannels === null ? "one probe" : `one probe of ${nChannels} contacts`;
    const message = `${path}: expected ${which}, found ${fitting.length}; keep only the probe of this recording in the file.`;
    throw new AppError("ambiguous", message, { path, found: fitting.length });
  }
  const [chosen] = fitting;
  return { model: all[chosen].model, ...inChannelOrder(path, wired[chosen]) };
}

/** The contacts of one probe of a group that are connected, and the channel of each, ascending. */
export interface WiredProbe {
  sites: GivenSites;
  /** as the file numbers them: over all probes of the group; without wiring, contacts are counted through the group */
  channels: number[];
}

/** Every probe of a group that has connected contacts. Throws AppError where the text is no list of probes. */
export function wiredProbes(path: string, probes: unknown): WiredProbe[] {
  if (!Array.isArray(probes) || probes.length === 0) throw bad(path, "a list of probes", "none");
  const found: WiredProbe[] = [];
  let nBefore = 0;
  for (const { model, contacts } of probes.map((probe) => parseProbe(path, probe))) {
    const wired = contacts.filter(({ channel }) => channel !== -1);
    const first = nBefore;
    nBefore += contacts.length;
    if (wired.length === 0) continue;
    const channels = wired.map(({ channel }, i) => channel ?? first + i).sort((a, b) => a - b);
    found.push({ sites: { model, ...inChannelOrder(path, wired) }, channels });
  }
  return found;
}

function inChannelOrder(path: string, contacts: readonly Contact[]): Omit<GivenSites, "model"> {
  const notes: string[] = [];
  if (contacts.every(({ channel }) => channel === undefined)) {
    notes.push(`${path}: there is no wiring (device_channel_indices), so contact 0 was taken as channel 0, and so on.`);
  } else if (new Set(contacts.map(({ channel }) => channel)).size < contacts.length) {
    throw bad(path, "each channel once in device_channel_indices", "one of them twice");
  }
  const sorted = [...contacts].sort((a, b) => (a.channel ?? 0) - (b.channel ?? 0));
  const ids = [...new Set(contacts.map(({ shankId }) => shankId))];
  ids.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return {
    nShanks: ids.length,
    positionsUm: sorted.map(({ positionUm }) => positionUm),
    shank: sorted.map(({ shankId }) => ids.indexOf(shankId)),
    connected: sorted.map(({ isConnected }) => isConnected),
    notes,
  };
}

function parseProbe(path: string, probe: unknown): ProbeText {
  const fields: Record<string, unknown> = isObject(probe) ? probe : {};
  if (fields.ndim !== undefined && fields.ndim !== 2) {
    throw bad(path, "a probe of two dimensions (ndim 2)", String(fields.ndim));
  }
  const scale = UM_OF_UNIT[String(fields.si_units)];
  if (scale === undefined) throw bad(path, "si_units of um or mm", inWords(fields.si_units));
  const positions = fields.contact_positions;
  if (!Array.isArray(positions)) throw bad(path, "a list of contact_positions", inWords(positions));
  const n = positions.length;
  const shankIds = optionalList(path, fields, "shank_ids", n);
  const channels = optionalList(path, fields, "device_channel_indices", n);
  const notes = isObject(fields.contact_annotations) ? fields.contact_annotations : {};
  const connected = optionalList(path, notes, "connected", n);
  const contacts = positions.map((position, i) => {
    if (!isPair(position)) throw bad(path, "x and y of every contact", `${inWords(position)} for contact ${i}`);
    const channel = channels?.[i];
    if (channel !== undefined && !Number.isSafeInteger(channel)) {
      throw bad(path, "whole numbers in device_channel_indices", inWords(channel));
    }
    const positionUm: [number, number] = [position[0] * scale, position[1] * scale];
    const isConnected = connected?.[i] !== false;
    return { positionUm, shankId: String(shankIds?.[i] ?? ""), channel: channel as number | undefined, isConnected };
  });
  const annotations = isObject(fields.annotations) ? fields.annotations : {};
  const model = annotations.model_name ?? annotations.name;
  return { model: typeof model === "string" ? model : "", contacts };
}

function optionalList(path: string, fields: Record<string, unknown>, key: string, n: number): unknown[] | undefined {
  const list = fields[key];
  if (list === undefined || list === null) return undefined;
  if (Array.isArray(list) && list.length === n) return list;
  throw bad(path, `${n} ${key}, one for each contact`, Array.isArray(list) ? String(list.length) : inWords(list));
}

function isPair(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value in a sentence, never longer than a line. */
function inWords(value: unknown): string {
  if (value === undefined || value === null) return "none";
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function bad(path: string, expected: string, found: string): AppError {
  return new AppError("bad-file", `${path}: expected ${expected}, found ${found}.`, { path });
}

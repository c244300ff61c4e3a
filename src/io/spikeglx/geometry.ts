import { AppError } from "../../core/errors.ts";
import type { ProbeSites } from "../../core/types.ts";
import { listOf, type Meta, numbersIn, optionalNumber } from "./meta.ts";
import { type ProbeFacts, partNumberOfType, phase3a, probeByPartNumber } from "./probeTable.ts";
import type { SavedChannels } from "./ranges.ts";

/** Which probe a description is of; `facts` is undefined for one that is not in the table. */
export interface ProbeName {
  partNumber: string;
  model: string;
  facts: ProbeFacts | undefined;
}

/**
 * The part number counts, then the type (an early Ultra says type 0); neither, with imProbeOpt, is Phase 3A. A part number we
 * do not know is read as its type, and `warnings` says so.
 */
export function probeOf(meta: Meta, warnings: string[]): ProbeName {
  const partNumber = meta.values.get("imDatPrb_pn") ?? "";
  const type = optionalNumber(meta, "imDatPrb_type", 0);
  const own = probeByPartNumber(partNumber);
  if (own) return { partNumber, model: own.model, facts: own };
  const option = optionalNumber(meta, "imProbeOpt", 0);
  if (partNumber === "" && type === undefined && option !== undefined) {
    const facts = phase3a(option);
    return { partNumber, model: facts.model, facts };
  }
  const stand = type === undefined ? "" : partNumberOfType(type);
  const facts = probeByPartNumber(stand);
  if (partNumber === "" && facts) return { partNumber: stand, model: facts.model, facts };
  const found = partNumber === "" ? "no part number" : `the part number "${partNumber}"`;
  const readAs = facts ? `read as type ${type} (${facts.model})` : "read without knowledge of the probe";
  warnings.push(`${meta.path}: expected a probe of our table, found ${found}; ${readAs}.`);
  return { partNumber, model: facts?.model ?? (partNumber || "unknown probe"), facts };
}

export interface Site {
  shank: number;
  xUm: number;
  yUm: number;
  isUsed: boolean;
}

/**
 * Where each saved channel lies. ~snsGeomMap says it in µm per shank; ~snsShankMap in columns and rows, which the probe's
 * pitches turn into µm; without either, the sites selected in ~imroTbl. When nothing tells, positions stay empty. Throws AppError for a map that does not fit the channels.
 */
export function probeSites(meta: Meta, saved: SavedChannels, name: ProbeName): ProbeSites {
  const { partNumber, model, facts } = name;
  const geom = listOf(meta, "~snsGeomMap");
  const shanks = listOf(meta, "~snsShankMap");
  const [nShanksInMap] = numbersIn(geom.length > 0 ? geom[0].replace(/^[^,]*,/, "") : (shanks[0] ?? ""));
  let sites: Site[] | null = null;
  if (geom.length > 1) sites = fromGeomMap(meta, geom, saved);
  else if (shanks.length > 1 && facts) sites = fromShankMap(meta, shanks, saved, facts);
  else if (facts) sites = fromImro(meta, saved, facts);
  return {
    model,
    partNumber,
    nShanks: Math.max(1, facts?.nShanks ?? 0, isCount(nShanksInMap) ? nShanksInMap : 0),
    positionsUm: (sites ?? []).map(({ xUm, yUm }) => [xUm, yUm]),
    shank: (sites ?? []).map(({ shank }) => shank),
    connected: (sites ?? []).map(({ isUsed }) => isUsed),
  };
}

/** Header (part, shanks, shank pitch, shank width); sites (shank:x:z:used), x from the left edge of its own shank. */
function fromGeomMap(meta: Meta, [header, ...entries]: string[], saved: SavedChannels): Site[] {
  const pitchUm = Number(header.split(",")[2]);
  return siteRows(meta, "~snsGeomMap", entries, saved).map(([shank, x, z, used]) => {
    if (!isPlausible(pitchUm)) throw misfit(meta, "~snsGeomMap", "a shank pitch first", `"(${header.slice(0, 40)})"`);
    return { shank, xUm: x + shank * pitchUm, yUm: z, isUsed: used !== 0 };
  });
}

/**
 * Header (shanks, columns, rows); sites (shank:col:row:used). Early versions wrote the map of a 2-column probe for every
 * probe: then column and row only count sites, and the probe's own columns say where they lie.
 */
function fromShankMap(meta: Meta, [header, ...entries]: string[], saved: SavedChannels, facts: ProbeFacts): Site[] {
  const nColsInMap = numbersIn(header)[1];
  if (!(isCount(nColsInMap) && nColsInMap >= 1))
    throw misfit(meta, "~snsShankMap", "shanks, columns and rows first", `"(${header.slice(0, 40)})"`);
  return siteRows(meta, "~snsShankMap", entries, saved).map(([shank, col, row, used]) =>
    siteAt(facts, shank, row * nColsInMap + col, used !== 0),
  );
}

/** The sites selected: (channel bank …), (channel bankMask ref electrode) or (channel shank bank ref electrode). */
function fromImro(meta: Meta, saved: SavedChannels, facts: ProbeFacts): Site[] | null {
  const rows = listOf(meta, "~imroTbl").slice(1).map(numbersIn);
  if (rows.length === 0 || facts.imro === "group") return null;
  const byChannel = new Map(rows.map((row) => [row[0], row]));
  return saved.channel.map((channel) => {
    const row = byChannel.get(channel) ?? [];
    const [shank, electrode] = {
      bank: [0, row[1] * facts.nReadout + channel],
      electrode: [0, row[3]],
      shankElectrode: [row[1], row[4]],
    }[facts.imro as "bank" | "electrode" | "shankElectrode"];
    if (!isCount(shank) || !isCount(electrode)) throw misfit(meta, "~imroTbl", `a site for channel ${channel}`, "none");
    return siteAt(facts, shank, electrode, channel !== facts.refChannel);
  });
}

/** Where a site of a shank lies: sites are numbered from the left, then upwards. */
export function siteAt(facts: ProbeFacts, shank: number, electrode: number, isUsed: boolean): Site {
  const row = Math.floor(electrode / facts.nCols);
  const offsetUm = row % 2 === 0 ? facts.evenRowXUm : facts.oddRowXUm;
  const xUm = offsetUm + (electrode % facts.nCols) * facts.pitchXUm + shank * facts.shankPitchUm;
  return { shank, xUm, yUm: row * facts.pitchYUm, isUsed };
}

/** One row of four numbers per neural channel. A map of all acquired channels is cut down to the saved ones. */
function siteRows(meta: Meta, key: string, entries: readonly string[], saved: SavedChannels): number[][] {
  const { nChannels, channel } = saved;
  const own = entries.length === nChannels ? entries : channel.map((c) => entries[c]);
  if (own.some((entry) => entry === undefined)) throw misfit(meta, key, `${nChannels} sites`, String(entries.length));
  return own.map((entry) => {
    const row = numbersIn(entry);
    if (row.length === 4 && row.every(isPlausible) && isCount(row[0])) return row;
    throw misfit(meta, key, "four numbers per site", `"(${entry.slice(0, 40)})"`);
  });
}

/** No probe has a million sites, or one a metre away: such a number is a damaged one. */
const MAX_PLAUSIBLE = 1e6;

function isPlausible(value: number): boolean {
  return Math.abs(value) < MAX_PLAUSIBLE;
}

function isCount(value: number | undefined): boolean {
  return Number.isInteger(value) && value! >= 0 && value! < MAX_PLAUSIBLE;
}

function misfit(meta: Meta, key: string, expected: string, found: string): AppError {
  return new AppError("bad-file", `${meta.path}: expected ${expected} in ${key}, found ${found}.`, {
    path: meta.path,
    key,
  });
}

import type { ProbeSites } from "../../core/types.ts";
import { unknownProbe } from "../geometry/unknownProbe.ts";
import { delaysOfProbe } from "../spikeglx/delays.ts";
import { type Site, siteAt } from "../spikeglx/geometry.ts";
import { type ProbeFacts, probeByPartNumber } from "../spikeglx/probeTable.ts";
import { channelNumbers } from "./channelNumbers.ts";
import type { OeChannel, OeStream } from "./oebin.ts";
import type { OeProbe, Settings, SettingsSite } from "./settings.ts";

/** Sites on one shank of every probe that has more than one. */
const SITES_PER_SHANK = 1280;
/** µm by which the plugin's columns stood left of the maker's before it took over their origin: none, 2.0, Ultra. */
const KNOWN_SHIFTS_UM = [0, 19, 2];
const MAX_RESIDUAL_UM = 1;

/** Where and when the channels of a stream were sampled. */
export interface SampledAt {
  /** neural channels that have a site, as indices into those given; all where positions are not known */
  kept: number[];
  probe: ProbeSites;
  /** [kept] as in a Recording */
  delaySamples: Float64Array;
}

/**
 * Sites and delays of the neural channels of a stream, by the name each channel bears. The number of its site counts where
 * structure.oebin has it, else where settings.xml has it, else the position in settings.xml, which is turned into that
 * number, so that a probe has the same sites whichever program recorded it. `warnings` takes what is not known.
 */
export function sampledAt(
  stream: OeStream,
  neural: readonly OeChannel[],
  found: { settings: Settings; probe: OeProbe } | null,
  warnings: string[],
): SampledAt {
  if (!found) return nowhere(neural.length);
  const { settings, probe } = found;
  const facts = probeByPartNumber(probe.partNumber);
  if (!facts) {
    warnings.push(
      `${settings.path}: expected a probe of our table, found the part number "${probe.partNumber}"; read without knowledge of the probe.`,
    );
  }
  const numbers = channelNumbers(stream, neural, probe, warnings);
  const all = sitesOf(stream, neural, numbers, settings, probe, facts, warnings);
  const kept = all.flatMap((site, i) => (site ? [i] : []));
  const without = neural.filter((_, i) => !all[i]).map(({ name }) => name);
  if (kept.length === 0) return { ...nowhere(neural.length), probe: { ...nowhere(0).probe, ...nameOf(probe, facts) } };
  if (without.length > 0) {
    const names =
      without.length > 3 ? `${without.slice(0, 3).join(", ")} and ${without.length - 3} more` : without.join(", ");
    warnings.push(`${settings.path}: expected a site for every channel, found none for ${names}; left out.`);
  }
  const sites = kept.flatMap((i) => all[i] ?? []);
  const keptNumbers = kept.map((i) => numbers[i]);
  const perConverter = facts?.channelsPerAdc ?? 0;
  return {
    kept,
    probe: {
      ...nameOf(probe, facts),
      nShanks: Math.max(facts?.nShanks ?? 1, ...sites.map(({ shank }) => shank + 1)),
      positionsUm: sites.map(({ xUm, yUm }) => [xUm, yUm]),
      shank: sites.map(({ shank }) => shank),
      connected: keptNumbers.map((channel) => channel !== facts?.refChannel),
    },
    delaySamples: perConverter === 0 ? new Float64Array(0) : delaysOfProbe(keptNumbers, perConverter, stream.band),
  };
}

function nameOf({ partNumber }: OeProbe, facts: ProbeFacts | undefined): Pick<ProbeSites, "model" | "partNumber"> {
  return { model: facts?.model ?? (partNumber || "unknown probe"), partNumber };
}

function nowhere(nChannels: number): SampledAt {
  return {
    kept: Array.from({ length: nChannels }, (_, i) => i),
    probe: unknownProbe(),
    delaySamples: new Float64Array(0),
  };
}

type Sites = (Site | undefined)[];

function sitesOf(
  stream: OeStream,
  neural: readonly OeChannel[],
  numbers: readonly number[],
  settings: Settings,
  probe: OeProbe,
  facts: ProbeFacts | undefined,
  warnings: string[],
): Sites {
  const listed = numbers.map((channel) => probe.sites.get(channel));
  const stated = neural.map(({ electrode }) => electrode);
  const chosen = listed.map((site) => site?.electrode);
  const positions = listed.map((site) => positionOf(site, settings, facts));
  if (!facts) return positions;
  const byPosition = electrodesAt(positions, facts);
  const [own, beside] = [stated, chosen, byPosition ?? []].filter((list) => list.some((e) => e !== undefined));
  if (!own) {
    if (positions.some(Boolean)) {
      warnings.push(
        `${settings.path}: expected the positions of ${facts.model} (${probe.partNumber}), found others; they are taken as they stand.`,
      );
    }
    return positions;
  }
  const nOther = beside?.filter((e, i) => e !== undefined && own[i] !== undefined && e !== own[i]).length ?? 0;
  if (nOther > 0) {
    const source = own === stated ? stream.path : "SELECTED_ELECTRODES";
    warnings.push(`${settings.path}: ${nOther} channels have other sites there than by ${source}, which counts.`);
  }
  const sites = own.map((electrode) => siteOfElectrode(electrode, facts));
  return sites.some((site, i) => own[i] !== undefined && !site) ? positions : sites;
}

/** Numbers count on from shank to shank; undefined for one that this probe does not have. */
function siteOfElectrode(electrode: number | undefined, facts: ProbeFacts): Site | undefined {
  if (electrode === undefined || !Number.isInteger(electrode) || electrode < 0) return undefined;
  const shank = facts.nShanks > 1 ? Math.floor(electrode / SITES_PER_SHANK) : 0;
  const ofShank = facts.nShanks > 1 ? electrode % SITES_PER_SHANK : electrode;
  const isThere = shank < facts.nShanks && ofShank < 1e5;
  return isThere ? siteAt(facts, shank, ofShank, true) : undefined;
}

/**
 * Positions as the file states them, without the shank's pitch that versions before 0.6 added to the depth of sites on
 * further shanks (as SpikeInterface/probeinterface corrects it).
 */
function positionOf(
  site: SettingsSite | undefined,
  settings: Settings,
  facts: ProbeFacts | undefined,
): Site | undefined {
  if (site?.xUm === undefined || site.yUm === undefined) return undefined;
  const pitchUm = facts?.shankPitchUm ?? 0;
  const shank = site.shank ?? (pitchUm > 0 ? Math.max(0, Math.floor(site.xUm / pitchUm)) : 0);
  const yUm = isBefore06(settings.version) ? site.yUm - pitchUm * shank : site.yUm;
  return { shank, xUm: site.xUm, yUm, isUsed: true };
}

function isBefore06(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return major === 0 && minor < 6;
}

/** The numbers of the sites at these positions; null when they do not all lie on the probe's grid, shifted as it may be. */
function electrodesAt(positions: Sites, facts: ProbeFacts): (number | undefined)[] | null {
  const first = positions.find((site) => site !== undefined);
  if (!first) return null;
  const local = ({ xUm, yUm, shank }: Site) => {
    const row = Math.round(yUm / facts.pitchYUm);
    return { row, xUm: xUm - shank * facts.shankPitchUm - (row % 2 === 0 ? facts.evenRowXUm : facts.oddRowXUm) };
  };
  const columns = Array.from({ length: facts.nCols }, (_, column) => column * facts.pitchXUm - local(first).xUm);
  const shifts = [...KNOWN_SHIFTS_UM, ...columns.sort((a, b) => Math.abs(a) - Math.abs(b))];
  for (const shiftUm of shifts) {
    const numbers = positions.map((site) => {
      if (!site) return undefined;
      const { row, xUm } = local(site);
      const column = facts.pitchXUm === 0 ? 0 : Math.round((xUm + shiftUm) / facts.pitchXUm);
      const isOnGrid =
        Math.abs(site.yUm - row * facts.pitchYUm) <= MAX_RESIDUAL_UM &&
        Math.abs(xUm + shiftUm - column * facts.pitchXUm) <= MAX_RESIDUAL_UM;
      const isThere = row >= 0 && column >= 0 && column < facts.nCols && site.shank < facts.nShanks;
      const firstOfShank = facts.nShanks > 1 ? site.shank * SITES_PER_SHANK : 0;
      return isOnGrid && isThere ? firstOfShank + row * facts.nCols + column : Number.NaN;
    });
    if (!numbers.some((number) => Number.isNaN(number))) return numbers;
  }
  return null;
}

import type { ProbeSites } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";
import type { Column } from "../columns.ts";
import { readColumn } from "../columns.ts";
import { foldersUpwards } from "../geometry/beside.ts";
import { readChannelLocations } from "../geometry/channelLocations.ts";
import { arrayFile, ifReadable, requireSameRows } from "./attributes.ts";
import type { AlfSet } from "./names.ts";

/** Sites of one shank lie within 60 µm across; shanks are 150 µm or more apart. */
const SHANK_GAP_UM = 100;

/** Where the channels lie, and which the peak channel of each unit is. */
export interface AlfProbe {
  positionsUm?: ProbeSites["positionsUm"];
  /** [nChannels] shank of each channel */
  shank?: number[];
  /** [N] of each spike, the peak channel of its unit */
  channel?: Column;
  /** [N] */
  spikeShank?: Column;
  files: ByteSource[];
}

/** The set whose channels.* belong to these spikes: their own folder, else the nearest above. */
export function channelsSet(set: AlfSet, sets: readonly AlfSet[]): AlfSet {
  const has = (one: AlfSet | undefined) => one && [...one.chosen.keys()].some((key) => key.startsWith("channels."));
  for (const folder of [...foldersUpwards(set.folder), ""]) {
    const here = sets.filter((one) => one.folder === folder);
    const found = here.find(({ label }) => label === set.label) ?? here.find(({ label }) => label === "");
    if (found && has(found)) return found;
  }
  return set;
}

/**
 * Channels and shanks, as far as channels.* and clusters.* tell them; what does not fit is left out with a warning. ALF has no channel
 * of a spike, so it gets the one where the waveform of its unit is largest (clusters.channels).
 */
export async function alfProbe(
  set: AlfSet,
  channels: AlfSet,
  unit: Column | undefined,
  warnings: string[],
): Promise<AlfProbe> {
  const files: ByteSource[] = [];
  const ownChannels = unit && arrayFile(set, "clusters.channels");
  const peak =
    ownChannels &&
    (await ifReadable(warnings, "spikes have no channel", async () => {
      await requireSameRows(set, "clusters");
      return readColumn(ownChannels);
    }));
  const channel = peak && unit ? lookUp(peak, unit, "spikes have no channel", warnings) : undefined;
  if (ownChannels && channel) files.push(ownChannels);
  const coordinates = arrayFile(channels, "channels.localCoordinates");
  const located =
    coordinates &&
    (await ifReadable(warnings, "contacts are unknown", async () => {
      await requireSameRows(channels, "channels");
      return readChannelLocations(coordinates);
    }));
  if (!coordinates || !located) return { files, ...(channel ? { channel } : {}) };
  files.push(coordinates);
  const { positionsUm } = located;
  const outside = channel?.values.find((c) => !(c >= 0 && c < positionsUm.length));
  if (outside !== undefined) {
    warnings.push(
      `${channel?.path}: expected channels below ${positionsUm.length}, the rows of ${coordinates.path}, found ${outside}; spikes have no channel.`,
    );
    return { positionsUm, files };
  }
  const shank = await shanksOf(channels, positionsUm, files, warnings);
  const spikeShank = shank && channel && { path: channel.path, values: channel.values.map((c) => shank[c]) };
  return {
    positionsUm,
    files,
    ...(shank ? { shank } : {}),
    ...(channel ? { channel } : {}),
    ...(spikeShank ? { spikeShank } : {}),
  };
}

/** A value of each unit, for each spike. */
function lookUp(ofUnits: Column, unit: Column, otherwise: string, warnings: string[]): Column | undefined {
  const { path, values } = ofUnits;
  const missing = unit.values.find((id) => !(id >= 0 && id < values.length));
  if (missing === undefined) return { path, values: unit.values.map((id) => values[id]) };
  warnings.push(`${path}: expected a row for every unit, found ${values.length} and unit ${missing}; ${otherwise}.`);
  return undefined;
}

/** Shank of each channel from 0: as channels.shanks says, else by gaps across the probe; undefined for one. */
async function shanksOf(
  channels: AlfSet,
  positionsUm: ProbeSites["positionsUm"],
  files: ByteSource[],
  warnings: string[],
): Promise<number[] | undefined> {
  const source = arrayFile(channels, "channels.shanks");
  const stated = source && (await ifReadable(warnings, "shanks are told by position", () => readColumn(source)));
  if (source && stated?.values.every(Number.isSafeInteger)) {
    files.push(source);
    const ids = [...new Set(stated.values)].sort((a, b) => a - b);
    return ids.length > 1 ? [...stated.values].map((id) => ids.indexOf(id)) : undefined;
  }
  const across = [...new Set(positionsUm.map(([x]) => x))].sort((a, b) => a - b);
  const starts = across.filter((x, i) => i === 0 || x - across[i - 1] > SHANK_GAP_UM);
  if (starts.length < 2) return undefined;
  warnings.push(
    `${starts.length} shanks were told by the gaps across channels.localCoordinates, as no channels.shanks.npy names them.`,
  );
  return positionsUm.map(([x]) => starts.findLastIndex((start) => x >= start));
}

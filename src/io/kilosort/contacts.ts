import { AppError } from "../../core/errors.ts";
import type { ProbeSites } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";
import { requireEqualLengths, requireFinite } from "../columns.ts";
import type { Folder } from "../drop.ts";
import { unknownProbe } from "../geometry/unknownProbe.ts";
import { readNpyRows } from "../npy/rows.ts";
import { headerOf, readVector, requireIndices } from "./arrays.ts";

/** The channels a sorter used, in its own order: everything else in its folder counts them by their place in this list. */
export interface Contacts {
  sites: ProbeSites;
  /** [C] column of each in the raw file; null where nobody says */
  channelMap: Float64Array | null;
  files: ByteSource[];
}

const SHANKS = ["channel_shanks.npy", "channel_shank.npy", "shanks.npy"];

/**
 * channel_positions.npy (C, 2) µm, channel_map.npy (C,) and the shank of each channel, which may be numbered in any way.
 * Null where there are no positions. Throws AppError when the three disagree.
 */
export async function readContacts({ files }: Folder): Promise<Contacts | null> {
  const source = files.get("channel_positions.npy");
  if (!source) return null;
  const header = await headerOf(source, 2, "channels, 2");
  const [nChannels, nColumns] = header.shape;
  if (nColumns < 2) {
    throw new AppError("bad-file", `${source.path}: expected x and y of each channel, found ${nColumns} column.`, {
      path: source.path,
    });
  }
  const values = await readNpyRows(source, header, 0, nChannels);
  requireFinite({ path: source.path, values });
  const positionsUm = Array.from({ length: nChannels }, (_, c): [number, number] => [
    values[c * nColumns],
    values[c * nColumns + 1],
  ]);
  const asColumn = { path: source.path, values: new Float64Array(nChannels) };
  const mapFile = files.get("channel_map.npy");
  const map = mapFile ? await readVector(mapFile) : null;
  if (map) {
    requireEqualLengths([asColumn, map], "channels");
    requireIndices(map, 1e6, "columns of the raw file");
  }
  const shankFile = SHANKS.flatMap((name) => files.get(name) ?? [])[0];
  const shank = shankFile ? await readVector(shankFile) : null;
  if (shank) {
    requireEqualLengths([asColumn, shank], "channels");
    requireFinite(shank);
  }
  return {
    sites: sitesOf(positionsUm, shank?.values ?? new Float64Array(nChannels)),
    channelMap: map?.values ?? null,
    files: [source, ...(mapFile ? [mapFile] : []), ...(shankFile ? [shankFile] : [])],
  };
}

/** Shanks from 0 in the order of their numbers: MATLAB counts from 1. */
function sitesOf(positionsUm: [number, number][], shank: Float64Array): ProbeSites {
  const numbers = [...new Set(shank)].sort((a, b) => a - b);
  const rank = new Map(numbers.map((number, i) => [number, i]));
  return {
    ...unknownProbe(positionsUm),
    nShanks: Math.max(1, numbers.length),
    shank: Array.from(shank, (number) => rank.get(number) ?? 0),
  };
}

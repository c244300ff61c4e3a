import { AppError } from "../../core/errors.ts";
import { type ByteSource, baseName } from "../byteSource.ts";
import { readTable, requireFinite } from "../columns.ts";
import type { GeometryFile } from "./geometryFile.ts";

/** x and y of each channel in µm. */
export interface ChannelLocations {
  path: string;
  positionsUm: [xUm: number, yUm: number][];
}

/** A whole channel_locations.npy, (C, 2) in µm. Throws AppError for any other shape and for NaN. */
export async function readChannelLocations(source: ByteSource): Promise<ChannelLocations> {
  const { path } = source;
  const table = await readTable(source);
  const { values, nRows, nColumns } = table;
  if (nColumns !== 2) {
    const message = `${path}: expected x and y of each channel in µm, shape (C, 2), found shape (${nRows}, ${nColumns}).`;
    throw new AppError("bad-file", message, { path });
  }
  requireFinite({ path, values });
  return {
    path,
    positionsUm: Array.from({ length: nRows }, (_, c) => [values[2 * c], values[2 * c + 1]]),
  };
}

/**
 * A channel_locations.npy or geometry_xy.npy (whatever stands before the name) as a geometry; null for any other name. It
 * tells nothing of shanks: every channel counts as on the first.
 */
export async function channelLocationsFile(source: ByteSource): Promise<GeometryFile | null> {
  if (!/(channel_locations|geometry_xy)\.npy$/i.test(baseName(source.path))) return null;
  const outcome = await readChannelLocations(source).catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  const { path } = source;
  return {
    source,
    sitesFor(nChannels) {
      if (outcome instanceof AppError) throw outcome;
      const { positionsUm } = outcome;
      if (nChannels !== null && positionsUm.length !== nChannels) {
        const message = `${path}: expected the positions of ${nChannels} neural channels, found ${positionsUm.length}.`;
        throw new AppError("bad-file", message, { path });
      }
      const [shank, connected] = [positionsUm.map(() => 0), positionsUm.map(() => true)];
      return { model: "", nShanks: 1, positionsUm, shank, connected, notes: [] };
    },
  };
}

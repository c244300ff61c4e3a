import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { readColumn, readTable } from "../columns.ts";
import type { Folder } from "../drop.ts";

/** The properties of channels that are read, one entry per saved channel; null where there is none that can be read. */
export interface ChannelProperties {
  gainUv: number[] | null;
  offsetUv: number[] | null;
  shiftSamples: number[] | null;
  group: number[] | null;
  locationUm: [xUm: number, yUm: number][] | null;
}

/**
 * Of SpikeInterface's folder `properties`. A file of Python objects, of another shape or with NaN is left out with a warning.
 */
export async function channelProperties(
  folder: Folder | undefined,
  nSaved: number,
  warnings: string[],
): Promise<ChannelProperties> {
  const column = (name: string) => optional(folder?.files.get(`${name}.npy`), nSaved, warnings, oneColumn);
  return {
    gainUv: await column("gain_to_uV"),
    offsetUv: await column("offset_to_uV"),
    shiftSamples: await column("inter_sample_shift"),
    group: await column("group"),
    locationUm: await optional(folder?.files.get("location.npy"), nSaved, warnings, twoColumns),
  };
}

async function oneColumn(source: ByteSource): Promise<number[]> {
  return [...(await readColumn(source)).values];
}

/** x and y; a third dimension is left out. */
async function twoColumns(source: ByteSource): Promise<[number, number][]> {
  const { path, values, nRows, nColumns } = await readTable(source);
  if (nColumns < 2 || nColumns > 3) {
    throw new AppError("bad-file", `${path}: expected x and y of each channel, found ${nColumns} columns.`, { path });
  }
  return Array.from({ length: nRows }, (_, row) => [values[row * nColumns], values[row * nColumns + 1]]);
}

async function optional<T extends number | [number, number]>(
  source: ByteSource | undefined,
  nSaved: number,
  warnings: string[],
  read: (source: ByteSource) => Promise<T[]>,
): Promise<T[] | null> {
  if (!source) return null;
  const { path } = source;
  let found: T[];
  try {
    found = await read(source);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warnings.push(error.message.replace(/\.$/, "; the property was left out."));
    return null;
  }
  if (found.length !== nSaved) {
    warnings.push(
      `${path}: expected one row for each of ${nSaved} channels, found ${found.length}; the property was left out.`,
    );
    return null;
  }
  if (found.flat().every(Number.isFinite)) return found;
  warnings.push(`${path}: expected finite numbers, found NaN or infinity; the property was left out.`);
  return null;
}

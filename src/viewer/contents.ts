import { unzlibSync } from "fflate";
import { AppError, messageOf } from "../core/errors.ts";
import type { SpikeTable } from "../core/types.ts";
import type { PageContents, PagePositions } from "../protocol/interactivePage.ts";
import { unpackTree } from "../protocol/packedTree.ts";
import type { PlacedSpikes } from "../protocol/pictures.ts";
import type { SpikeWaveform } from "../protocol/recordings.ts";
import { waveformIn } from "../protocol/waveformBlock.ts";

/** What the page carries, from the base64 that it was written with. Throws AppError bad-file when it is not whole. */
export function readContents(base64: string): PageContents {
  try {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return unpackTree(unzlibSync(bytes)) as PageContents;
  } catch (error) {
    const message = `This page is not whole: its data cannot be read (${messageOf(error)}); export it again or copy it anew.`;
    throw new AppError("bad-file", message, {}, { cause: error });
  }
}

/** Positions of an id. */
export function positionsOf({ positions }: PageContents, id: string): PagePositions {
  return positions.find((one) => one.id === id) ?? positions[0];
}

/** [n] α by the localizer whose α the colours of these positions are; null when none is known. */
function alphaOf(contents: PageContents, { alphaOf: id, logAlpha }: PagePositions): Float64Array | null {
  const values = logAlpha ?? contents.positions.find((one) => one.id === id)?.logAlpha;
  return values ? Float64Array.from(values, (log) => 10 ** log) : null;
}

/** Title of the localizer whose α these positions are coloured by; null when none is known. */
export function alphaTitle(contents: PageContents, id: string): string | null {
  const { alphaOf: of } = positionsOf(contents, id);
  return contents.positions.find((one) => one.id === of)?.title ?? null;
}

/** The page's spikes at the positions of one localizer. */
export function spikesAt(contents: PageContents, positions: PagePositions): SpikeTable {
  const { depthUm, xUm, zUm } = positions;
  const alpha = alphaOf(contents, positions);
  return { ...contents.spikes, depthUm, ...(xUm ? { xUm } : {}), ...(zUm ? { zUm } : {}), ...(alpha ? { alpha } : {}) };
}

/** The same as the painter takes places that stand for those of the table. */
export function placesOf(contents: PageContents, positions: PagePositions): PlacedSpikes {
  const { depthUm, xUm, zUm, title } = positions;
  const alpha = alphaOf(contents, positions);
  const xyza = new Float32Array(4 * depthUm.length);
  for (let i = 0; i < depthUm.length; i++) {
    xyza[4 * i] = xUm?.[i] ?? Number.NaN;
    xyza[4 * i + 1] = depthUm[i];
    xyza[4 * i + 2] = zUm?.[i] ?? Number.NaN;
    xyza[4 * i + 3] = alpha?.[i] ?? Number.NaN;
  }
  return { name: title, rows: null, xyza };
}

/** The waveform of a spike of the page's table with what every localizer says of it; null for one that has none here. */
export function waveformOf(contents: PageContents, row: number): SpikeWaveform | null {
  const { waveforms, chosen, rows } = contents;
  const at = chosen.indexOf(row);
  if (!waveforms || at < 0) return null;
  const waveform = waveformIn(waveforms, at);
  const anchor = anchorOf(contents, row);
  const anchored = anchor ? { anchorUm: [...anchor] as [number, number] } : {};
  return { ...waveform, ...anchored, index: row, number: rows[row], locations: locationsOf(contents, row) };
}

/** What each localizer says of a spike: x, depth, z in µm and α. */
function locationsOf(contents: PageContents, row: number): SpikeWaveform["locations"] {
  return Object.fromEntries(
    contents.positions.map(({ id, xUm, depthUm, zUm, logAlpha }) => {
      const at = (column: ArrayLike<number> | null) => column?.[row] ?? Number.NaN;
      return [id, [at(xUm), depthUm[row], at(zUm), 10 ** at(logAlpha)]];
    }),
  );
}

/** Middle of the channels of a spike, x and depth in µm, from which local coordinates count; null when it is not known. */
export function anchorOf({ anchors }: PageContents, row: number): readonly [xUm: number, depthUm: number] | null {
  const anchor = anchors && ([anchors[2 * row], anchors[2 * row + 1]] as const);
  return anchor?.every(Number.isFinite) ? anchor : null;
}

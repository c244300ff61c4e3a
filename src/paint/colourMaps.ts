import {
  interpolateCividis,
  interpolateGreys,
  interpolateInferno,
  interpolateMagma,
  interpolatePlasma,
  interpolatePuOr,
  interpolateRdBu,
  interpolateReds,
  interpolateViridis,
} from "d3-scale-chromatic";
import { AppError, assert } from "../core/errors.ts";

/** 256 colours, each 0xAABBGGRR, so that one 32-bit store writes the bytes R, G, B, A on a little-endian machine. */
export type ColourTable = Uint32Array;

const sequential: Record<string, (t: number) => string> = {
  inferno: interpolateInferno,
  viridis: interpolateViridis,
  plasma: interpolatePlasma,
  cividis: interpolateCividis,
  reds: (t) => interpolateReds(1 - t), // as the greys
  greys: (t) => interpolateGreys(1 - t), // bright is strong, as in the others
  // blue to spring green, the ends of matplotlib's map of that name
  winter: (t) => `rgb(0, ${Math.round(255 * t)}, ${Math.round(255 * (1 - t / 2))})`,
  magma: interpolateMagma,
};

const diverging: Record<string, (t: number) => string> = {
  RdBu: (t) => interpolateRdBu(1 - t), // blue below zero, red above
  PuOr: interpolatePuOr, // purple below, orange above
};

/** Names of the maps for amounts, dark to bright. */
export const sequentialMaps: readonly string[] = Object.keys(sequential);
/** Names of the maps for signed values: their middle belongs to zero. */
export const divergingMaps: readonly string[] = Object.keys(diverging);

/** The part of a map that is used, as fractions of it; [1, 0] turns it round. */
export type Span = readonly [from: number, to: number];

const baked = new Map<string, ColourTable>();

/**
 * A colour map as 256 opaque colours. `span` cuts the ends that would vanish in the background, or turns the map round
 * for a light one. Baked once per name and span. Throws AppError bad-parameter for a name that does not exist.
 */
export function colourTable(name: string, span: Span = [0, 1]): ColourTable {
  const key = `${name} ${span[0]} ${span[1]}`;
  const known = baked.get(key);
  if (known) return known;
  const colourAt = sequential[name] ?? diverging[name];
  if (!colourAt) {
    const names = [...sequentialMaps, ...divergingMaps].join(", ");
    throw new AppError("bad-parameter", `There is no colour map "${name}"; there are ${names}.`, { name });
  }
  const table = Uint32Array.from({ length: 256 }, (_, i) =>
    packed(colourAt(span[0] + (i / 255) * (span[1] - span[0]))),
  );
  baked.set(key, table);
  return table;
}

/** "#rrggbb" or "rgb(r, g, b)" → 0xAABBGGRR, opaque. */
export function packed(css: string): number {
  const hex = /^#([0-9a-f]{6})$/i.exec(css);
  const rgb = hex
    ? [1, 3, 5].map((at) => Number.parseInt(css.slice(at, at + 2), 16))
    : (css.match(/\d+(\.\d+)?/g) ?? []).map((v) => Math.round(Number(v)));
  assert(rgb.length === 3, `a colour is #rrggbb or rgb(r, g, b), found ${css}`);
  return (0xff000000 | (rgb[2] << 16) | (rgb[1] << 8) | rgb[0]) >>> 0;
}

/** Entry of a table as "#rrggbb". */
export function cssColour(table: ColourTable, index: number): string {
  const c = table[index];
  return `#${[c & 255, (c >>> 8) & 255, (c >>> 16) & 255].map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}

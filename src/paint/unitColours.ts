import type { SpikeTable } from "../core/types.ts";
import { indexUnits, type UnitIndex } from "../core/unitIndex.ts";
import type { UnitInfo } from "../protocol/datasets.ts";
import { type ColourTable, packed } from "./colourMaps.ts";
import { colourDistance, noUnit, type PairedColour, unitPalette } from "./unitPalette.ts";

/** Units of a table, and the colour of each. */
export interface UnitColours {
  index: UnitIndex;
  /** [U + 1] what each slot is drawn in */
  colours: readonly PairedColour[];
}

/** Neighbours to either side, by depth, that a unit is told apart from. */
const nNeighbours = 4;
/** Colours nearer than this are taken for one where they lie beside each other. */
const apart = 0.11;

const indices = new WeakMap<Int32Array, UnitIndex>();

/** The units of a table with a column of them; null without. Once per column: by the places that it had first. */
export function unitIndexOf({ unit, depthUm }: SpikeTable): UnitIndex | null {
  if (!unit) return null;
  const known = indices.get(unit) ?? indexUnits(unit, depthUm);
  indices.set(unit, known);
  return known;
}

/** What a person or a sorter took for no neuron is grey as spikes of no unit are. */
export function isNoise(label: string | undefined): boolean {
  return label?.trim().toLowerCase() === "noise";
}

const known = new WeakMap<UnitIndex, { said: readonly UnitInfo[] | undefined; colours: UnitColours }>();

/**
 * A unit of number u has the colour u mod 40 of the palette, in every data set, unless a unit with a lower number has one too near
 * to it among its four neighbours to either side on the probe: then the next one that is free, or else the one farthest from theirs.
 */
export function unitColours(index: UnitIndex, said: readonly UnitInfo[] | undefined): UnitColours {
  const before = known.get(index);
  if (before && before.said === said) return before.colours;
  const colours = { index, colours: chosen(index, noiseIn(said)) };
  known.set(index, { said, colours });
  return colours;
}

function noiseIn(said: readonly UnitInfo[] | undefined): Set<number> {
  return new Set((said ?? []).flatMap(({ id, label }) => (isNoise(label) ? [id] : [])));
}

let distances: readonly (readonly number[])[] | null = null;

function chosen({ id, nUnits }: UnitIndex, noise: ReadonlySet<number>): PairedColour[] {
  const palette = unitPalette();
  distances ??= palette.map((a) => palette.map((b) => colourDistance(a, b)));
  const entry = new Int32Array(nUnits + 1).fill(-1);
  const slots = Array.from({ length: nUnits }, (_, i) => i + 1).sort((a, b) => id[a] - id[b]);
  for (const slot of slots) {
    if (noise.has(id[slot])) continue;
    const beside: number[] = [];
    for (let s = Math.max(1, slot - nNeighbours); s <= Math.min(nUnits, slot + nNeighbours); s++)
      if (entry[s] >= 0) beside.push(entry[s]);
    entry[slot] = freeEntry(distances, id[slot] % palette.length, beside);
  }
  return Array.from(entry, (at) => palette[at] ?? noUnit);
}

function freeEntry(distances: readonly (readonly number[])[], wanted: number, beside: readonly number[]): number {
  const n = distances.length;
  let best = wanted;
  let farthest = -1;
  for (let k = 0; k < n; k++) {
    const entry = (wanted + k) % n;
    const nearest = beside.reduce((least, other) => Math.min(least, distances[entry][other]), Number.POSITIVE_INFINITY);
    if (nearest >= apart) return entry;
    if (nearest > farthest) [best, farthest] = [entry, nearest];
  }
  return best;
}

const tables = new WeakMap<UnitColours, Record<"dark" | "light", ColourTable>>();

/** [U + 1] colours by slot. The same array while the colours are. */
export function unitTable(colours: UnitColours, theme: "dark" | "light"): ColourTable {
  const made = tables.get(colours) ?? {
    dark: Uint32Array.from(colours.colours, ({ dark }) => packed(dark)),
    light: Uint32Array.from(colours.colours, ({ light }) => packed(light)),
  };
  tables.set(colours, made);
  return made[theme];
}

/** "127 good", "none" for slot 0. */
export function unitNames({ id }: UnitIndex, said: readonly UnitInfo[] | undefined): string[] {
  const labels = new Map((said ?? []).map((unit) => [unit.id, unit.label]));
  return Array.from(id, (unit, slot) => (slot === 0 ? "none" : [unit, labels.get(unit)].filter(isSaid).join(" ")));
}

const isSaid = (word: number | string | undefined) => word !== undefined && word !== "";

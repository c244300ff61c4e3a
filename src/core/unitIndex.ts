import { medianInPlace } from "./median.ts";

/**
 * Which spikes each unit has. Units are numbered by slots from 1 on, in ascending order of their median depth, so that
 * neighbours in a list, or in a bar of colours, are neighbours on the probe; slot 0 is for spikes of no unit.
 */
export interface UnitIndex {
  /** units that have spikes, U */
  nUnits: number;
  /** [U + 1] number of the unit in the file, by slot; −1 for slot 0 */
  id: Int32Array;
  /** [U + 1] µm, median of the finite depths of a unit; NaN for slot 0 and for a unit without any */
  depthUm: Float64Array;
  /** [N] slot of each spike; single precision holds every whole number of units there can be */
  slot: Float32Array;
  /** [N] rows by slot, ascending within each */
  rows: Int32Array;
  /** [U + 2] rows of slot s are rows[starts[s]] to rows[starts[s + 1] − 1] */
  starts: Int32Array;
}

/** Numbers up to here are looked up in a table, larger ones in a map. */
const MOST_DIRECT = 1 << 22;

/** unit: [N], negative for none; depthUm: [N] µm. Two passes over the spikes and one sort per unit. */
export function indexUnits(unit: Int32Array, depthUm: ArrayLike<number>): UnitIndex {
  const inFile = ranksOf(unit);
  const byNumber = grouped(unit.length, inFile.rank, inFile.id.length);
  const medians = inFile.id.map((_, rank) => (rank === 0 ? Number.NaN : medianDepth(byNumber, rank, depthUm)));
  // a unit without a depth comes last; of equal depths the lower number first
  const keyOf = (rank: number) => (Number.isNaN(medians[rank]) ? Number.POSITIVE_INFINITY : medians[rank]);
  const order = inFile.id.map((_, rank) => rank).slice(1);
  order.sort((a, b) => (keyOf(a) === keyOf(b) ? a - b : keyOf(a) - keyOf(b)));
  const slotOf = new Float32Array(inFile.id.length);
  order.forEach((rank, i) => {
    slotOf[rank] = i + 1;
  });
  const slot = new Float32Array(unit.length);
  for (let i = 0; i < slot.length; i++) slot[i] = slotOf[inFile.rank[i]];
  const bySlot = [0, ...order];
  return {
    nUnits: order.length,
    id: Int32Array.from(bySlot, (rank) => inFile.id[rank]),
    depthUm: Float64Array.from(bySlot, (rank) => medians[rank]),
    slot,
    ...grouped(unit.length, slot, bySlot.length),
  };
}

/** Rows of a slot, ascending; a view. */
export function rowsOfSlot({ rows, starts }: Pick<UnitIndex, "rows" | "starts">, slot: number): Int32Array {
  return rows.subarray(starts[slot], starts[slot + 1]);
}

/** Slot of a unit; 0 where it has no spike. */
export function slotOfUnit({ id }: UnitIndex, unit: number): number {
  return Math.max(0, unit < 0 ? 0 : id.indexOf(unit, 1));
}

/** id: numbers that occur, ascending from id[1] on, −1 first; rank: [N] place of each spike's number among them. */
function ranksOf(unit: Int32Array): { id: number[]; rank: Int32Array } {
  let largest = -1;
  for (let i = 0; i < unit.length; i++) if (unit[i] > largest) largest = unit[i];
  const rank = new Int32Array(unit.length);
  if (largest < MOST_DIRECT) {
    const table = new Int32Array(largest + 1);
    for (let i = 0; i < unit.length; i++) if (unit[i] >= 0) table[unit[i]] = 1;
    const id = [-1];
    for (let number = 0; number <= largest; number++) if (table[number]) table[number] = id.push(number) - 1;
    for (let i = 0; i < unit.length; i++) rank[i] = unit[i] >= 0 ? table[unit[i]] : 0;
    return { id, rank };
  }
  const numbers = new Set<number>();
  for (let i = 0; i < unit.length; i++) if (unit[i] >= 0) numbers.add(unit[i]);
  const id = [-1, ...[...numbers].sort((a, b) => a - b)];
  const at = new Map(id.map((number, i) => [number, i]));
  for (let i = 0; i < unit.length; i++) rank[i] = at.get(unit[i]) ?? 0;
  return { id, rank };
}

/** Rows by group, each group's ascending. */
function grouped(nRows: number, group: ArrayLike<number>, nGroups: number): Pick<UnitIndex, "rows" | "starts"> {
  const starts = new Int32Array(nGroups + 1);
  for (let i = 0; i < nRows; i++) starts[group[i] + 1]++;
  for (let g = 0; g < nGroups; g++) starts[g + 1] += starts[g];
  const next = starts.slice(0, nGroups);
  const rows = new Int32Array(nRows);
  for (let i = 0; i < nRows; i++) rows[next[group[i]]++] = i;
  return { rows, starts };
}

function medianDepth(index: Pick<UnitIndex, "rows" | "starts">, rank: number, depthUm: ArrayLike<number>): number {
  const rows = rowsOfSlot(index, rank);
  const depths = new Float64Array(rows.length);
  let n = 0;
  for (let k = 0; k < rows.length; k++) {
    const depth = depthUm[rows[k]];
    if (Number.isFinite(depth)) depths[n++] = depth;
  }
  return medianInPlace(depths.subarray(0, n));
}

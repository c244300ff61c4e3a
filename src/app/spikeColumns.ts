import type { SpikeTable } from "../core/types.ts";

/** Spikes that arrive in pieces, as one table that grows. */

type Column = Float64Array | Float32Array | Int32Array;
type ColumnName = Exclude<keyof SpikeTable, "nSpikes">;
/** columns that may be absent, and what a row holds that came without one */
const OPTIONAL = ["xUm", "zUm", "alpha", "channel", "sampleIndex", "segment", "shank", "unit"] as const;
const NAMES: readonly ColumnName[] = ["timeSec", "depthUm", "ampUv", ...OPTIONAL];

const FIRST_CAPACITY = 4096;

function emptyLike(column: Column, length: number): Column {
  if (column instanceof Float64Array) return new Float64Array(length);
  return column instanceof Float32Array ? new Float32Array(length) : new Int32Array(length);
}

/** A table that takes pieces at its end; room doubles, so that N spikes cost O(N) copies in all. */
export class GrowingSpikes {
  readonly #columns = new Map<ColumnName, Column>();
  #capacity = 0;
  #nSpikes = 0;

  /** Add spikes later than those before. Every piece has the columns of the first; others are dropped. */
  append(piece: SpikeTable): void {
    const needed = this.#nSpikes + piece.nSpikes;
    if (this.#capacity === 0) {
      for (const name of NAMES) if (piece[name]) this.#columns.set(name, emptyLike(piece[name], 0));
    }
    if (needed > this.#capacity) this.#grow(Math.max(needed, 2 * this.#capacity, FIRST_CAPACITY));
    for (const [name, column] of this.#columns) {
      const values = piece[name];
      if (values) column.set(values, this.#nSpikes);
      else this.#columns.delete(name);
    }
    this.#nSpikes = needed;
  }

  #grow(capacity: number): void {
    for (const [name, column] of this.#columns) {
      const next = emptyLike(column, capacity);
      next.set(column.subarray(0, this.#nSpikes));
      this.#columns.set(name, next);
    }
    this.#capacity = capacity;
  }

  /** What is there now, without a copy: later pieces do not change it. */
  table(): SpikeTable {
    const now: Record<string, Column> = {};
    for (const [name, column] of this.#columns) now[name] = column.subarray(0, this.#nSpikes);
    return { ...noSpikes(), ...now, nSpikes: this.#nSpikes };
  }
}

/** Whether rows of two tables are the same spikes, wherever those are placed. */
export function hasSameTimes(a: SpikeTable, b: SpikeTable): boolean {
  if (a.timeSec === b.timeSec) return true;
  return a.nSpikes === b.nSpikes && a.timeSec.every((timeSec, row) => timeSec === b.timeSec[row]);
}

export function noSpikes(): SpikeTable {
  return { nSpikes: 0, timeSec: new Float64Array(0), depthUm: new Float64Array(0), ampUv: new Float32Array(0) };
}

/** The same rows in memory of their own: a view would carry the spare room along to another thread. */
export function copySpikes(table: SpikeTable): SpikeTable {
  const own: Record<string, Column> = {};
  for (const name of NAMES) if (table[name]) own[name] = table[name].slice();
  return { ...noSpikes(), ...own, nSpikes: table.nSpikes };
}

/** Pieces one after the other as one table. */
export function joinSpikes(pieces: readonly SpikeTable[]): SpikeTable {
  if (pieces.length === 1) return pieces[0];
  const all = new GrowingSpikes();
  for (const piece of pieces) all.append(piece);
  return copySpikes(all.table());
}

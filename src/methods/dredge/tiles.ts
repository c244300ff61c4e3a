/** Columns are time bins of a stretch, rows the same or earlier ones. */
export interface Tile {
  rows: readonly [from: number, to: number];
  columns: readonly [first: number, end: number];
}

/**
 * The pairs of a stretch [start, end) of time bins with each other and with the bins before it, no further apart than
 * `reach`, in tiles of `size`: passes of growing distance, so that after each of them a motion of the whole stretch can be
 * solved for.
 */
export function planTiles(start: number, end: number, reach: number, size: number): Tile[][] {
  const passes: Tile[][] = [];
  for (let distance = 0; ; distance += size) {
    const pass: Tile[] = [];
    for (let first = start; first < end; first += size) {
      const stop = Math.min(end, first + size);
      const from = Math.max(0, first - distance, first - reach);
      const to = Math.min(end, first - distance + size);
      if (to > from) pass.push({ rows: [from, to], columns: [first, stop] });
    }
    if (pass.length === 0) return passes;
    passes.push(pass);
  }
}

/** Ordered pairs that a tile compares: both directions, those of a tile with itself once. */
export function nPairs({ rows, columns }: Tile): number {
  const once = (rows[1] - rows[0]) * (columns[1] - columns[0]);
  return isSquare({ rows, columns }) ? once : 2 * once;
}

/** Rows and columns are the same time bins: one comparison gives both directions. */
export function isSquare({ rows, columns }: Tile): boolean {
  return rows[0] === columns[0] && rows[1] === columns[1];
}

import { AppError } from "../../core/errors.ts";
import type { PositionSet } from "../../core/scoreboard/grid.ts";
import type { SpikeTable } from "../../core/types.ts";

/** Positions that came with the spikes. */
export const OWN_POSITIONS = "as opened";

/**
 * Every set of positions of the spikes: one per table of a localizer ([N, 4] x, y, z, alpha), or those the spikes carry where no
 * table has their number of rows. A column without a number is left out.
 */
export function positionSetsOf(spikes: SpikeTable, locations: Record<string, ArrayLike<number>>): PositionSet[] {
  const n = spikes.nSpikes;
  const tables = Object.entries(locations).filter(([, table]) => table.length === 4 * n);
  if (tables.length === 0) {
    return [{ name: OWN_POSITIONS, xUm: spikes.xUm ?? null, yUm: spikes.depthUm, zUm: spikes.zUm ?? null }];
  }
  return tables.map(([name, table]) => {
    const column = (k: number) => Float64Array.from({ length: n }, (_, i) => table[4 * i + k]);
    const known = (values: Float64Array) => (values.some(Number.isFinite) ? values : null);
    return { name, xUm: known(column(0)), yUm: column(1), zUm: known(column(2)) };
  });
}

/** The sets that were asked for by name, or all. Throws AppError for a name that is not there. */
export function chosenSets(sets: readonly PositionSet[], names: readonly string[] | undefined): readonly PositionSet[] {
  if (!names) return sets;
  const missing = names.find((name) => !sets.some((set) => set.name === name));
  if (missing !== undefined) {
    const there = sets.map(({ name }) => name).join(", ");
    throw new AppError("bad-parameter", `There are no positions called "${missing}"; there are ${there}.`);
  }
  return sets.filter(({ name }) => names.includes(name));
}

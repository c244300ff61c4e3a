import { assert } from "./errors.ts";
import { displacementAt } from "./motion.ts";
import type { Motion, ProbeSites, SpikeTable } from "./types.ts";

/** Shanks that have spikes, ascending; [] when the table does not name shanks. */
export function shanksOf({ shank }: SpikeTable): number[] {
  return [...new Set(shank ?? [])].sort((a, b) => a - b);
}

/** The spikes of one shank, in their order. The rows of the table they came from are those where `shank` is the same. */
export function spikesOfShank(spikes: SpikeTable, shank: number): SpikeTable {
  const rows: number[] = [];
  spikes.shank?.forEach((of, row) => {
    if (of === shank) rows.push(row);
  });
  const columns = Object.entries(spikes).map(([name, column]) => [
    name,
    typeof column === "object" ? pick(column, rows) : column,
  ]);
  return { ...(Object.fromEntries(columns) as SpikeTable), nSpikes: rows.length };
}

function pick<A extends Float64Array | Float32Array | Int32Array>(column: A, rows: readonly number[]): A {
  const out = column.slice(0, rows.length);
  rows.forEach((row, i) => {
    out[i] = column[row];
  });
  return out as A;
}

/** The contacts of one shank; the probe itself when it does not say where its contacts lie. */
export function sitesOfShank(probe: ProbeSites, shank: number): ProbeSites {
  if (probe.positionsUm.length === 0) return probe;
  const own = <T>(values: readonly T[]) => values.filter((_, site) => probe.shank[site] === shank);
  return {
    ...probe,
    nShanks: 1,
    positionsUm: own(probe.positionsUm),
    shank: own(probe.shank),
    connected: own(probe.connected),
  };
}

/**
 * Motions of shanks as one: each under its shank, and their mean on the bins of the one with the most, for whatever
 * belongs to no shank. Of `nShanks`, those that `shanks` leaves out follow the mean.
 */
export function joinShanks(motions: readonly Motion[], shanks: readonly number[], nShanks: number): Motion {
  assert(motions.length > 0 && motions.length === shanks.length, "a motion for every shank named");
  const byBins = (bins: "timeBinCentersSec" | "depthBinCentersUm") =>
    motions.reduce((most, one) => (one[bins].length > most[bins].length ? one : most))[bins];
  const timeBinCentersSec = byBins("timeBinCentersSec");
  const depthBinCentersUm = byBins("depthBinCentersUm");
  const nDepths = depthBinCentersUm.length;
  const displacementUm = Float64Array.from({ length: timeBinCentersSec.length * nDepths }, (_, at) => {
    const timeSec = timeBinCentersSec[Math.floor(at / nDepths)];
    const depthUm = depthBinCentersUm[at % nDepths];
    return motions.reduce((sum, one) => sum + displacementAt(one, timeSec, depthUm), 0) / motions.length;
  });
  const mean: Motion = {
    displacementUm,
    timeBinCentersSec,
    depthBinCentersUm,
    ...meanLateral(motions, timeBinCentersSec),
  };
  const byShank = Array.from({ length: nShanks }, (_, shank) => motions[shanks.indexOf(shank)] ?? mean);
  return { ...mean, byShank };
}

/** Across the probe, where all shanks tell. */
function meanLateral(motions: readonly Motion[], timesSec: Float64Array): Pick<Motion, "lateralUm"> {
  const across = motions.flatMap(({ lateralUm, timeBinCentersSec }) =>
    lateralUm ? [{ displacementUm: lateralUm, timeBinCentersSec, depthBinCentersUm: Float64Array.of(0) }] : [],
  );
  if (across.length < motions.length) return {};
  return {
    lateralUm: timesSec.map((t) => across.reduce((sum, one) => sum + displacementAt(one, t, 0), 0) / across.length),
  };
}

import type { SpikeTable } from "../../core/types.ts";

/** A table of spikes with the positions of a localizer. */
export interface Relocated {
  table: SpikeTable;
  /** spikes that keep the position they had */
  nKept: number;
  /** why some do, one sentence; empty when none does */
  sentence: string;
}

/**
 * The same spikes at `locations` [N, 4] x, y, z, alpha. A spike without a place (one that was not reached, from row `nReached`
 * on, or cannot be located) keeps all of the position it had, so that a table never mixes NaN into depths. Columns that are
 * then not known of every spike are left out.
 */
export function relocated(spikes: SpikeTable, locations: Float32Array, nReached: number): Relocated {
  const { nSpikes, depthUm } = spikes;
  const isPlaced = (n: number) => Number.isFinite(locations[4 * n]) && Number.isFinite(locations[4 * n + 1]);
  const { xUm, zUm, alpha, ...others } = spikes;
  const column = (i: number, before: Float64Array | undefined) =>
    Float64Array.from({ length: nSpikes }, (_, n) =>
      isPlaced(n) ? locations[4 * n + i] : (before?.[n] ?? Number.NaN),
    );
  const optional = (name: "xUm" | "zUm" | "alpha", i: number, before: Float64Array | undefined) => {
    const values = column(i, before);
    return values.some(Number.isNaN) ? {} : { [name]: values };
  };
  let nKept = 0;
  for (let n = 0; n < nSpikes; n++) if (!isPlaced(n)) nKept++;
  const table = {
    ...others,
    depthUm: column(1, depthUm),
    ...optional("xUm", 0, xUm),
    ...optional("zUm", 2, zUm),
    ...optional("alpha", 3, alpha),
  };
  return { table, nKept, sentence: sentenceOf(nSpikes, nKept, nSpikes - nReached) };
}

function sentenceOf(nSpikes: number, nKept: number, nNotReached: number): string {
  if (nKept === 0) return "";
  const reasons = [
    ...(nNotReached > 0 ? [`${nNotReached} were not reached`] : []),
    ...(nKept > nNotReached ? [`${nKept - nNotReached} cannot be located`] : []),
  ];
  return `${nKept} of ${nSpikes} spikes keep the positions they came with: ${reasons.join(" and ")}.`;
}

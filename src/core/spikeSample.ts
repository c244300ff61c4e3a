import { assert } from "./errors.ts";
import { Random } from "./random.ts";

/** Some of the spikes, in the order of the table. */
export interface SpikeSample {
  /** [n] rows of the table, ascending */
  rows: Int32Array;
  /** [k] which of `rows` can be looked at one by one, ascending: the others are there to be seen among */
  chosen: Int32Array;
}

/**
 * Two disjoint random samples of rows 0 … nSpikes − 1: the first `nChosen` of one permutation, and the next `nOthers`. More
 * others do not change who is chosen. The permutation is that of Fisher and Yates, of which only the part that is needed is
 * made; evarol/spikeLocalizationNetwork takes its interactive and background spikes so.
 */
export function sampleSpikes(nSpikes: number, nChosen: number, nOthers: number, seed: number): SpikeSample {
  assert(nChosen >= 0 && nOthers >= 0, "numbers of spikes");
  const k = Math.min(nSpikes, nChosen);
  const n = Math.min(nSpikes, k + nOthers);
  const order = new Int32Array(nSpikes);
  for (let i = 0; i < nSpikes; i++) order[i] = i;
  const random = new Random(seed);
  /** 1 for the others, 2 for the chosen */
  const kind = new Uint8Array(nSpikes);
  for (let i = 0; i < n; i++) {
    const j = i + random.integer(nSpikes - i);
    const row = order[j];
    order[j] = order[i];
    order[i] = row;
    kind[row] = i < k ? 2 : 1;
  }
  const rows = new Int32Array(n);
  const chosen = new Int32Array(k);
  for (let row = 0, to = 0, toChosen = 0; row < nSpikes; row++) {
    if (kind[row] === 0) continue;
    if (kind[row] === 2) chosen[toChosen++] = to;
    rows[to++] = row;
  }
  return { rows, chosen };
}

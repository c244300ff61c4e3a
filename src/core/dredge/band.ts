import { assert } from "../errors.ts";
import type { PairHorizon } from "./horizon.ts";

/**
 * What the equations need of the pairs of time bins, and no more: of C, D and U only sums remain.
 *
 *   V_ij = U_ij + U_ji for i < j within the horizon, one half of a symmetric band, float32
 *   r_i = Σ_j U_ij·D_ij − Σ_j U_ji·D_ji, float64
 *   whether a time bin has any weight
 *
 * That is 4·B·T·reach bytes where whole matrices took 16·B·T². Pairs come in tiles, both directions at once, in any order.
 *
 * A stretch of time may follow one that is solved already (the online scheme): pairs of its bins j with solved bins i then
 * do not couple unknowns. They add V_ij to the diagonal at j (`anchor`) and V_ij·p_i to r_j.
 * Source of the online terms: Windolf et al., bioRxiv 2023.10.24.563768; SpikeInterface@a5f7dbb3 dredge.py (thomas_solve).
 */
export interface BandFrame {
  nWindows: number;
  /** time bins of the whole; solution and gate are [B, T] */
  nTimes: number;
  horizon: PairHorizon;
  /** g of every window and time bin: 0, the heat, or Infinity */
  gate: Float64Array;
  minCorrelation: number;
  /** p of time bins before the stretch, [B, T] µm */
  solution: Float64Array;
}

/** Rows [from, to) against columns [first, end) of one window: both directions of every pair. Either range may hold the other's. */
export interface PairTile {
  rows: readonly [from: number, to: number];
  columns: readonly [first: number, end: number];
  /** of each row with each column, [R, C]: C, and D in µm */
  forward: DirectedPairs;
  /** of each column with each row, [C, R] */
  backward: DirectedPairs;
}

export interface DirectedPairs {
  correlation: ArrayLike<number>;
  /** µm */
  displacementUm: ArrayLike<number>;
}

export class PairBand {
  readonly frame: BandFrame;
  /** first time bin of the stretch, and how many */
  readonly start: number;
  readonly nTimes: number;
  readonly reach: number;
  /** by window: [T', reach], V of bins start + t and start + t + 1 + k */
  readonly coupling: Float32Array[];
  /** [B, T'] Σ V with bins that are solved */
  readonly anchor: Float64Array;
  /** [B, T'] r */
  readonly right: Float64Array;
  /** [B, T'] 1 where a bin has any weight */
  readonly used: Uint8Array;
  /** pairs of different bins that have weight, both directions counted, and those of them whose |D| is at least `limitUm` */
  nCounted = 0;
  nAtLimit = 0;
  readonly #limitUm: number;

  constructor(frame: BandFrame, start: number, end: number, limitUm: number) {
    const nTimes = end - start;
    this.frame = frame;
    this.start = start;
    this.nTimes = nTimes;
    this.reach = Math.min(frame.horizon.reach, nTimes - 1);
    this.coupling = Array.from({ length: frame.nWindows }, () => new Float32Array(nTimes * this.reach));
    this.anchor = new Float64Array(frame.nWindows * nTimes);
    this.right = new Float64Array(frame.nWindows * nTimes);
    this.used = new Uint8Array(frame.nWindows * nTimes);
    this.#limitUm = limitUm;
  }

  /** Pairs of the tile with row ≤ column, each once; the others of the tile are left out. Rows may lie before the stretch. */
  addTile(window: number, { rows: [from, to], columns: [first, end], forward, backward }: PairTile): void {
    const { horizon, gate, nTimes } = this.frame;
    assert(first >= this.start && end <= this.start + this.nTimes, "columns lie in the stretch");
    const nRows = to - from;
    const nColumns = end - first;
    for (let i = from; i < to; i++) {
      const gateI = gate[window * nTimes + i];
      const last = Math.min(end, i + horizon.reach + 1);
      for (let j = Math.max(first, i); gateI > 0 && j < last; j++) {
        if (!horizon.counts(i, j)) continue;
        const there = (i - from) * nColumns + j - first;
        const back = (j - first) * nRows + i - from;
        const gates = 1 / gateI + 1 / gate[window * nTimes + j];
        const uij = this.#weight(forward.correlation[there], gates);
        const uji = i === j ? uij : this.#weight(backward.correlation[back], gates);
        if (uij + uji === 0) continue;
        if (i !== j) {
          this.#count(uij, forward.displacementUm[there]);
          this.#count(uji, backward.displacementUm[back]);
        }
        const term = i === j ? 0 : uij * forward.displacementUm[there] - uji * backward.displacementUm[back];
        this.#add(window, i, j, uij, uji, term);
      }
    }
  }

  /** U of one direction. float32, as the reference keeps it. */
  #weight(correlation: number, gates: number): number {
    return correlation >= this.frame.minCorrelation ? Math.fround(1 / (gates + 1 / (correlation * correlation))) : 0;
  }

  #count(weight: number, displacementUm: number): void {
    if (!(weight > 0)) return;
    this.nCounted++;
    if (Math.abs(displacementUm) >= this.#limitUm) this.nAtLimit++;
  }

  #add(window: number, i: number, j: number, uij: number, uji: number, term: number): void {
    const row = window * this.nTimes - this.start;
    if (uji > 0) this.used[row + j] = 1;
    this.right[row + j] -= term;
    if (i < this.start) {
      this.anchor[row + j] += uij + uji;
      this.right[row + j] += (uij + uji) * this.frame.solution[window * this.frame.nTimes + i];
      return;
    }
    if (uij > 0) this.used[row + i] = 1;
    this.right[row + i] += term;
    if (i < j) this.coupling[window][(i - this.start) * this.reach + j - i - 1] = uij + uji;
  }
}

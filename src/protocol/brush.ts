import type { Range } from "../core/types.ts";

/** What a line drawn around spikes does to those that are marked already. */
export type BrushHow = "replace" | "add" | "remove";

/** The spikes that a person has marked, in numbers. */
export interface BrushedSpikes {
  /** of the table, ascending */
  rows: Int32Array;
  /** of how many */
  nSpikes: number;
  /** of the shown positions, uncorrected, and of the table's amplitudes; NaN where there are none */
  medians: { xUm: number; depthUm: number; zUm: number; alpha: number; ampUv: number };
  /** s, of the first and the last of them */
  timeRangeSec: Range;
  /** intervals between the first and the last over their time, Hz; NaN for fewer than two */
  rateHz: number;
}

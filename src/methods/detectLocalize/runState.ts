import type { ParamValues } from "../../protocol/methods.ts";
import type { ScratchRun } from "../../protocol/scratch.ts";
import { loadTurn } from "../turns.ts";

/** What is measured once before the spikes are looked for, so that a resumed run goes on with the same numbers. */
export interface Preparation {
  /** channels left out as bad */
  excluded: number[];
  /** one sentence per group of them */
  reasons: string[];
  /** [kept channels] µV */
  noiseUv: number[];
  /** principal components of the waveforms: mean [L], components [P, L], share of the variance [P] */
  tpca: { mean: number[]; components: number[]; explained: number[] };
  /** median normalised waveform on the peak channel */
  prototype: number[];
}

/** Where a run stands. Written after every few tiles; everything before it is in the columns. */
export interface RunState {
  driftscope: 1;
  params: ParamValues;
  seed: number;
  recording: { path: string; bytes: number };
  preparation: Preparation;
  /** the first sample not yet looked at */
  next: { segment: number; sample: number };
  nSpikes: number;
  doneSec: number;
  totalSec: number;
  savedAt: string;
  complete: boolean;
}

/** The newest whole state of a run and the turn it was written in; null when there is none. */
export function loadState(run: ScratchRun): Promise<{ turn: number; state: RunState } | null> {
  return loadTurn<RunState>(run, (state) => state.driftscope === 1 && "preparation" in state);
}

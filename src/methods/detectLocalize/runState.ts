import { asAppError } from "../../core/errors.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { ScratchRun } from "../../protocol/scratch.ts";

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

/** Two files take turns, so that a page that is closed while it writes leaves the other one whole. */
const FILES = ["state-0.json", "state-1.json"] as const;

export async function saveState(run: ScratchRun, state: RunState, turn: number): Promise<void> {
  const name = FILES[turn % FILES.length];
  await run.truncate(name, 0);
  await run.append(name, new TextEncoder().encode(JSON.stringify({ turn, state })));
}

/** A run that starts over counts its states from the first again: older ones must not look newer. */
export async function forgetStates(run: ScratchRun): Promise<void> {
  for (const name of FILES) await run.truncate(name, 0);
}

/** The newest whole state of a run and the turn it was written in; null when there is none. */
export async function loadState(run: ScratchRun): Promise<{ turn: number; state: RunState } | null> {
  const found: { turn: number; state: RunState }[] = [];
  for (const name of FILES) {
    const text = new TextDecoder().decode(await run.read(name, 0, await run.size(name)));
    const parsed = parseState(text);
    if (parsed) found.push(parsed);
  }
  return found.sort((a, b) => b.turn - a.turn)[0] ?? null;
}

/** Half a file is what a closed page leaves; it is not an error, the other one counts. */
function parseState(text: string): { turn: number; state: RunState } | null {
  try {
    const { turn, state } = JSON.parse(text) as { turn: number; state: RunState };
    return state.driftscope === 1 && Number.isInteger(turn) ? { turn, state } : null;
  } catch (error) {
    if (asAppError(error)) throw error;
    return null;
  }
}

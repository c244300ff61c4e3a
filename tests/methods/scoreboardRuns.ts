import type { RecordingTruth } from "../../src/core/spikeScore.ts";
import type { SpikeTable } from "../../src/core/types.ts";
import { runScoreboard } from "../../src/methods/scoreboard/runScoreboard.ts";
import type { NamedMotion, Scoreboard, ScoreboardEvent, ScoreboardRequest } from "../../src/protocol/scoreboard.ts";
import { type DriftingUnits, driftingUnits, rigidMotion, zigzag } from "../core/driftingUnits.ts";

export const DURATION_SEC = 100;
export const truly = zigzag(50, 50);
export const drifting = driftingUnits({ drift: truly, durationSec: DURATION_SEC });

export const named = (name: string, at: (t: number) => number): NamedMotion => ({
  name,
  motion: rigidMotion(DURATION_SEC, at),
});

export async function scored(
  data: Pick<DriftingUnits, "spikes" | "probe">,
  request: Partial<ScoreboardRequest>,
  onEvent: (event: ScoreboardEvent) => void = () => undefined,
  signal = new AbortController().signal,
  truth?: RecordingTruth,
): Promise<Scoreboard> {
  return runScoreboard(
    { spikes: data.spikes, found: null, probe: data.probe, truth },
    { motions: [], truth: null, ...request },
    signal,
    onEvent,
  );
}

export const bare = (spikes: SpikeTable | null) => ({ spikes, found: null, probe: undefined });

export const verdicts = ({ verdicts }: Scoreboard) => verdicts.map(({ motion, kind }) => `${motion}: ${kind}`);

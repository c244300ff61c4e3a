import { AppError } from "../../core/errors.ts";
import type { ProbeSites, SpikeTable } from "../../core/types.ts";
import type { StepResult } from "../../protocol/methods.ts";
import type { Scoreboard, ScoreboardEvent, ScoreboardRequest } from "../../protocol/scoreboard.ts";
import { yieldToEventLoop } from "../yieldToEventLoop.ts";
import { positionSetsOf } from "./positionSets.ts";
import { scoreboard } from "./scoreboard.ts";

/**
 * The scoreboard of the spikes, with the positions of every localizer of `found` when that step found these spikes. Lets the
 * event loop take a turn after every event, so that it can be stopped. Throws AppError.
 */
export async function runScoreboard(
  spikes: SpikeTable | null,
  found: StepResult | null,
  probe: ProbeSites | undefined,
  request: ScoreboardRequest,
  signal: AbortSignal,
  onEvent: (event: ScoreboardEvent) => void,
): Promise<Scoreboard> {
  if (!spikes)
    throw new AppError(
      "bad-data",
      "There are no spikes to score a motion on; open some, or run a step that finds them.",
    );
  const locations = found?.spikes && isSame(found.spikes, spikes) ? (found.locations ?? {}) : {};
  const positions = positionSetsOf(spikes, locations);
  const events = scoreboard({ spikes, positions, ...(probe ? { probe } : {}) }, request, signal);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    onEvent(next.value);
    await yieldToEventLoop();
  }
}

/** Tables cross threads as copies, so they are told by their rows. */
function isSame(a: SpikeTable, b: SpikeTable): boolean {
  const last = a.nSpikes - 1;
  return a.nSpikes === b.nSpikes && a.timeSec[0] === b.timeSec[0] && a.timeSec[last] === b.timeSec[last];
}

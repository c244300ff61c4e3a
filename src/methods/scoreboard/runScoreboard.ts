import { AppError } from "../../core/errors.ts";
import { correctDepths, correctLateral } from "../../core/motion.ts";
import { blockMeans } from "../../core/scoreboard/blockMeans.ts";
import { correlationMatrix } from "../../core/scoreboard/correlationMatrix.ts";
import { scoreGrid, softGridOf } from "../../core/scoreboard/grid.ts";
import { binStarts, repeatability } from "../../core/scoreboard/repeatability.ts";
import type { RecordingTruth } from "../../core/spikeScore.ts";
import type { ProbeSites, SpikeTable } from "../../core/types.ts";
import type { StepResult } from "../../protocol/methods.ts";
import type {
  CorrelationMatrix,
  CorrelationRequest,
  Scoreboard,
  ScoreboardEvent,
  ScoreboardRequest,
} from "../../protocol/scoreboard.ts";
import { sameSpikes } from "../nouns.ts";
import { yieldToEventLoop } from "../yieldToEventLoop.ts";
import { chosenSets, positionSetsOf } from "./positionSets.ts";
import { type ScoreboardInputs, scoreboard } from "./scoreboard.ts";

const MAX_BINS = 8000; // 256 MB
const YIELD_BINS = 16;

/** The spikes that the engine holds, the step that found them, and the contacts. */
export interface Scorable {
  spikes: SpikeTable | null;
  found: StepResult | null;
  probe: ProbeSites | undefined;
  /** of a simulated recording */
  truth?: RecordingTruth | null;
}

/**
 * The scoreboard of the spikes, with the positions of every localizer of `found` when that step found these spikes. Lets the
 * event loop take a turn after every event, so that it can be stopped. Throws AppError.
 */
export async function runScoreboard(
  given: Scorable,
  request: ScoreboardRequest,
  signal: AbortSignal,
  onEvent: (event: ScoreboardEvent) => void,
): Promise<Scoreboard> {
  const events = scoreboard(inputsOf(given), request, signal);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    onEvent(next.value);
    await yieldToEventLoop();
  }
}

/** The correlations behind one ρ̄; null when it was stopped. Throws AppError. */
export async function runCorrelationMatrix(
  given: Scorable,
  { positions, motion, grid: options, isShared, mostRows }: CorrelationRequest,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<CorrelationMatrix | null> {
  const { spikes, probe, positions: sets } = inputsOf(given);
  const [set] = chosenSets(sets, positions === undefined ? undefined : [positions]);
  const grid = scoreGrid(isShared ? sets : [set], probe, spikes.timeSec[spikes.nSpikes - 1], options ?? {});
  const first = binStarts(spikes.timeSec, grid.binSec);
  const nBins = first.length - 1;
  if (nBins > MAX_BINS && mostRows !== 0) {
    throw new AppError(
      "bad-parameter",
      `Expected at most ${MAX_BINS} time bins for a picture of their correlations, found ${nBins}; take longer bins than ${grid.binSec} s.`,
    );
  }
  const depthUm = motion ? correctDepths(motion, spikes.timeSec, set.yUm, spikes.shank) : set.yUm;
  const lateralUm = motion && set.xUm ? correctLateral(motion, spikes.timeSec, set.xUm) : set.xUm;
  const histograms = [grid.xRangeUm ? lateralUm : null, depthUm, first, softGridOf(grid)] as const;
  const bins = repeatability(...histograms);
  let bin = bins.next();
  for (; !bin.done; bin = bins.next()) {
    if (bin.value % YIELD_BINS === 0) {
      if (mostRows === 0) onProgress(bin.value, nBins);
      await yieldToEventLoop();
    }
    if (signal.aborted) return null;
  }
  const { rho, entropyOfBinNats: entropyNats } = bin.value;
  const common = { rho, entropyNats, nBins, grid };
  if (mostRows === 0) return { ...common, values: new Float32Array(0), nRows: 0, binsPerRow: 1 };
  const rows = correlationMatrix(...histograms);
  for (;;) {
    const next = rows.next();
    if (next.done) return { ...common, ...blockMeans(next.value, nBins, mostRows ?? nBins) };
    onProgress(next.value, nBins);
    await yieldToEventLoop();
    if (signal.aborted) return null;
  }
}

function inputsOf({ spikes, found, probe, truth }: Scorable): ScoreboardInputs {
  if (!spikes || spikes.nSpikes === 0)
    throw new AppError(
      "bad-data",
      "There are no spikes to score a motion on; open some, or run a step that finds them.",
    );
  const locations = found?.spikes && sameSpikes(found.spikes, spikes) ? (found.locations ?? {}) : {};
  return {
    spikes,
    positions: positionSetsOf(spikes, locations),
    ...(probe ? { probe } : {}),
    ...(truth ? { truth } : {}),
  };
}

import { AppError } from "../../core/errors.ts";
import { type MotionScore, scoreMotion } from "../../core/motionScore.ts";
import { matchTruth } from "../../core/positionTruth.ts";
import { type PositionSet, scoreGrid } from "../../core/scoreboard/grid.ts";
import { spreadOf } from "../../core/scoreboard/positionStats.ts";
import { judge, motionExtent } from "../../core/scoreboard/verdict.ts";
import type { RecordingTruth } from "../../core/spikeScore.ts";
import type { ProbeSites, SpikeTable } from "../../core/types.ts";
import type {
  NamedMotion,
  Scoreboard,
  ScoreboardEvent,
  ScoreboardRequest,
  ScoreRow,
  Verdict,
} from "../../protocol/scoreboard.ts";
import { compared } from "./comparisons.ts";
import { type Control, controlsOf, turned } from "./controlRows.ts";
import { type Measured, measuring } from "./measure.ts";
import { chosenSets } from "./positionSets.ts";
import { REFERENCE_LOCALIZER, Reference } from "./reference.ts";
import { rowOf } from "./rows.ts";
import { Work } from "./work.ts";

/** What is scored: the spikes, and where each localizer puts them. */
export interface ScoreboardInputs {
  spikes: SpikeTable;
  /** every set there is, see `positionSetsOf` */
  positions: readonly PositionSet[];
  /** contacts; without them some controls are not possible */
  probe?: ProbeSites;
  /** true spikes of a simulated recording, to hold positions against */
  truth?: RecordingTruth;
}

/**
 * Score every pair of positions and motion, with controls, verdicts and the motions against each other. Yields events, and a
 * progress about every 40 ms of work (a few times that while positions are prepared); when the signal is aborted it returns
 * the rows that were finished with `complete: false`. Throws AppError when there is nothing to score or the grid is impossible.
 */
export async function* scoreboard(
  inputs: ScoreboardInputs,
  request: ScoreboardRequest,
  signal: AbortSignal,
): AsyncGenerator<ScoreboardEvent, Scoreboard> {
  const { spikes, probe } = inputs;
  const sets = chosenSets(inputs.positions, request.positions);
  if (spikes.nSpikes === 0 || sets.length === 0)
    throw new AppError(
      "bad-data",
      "There are no spikes to score a motion on; open some, or run a step that finds them.",
    );
  const grid = scoreGrid(sets, probe, spikes.timeSec[spikes.nSpikes - 1], request.grid ?? {});
  const { comparisons, warnings } = compared(request);
  const matched = inputs.truth ? matchTruth(inputs.truth, spikes) : null;
  if (inputs.truth && !matched) warnings.push(otherSpikes);
  const out: Scoreboard = {
    positions: inputs.positions.map(({ name }) => name),
    rows: [],
    verdicts: [],
    comparisons,
    warnings: [...warnings, ...unplaced(sets)],
    complete: false,
  };
  const work = new Work(measuring(spikes, probe, grid, matched), signal, nMeasurements(sets, inputs, request));
  const ordered = [...sets].sort(
    (a, b) => Number(b.name === REFERENCE_LOCALIZER) - Number(a.name === REFERENCE_LOCALIZER),
  );
  const reference = new Reference(spikes, probe, inputs.positions, request.motions);
  for (const set of ordered) {
    for await (const event of scoreSet(set, inputs, request, work, reference)) {
      if (event.kind === "row") out.rows.push(event.row);
      if (event.kind === "verdict") out.verdicts.push(event.verdict);
      yield event;
    }
    if (signal.aborted) return out;
  }
  return { ...out, complete: true };
}

const otherSpikes =
  "None of these spikes is among the true spikes of the simulated recording, so positions are not held against them.";

/** One motion on one set of positions, as far as it has been measured. */
interface Pair extends NamedMotion {
  corrected: Measured;
  signTurned: Measured;
  anchor: Measured | null;
  score: MotionScore | null;
}

/**
 * Everything about one set of positions: first the pairs, then the controls one after the other, so that only one is in memory,
 * then the verdicts. Ends early when it is stopped.
 */
async function* scoreSet(
  set: PositionSet,
  inputs: ScoreboardInputs,
  { motions, truth, detrend }: ScoreboardRequest,
  work: Work,
  reference: Reference,
): AsyncGenerator<ScoreboardEvent> {
  const row = (about: Partial<ScoreRow>, measured: Measured | null, before: Measured | null): ScoreboardEvent => ({
    kind: "row",
    row: rowOf(set.name, work.given, about, measured, before),
  });
  const own = work.take(set);
  const uncorrected = yield* work.run(own, null);
  if (!uncorrected) return;
  const agreement = reference.agreement({ before: set, after: set });
  yield row({ kind: "uncorrected", label: "no correction", agreement }, uncorrected, uncorrected);
  if (truth) {
    const measured = yield* work.run(own, truth.motion);
    if (!measured) return;
    yield row({ kind: "true-motion", label: "corrected by the truth", motion: truth.name }, measured, uncorrected);
  }
  const pairs: Pair[] = [];
  for (const { name, motion } of motions) {
    const corrected = yield* work.run(own, motion);
    if (!corrected) return;
    const score = truth && scoreMotion(motion, truth.motion, { detrend });
    const agreed = reference.agreement({ before: set, after: own.takeCorrected() });
    const about = { label: `corrected by ${name}`, motion: name, truth: score, agreement: agreed };
    yield row({ kind: "corrected", ...about }, corrected, uncorrected);
    const signTurned = yield* work.run(own, turned(motion));
    if (!signTurned) return;
    yield row({ kind: "sign-turned", label: "the same with its sign turned", motion: name }, signTurned, uncorrected);
    if (set.name === REFERENCE_LOCALIZER) reference.entropyNats.set(motion, corrected.entropyNats);
    pairs.push({ name, motion, corrected, signTurned, anchor: null, score });
  }
  for (const control of controlsOf(set, inputs.spikes, inputs.probe)) yield* scoreControl(control, pairs, work, row);
  if (work.isStopped) return;
  for (const pair of pairs) yield { kind: "verdict", verdict: verdictOf(set, uncorrected, pair, inputs, reference) };
}

/** One control under every motion, or without any where there is none. */
async function* scoreControl(
  { kind, label, positions, notPossible }: Control,
  pairs: readonly Pair[],
  work: Work,
  row: (about: Partial<ScoreRow>, measured: Measured | null, before: Measured | null) => ScoreboardEvent,
): AsyncGenerator<ScoreboardEvent> {
  const measurer = positions && work.take(positions());
  const before = measurer && (yield* work.run(measurer, null));
  if (work.isStopped) return;
  if (pairs.length === 0) yield row({ kind, label, notPossible }, before, before);
  for (const pair of pairs) {
    const measured = measurer && (yield* work.run(measurer, pair.motion));
    if (work.isStopped) return;
    if (kind === "anchor") pair.anchor = measured;
    yield row({ kind, label, motion: pair.name, notPossible }, measured, before);
  }
}

function verdictOf(
  set: PositionSet,
  uncorrected: Measured,
  { name, motion, corrected, signTurned, anchor, score }: Pair,
  { probe }: ScoreboardInputs,
  reference: Reference,
): Verdict {
  const judged = judge({
    uncorrected,
    corrected,
    signTurned,
    anchor,
    motionExtentUm: motionExtent(motion),
    contactSdXUm: contactSpread(probe),
    referenceEntropyNats: reference.entropyNats.get(motion) ?? Number.NaN,
    truth: score,
  });
  return { positions: set.name, motion: name, ...judged };
}

/** How many rows are measured, for the progress. */
function nMeasurements(
  sets: readonly PositionSet[],
  { spikes, probe }: ScoreboardInputs,
  { motions, truth }: ScoreboardRequest,
): number {
  const nOfAnchor = spikes.channel && (probe?.positionsUm.length ?? 0) > 0 ? 3 : 0;
  return sets.reduce((sum, { xUm }) => {
    const nControls = nOfAnchor + (xUm ? 1 : 0);
    return sum + 1 + (truth ? 1 : 0) + nControls + motions.length * (2 + nControls);
  }, 0);
}

/** Spread of the contacts across the probe; NaN where they are not known. */
function contactSpread(probe: ProbeSites | undefined): number {
  return spreadOf(Float64Array.from(probe?.positionsUm ?? [], ([x]) => x));
}

function unplaced(sets: readonly PositionSet[]): string[] {
  return sets.flatMap(({ name, xUm, yUm }) => {
    let n = 0;
    for (let i = 0; i < yUm.length; i++) if (!Number.isFinite(yUm[i]) || (xUm && !Number.isFinite(xUm[i]))) n++;
    return n === 0 ? [] : [`${n} of ${yUm.length} spikes have no position in "${name}" and take no part.`];
  });
}

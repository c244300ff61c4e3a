import { dredgeSetup } from "../../core/dredge/dredge.ts";
import { pairHorizon } from "../../core/dredge/horizon.ts";
import { rasterGrid } from "../../core/dredge/raster.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../defineMethod.ts";
import { checkBins, checkSize, closingWarnings, summarise } from "./checks.ts";
import { Pace } from "./pace.ts";
import { tileSize } from "./pairs.ts";
import { params, presets, troubleshooting } from "./params.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { type Estimation, motionOf, solveStretch, tilesOf } from "./stretch.ts";
import { nPairs } from "./tiles.ts";

function begin(prepared: Prepared): Estimation {
  const { spikes, probeRangeUm, lastSec, options } = prepared;
  const grid = rasterGrid(spikes, probeRangeUm, lastSec, options);
  const setup = dredgeSetup(grid, options);
  const size = setup.windows.nWindows * grid.nTimes;
  const horizon = pairHorizon(grid.nTimes, options);
  return {
    prepared,
    grid,
    setup,
    horizon,
    tileBins: tileSize(setup.windows, setup.maxDisplacementBins, horizon.reach),
    gate: new Float64Array(size),
    solution: new Float64Array(size),
    nSolved: 0,
    nIterations: 0,
    residual: 0,
    nCounted: 0,
    nAtLimit: 0,
  };
}

/** The whole, or chunks of time; the last is up to half a chunk longer. */
function stretchesOf(nTimes: number, chunkBins: number): [start: number, end: number][] {
  if (chunkBins === 0) return [[0, nTimes]];
  const n = Math.max(1, Math.round(nTimes / chunkBins));
  return Array.from({ length: n }, (_, k) => [k * chunkBins, k === n - 1 ? nTimes : (k + 1) * chunkBins]);
}

async function* run(
  inputs: MethodInputs,
  given: ParamValues,
  { signal }: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  const started = performance.now();
  yield { kind: "stage", name: "prepare", title: "Laying out bins and windows" };
  const prepared = prepare(inputs, given);
  checkBins(prepared);
  const work = begin(prepared);
  for (const message of [...prepared.warnings, ...work.setup.warnings])
    yield { kind: "warning", code: "dredge-data", message };
  const stretches = stretchesOf(work.grid.nTimes, prepared.chunkBins);
  checkSize(work, stretches);
  let total = 0;
  for (const stretch of stretches)
    for (const tile of tilesOf(work, stretch).flat()) total += work.setup.windows.nWindows * nPairs(tile);
  const pace = new Pace(total);
  for (const stretch of stretches) {
    if (signal.aborted) break;
    yield* solveStretch(work, stretch, pace, signal);
  }
  for (const message of closingWarnings(work)) yield { kind: "warning", code: "dredge-result", message };
  const seconds = (performance.now() - started) / 1000;
  return {
    ...(work.nSolved > 0 ? { motion: motionOf(work) } : {}),
    metrics: {},
    summary: summarise(work, pace.nDone, seconds),
    complete: pace.nDone === total && !signal.aborted,
  };
}

/** DREDge: motion from how far the drift raster of every time bin is shifted against that of every other. */
export const dredge = defineMethod({
  id: "dredge",
  title: "DREDge (AP)",
  summary:
    "Compares the drift raster of every two times, and finds the motion that explains all their displacements best.",
  reference:
    "Windolf et al., bioRxiv 2023.10.24.563768 (Nature Methods); SpikeInterface@a5f7dbb3 sortingcomponents/motion/dredge.py",
  needs: ["spikes"],
  gives: ["motion"],
  params,
  presets,
  troubleshooting,
  run,
});

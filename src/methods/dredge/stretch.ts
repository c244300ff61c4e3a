import { PairBand } from "../../core/dredge/band.ts";
import { exactly, type SolveLimits, solveBand } from "../../core/dredge/bandSolve.ts";
import type { DredgeSetup } from "../../core/dredge/dredge.ts";
import { windowMotion } from "../../core/dredge/dredge.ts";
import type { PairHorizon } from "../../core/dredge/horizon.ts";
import { type RasterGrid, rasterRows } from "../../core/dredge/raster.ts";
import { gateHeat, windowHeat } from "../../core/dredge/weights.ts";
import type { Motion } from "../../core/types.ts";
import type { Yielded } from "../defineMethod.ts";
import type { Pace } from "./pace.ts";
import { PairSource } from "./pairs.ts";
import type { Prepared } from "./prepare.ts";
import { planTiles, type Tile } from "./tiles.ts";

/** All that a run knows: filled stretch by stretch of time. */
export interface Estimation {
  prepared: Prepared;
  grid: RasterGrid;
  setup: DredgeSetup;
  horizon: PairHorizon;
  tileBins: number;
  /** [B, T] g, known up to the end of the stretch in work */
  gate: Float64Array;
  /** [B, T] µm, solved up to `nSolved` time bins */
  solution: Float64Array;
  nSolved: number;
  /** of the solves that gave the result */
  nIterations: number;
  residual: number;
  /** pairs of time bins that have weight, and those of them whose displacement is the largest looked for */
  nCounted: number;
  nAtLimit: number;
}

/** Rows of the raster at a time: some ten milliseconds. */
const rasterStep = 64;
/** A live motion is to be looked at. */
const roughly: SolveLimits = { tolerance: 1e-4, maxIterations: 40 };
/** Share of the time that live motions may take. */
const liveShare = 0.1;

/** Motion of the time bins that are solved. */
export function motionOf({ solution, nSolved, setup, grid }: Estimation): Motion {
  return windowMotion(solution, nSolved, setup.windows.centersUm, grid.timeEdgesSec);
}

/** The tiles of a stretch [start, end), by pass. */
export function tilesOf({ horizon, tileBins }: Estimation, [start, end]: readonly [number, number]): Tile[][] {
  return planTiles(start, end, horizon.reach, tileBins);
}

/**
 * Time bins [start, end): raster, pairs with each other and with earlier bins, solution. When the signal is aborted it
 * ends early, with the motion of the pairs there are once a first pass of them is complete.
 */
export async function* solveStretch(
  work: Estimation,
  [start, end]: readonly [number, number],
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<Yielded, void> {
  const { grid, setup, prepared, horizon } = work;
  const { nTimes } = grid;
  const { windows, maxDisplacementBins } = setup;
  const { options } = prepared;
  yield { kind: "stage", name: "raster", title: "Building the raster" };
  const firstBin = Math.max(0, start - horizon.reach);
  const raster = yield* stretchRaster(work, firstBin, start, end);
  yield { kind: "stage", name: "correlate", title: "Comparing all pairs of time bins" };
  const frame = { ...work, nWindows: windows.nWindows, nTimes, minCorrelation: options.minCorrelation };
  const band = new PairBand(frame, start, end, maxDisplacementBins * options.binUm);
  const source = new PairSource(raster, firstBin, windows, { binUm: options.binUm, maxDisplacementBins });
  pace.begin();
  let nPasses = 0;
  try {
    let rough: Float64Array | null = null;
    for (const pass of tilesOf(work, [start, end])) {
      yield* correlatePass(band, source, pass, pace, signal);
      if (signal.aborted) break;
      nPasses++;
      if (!pace.liveIsDue(liveShare)) continue;
      const began = performance.now();
      rough = yield* solve(work, band, rough, roughly, signal);
      pace.liveTook(performance.now() - began);
      yield { kind: "motion", motion: motionOf(work) };
    }
  } finally {
    source.dispose();
  }
  if (signal.aborted && nPasses === 0) return;
  if (!signal.aborted) yield { kind: "stage", name: "solve", title: "Solving for the motion" };
  yield* solve(work, band, null, signal.aborted ? roughly : exactly, signal);
  work.nCounted += band.nCounted;
  work.nAtLimit += band.nAtLimit;
  yield { kind: "motion", motion: motionOf(work) };
}

/** [n, D] of the time bins [firstBin, end) in float32; fills the gate of [start, end). */
async function* stretchRaster(
  { grid, setup, prepared, gate }: Estimation,
  firstBin: number,
  start: number,
  end: number,
): AsyncGenerator<Yielded, Float32Array> {
  const { nDepths, nTimes } = grid;
  const { windows } = setup;
  const raster = new Float32Array((end - firstBin) * nDepths);
  for (let from = firstBin; from < end; from += rasterStep) {
    const to = Math.min(end, from + rasterStep);
    const rows = rasterRows(prepared.spikes, grid, prepared.options, from, to);
    raster.set(rows, (from - firstBin) * nDepths);
    if (to > start) {
      const g = gateHeat(windowHeat(rows, to - from, windows), to - from, windows, prepared.options);
      for (let b = 0; b < windows.nWindows; b++)
        gate.set(g.subarray(b * (to - from), (b + 1) * (to - from)), b * nTimes + from);
    }
    yield { kind: "tick" };
  }
  return raster;
}

/** Every tile of a pass, of every window. The next is started before the last is waited for, so that a GPU always has work. */
async function* correlatePass(
  band: PairBand,
  source: PairSource,
  pass: readonly Tile[],
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<Yielded, void> {
  const jobs = band.coupling.flatMap((_, window) => pass.map((tile) => ({ window, tile })));
  const started: { window: number; tile: Tile; pairs: ReturnType<PairSource["tile"]> }[] = [];
  try {
    for (const job of [...jobs, null]) {
      if (signal.aborted) return;
      if (job) started.push({ ...job, pairs: source.tile(job.window, job.tile) });
      if (job && started.length < 2) continue;
      const { window, tile, pairs } = started[0];
      band.addTile(window, await pairs);
      started.shift();
      yield pace.did(tile);
    }
  } finally {
    await Promise.allSettled(started.map(({ pairs }) => pairs)); // they free their results
  }
}

/** Writes the stretch's solution; returns it to start the next from. */
async function* solve(
  work: Estimation,
  band: PairBand,
  from: Float64Array | null,
  limits: SolveLimits,
  signal: AbortSignal,
): AsyncGenerator<Yielded, Float64Array> {
  const steps = solveBand(band, work.prepared.options, from, { ...limits, stopped: () => signal.aborted });
  let next = steps.next();
  for (; !next.done; next = steps.next()) yield { kind: "tick" };
  const { displacementUm, state } = next.value;
  const end = band.start + band.nTimes;
  // stopped half way: a motion that was shown is better
  if (signal.aborted && state.residual > roughly.tolerance && work.nSolved === end) return displacementUm;
  for (let b = 0; b < band.coupling.length; b++)
    work.solution.set(
      displacementUm.subarray(b * band.nTimes, (b + 1) * band.nTimes),
      b * work.grid.nTimes + band.start,
    );
  work.nSolved = end;
  if (limits === exactly) {
    work.nIterations += state.iteration;
    work.residual = Math.max(work.residual, state.residual);
  }
  return displacementUm;
}

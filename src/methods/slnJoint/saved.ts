import type { Motion } from "../../core/types.ts";
import type { NetworkState } from "../../nn/network.ts";
import type { CheckpointStore } from "../sln/checkpoints.ts";
import type { MotionTableState } from "./motionTable.ts";
import type { Best, JointWork, Standing } from "./work.ts";

/** A motion as JSON: float64 survives it, and it is small beside the weights. */
interface StoredMotion {
  displacementUm: number[];
  timeBinCentersSec: number[];
  depthBinCentersUm: number[];
  lateralUm?: number[];
  byShank?: StoredMotion[];
}

/** What stands in a checkpoint besides the weights, which lie in its arrays. */
export interface JointHeader {
  standing: Omit<Standing, "motion" | "best" | "iterations"> & { motion: StoredMotion; nIterations: number };
  best: (Omit<Best, "network" | "motion" | "positions"> & { motion: StoredMotion; optimizerStep: number }) | null;
  optimizerStep: number;
  /** motion as it is trained, and the state of its optimiser */
  table: { motion: StoredMotion; state: MotionTableState } | null;
}

/** A run as it was left. */
export interface Restored {
  standing: Standing;
  network: Required<NetworkState>;
  table: { motion: Motion; state: MotionTableState } | null;
}

type Arrays = Record<string, Float32Array | Float64Array | Int32Array>;

export async function saveRun(work: JointWork, store: CheckpointStore<JointHeader>): Promise<string | null> {
  const { standing, network, table } = work;
  const { motion, best, iterations, ...rest } = standing;
  const now = await network.snapshot();
  const arrays: Arrays = { ...networkArrays("network", now) };
  if (best) Object.assign(arrays, networkArrays("best", best.network));
  iterations.forEach(({ weights, statistics }, k) => {
    arrays[`iteration${k}.weights`] = weights;
    arrays[`iteration${k}.statistics`] = statistics;
  });
  const header: JointHeader = {
    standing: { ...rest, motion: storedMotion(motion), nIterations: iterations.length },
    best: best && storedBest(best),
    optimizerStep: now.optimizer.step,
    table: table && { motion: storedMotion(table.motion), state: table.state() },
  };
  return store.save({ header, arrays });
}

export async function loadRun(store: CheckpointStore<JointHeader>): Promise<Restored | null> {
  const found = await store.load();
  if (!found) return null;
  const { header, arrays } = found;
  const { nIterations, motion, ...rest } = header.standing;
  const floats = (name: string) => arrays[name] as Float32Array;
  const networkOf = (name: string, step: number): Required<NetworkState> => ({
    weights: floats(`${name}.weights`),
    statistics: floats(`${name}.statistics`),
    optimizer: { step, moments: floats(`${name}.moments`) },
  });
  const best = header.best && {
    ...header.best,
    network: networkOf("best", header.best.optimizerStep),
    motion: loadedMotion(header.best.motion),
    positions: null,
  };
  const iterations = Array.from({ length: nIterations }, (_, k) => ({
    weights: floats(`iteration${k}.weights`),
    statistics: floats(`iteration${k}.statistics`),
  }));
  return {
    standing: { ...rest, motion: loadedMotion(motion), best, iterations },
    network: networkOf("network", header.optimizerStep),
    table: header.table && { motion: loadedMotion(header.table.motion), state: header.table.state },
  };
}

function storedBest({ network, motion, positions: _positions, ...rest }: Best) {
  return { ...rest, motion: storedMotion(motion), optimizerStep: network.optimizer.step };
}

function networkArrays(name: string, { weights, statistics, optimizer }: Required<NetworkState>): Arrays {
  return {
    [`${name}.weights`]: weights,
    [`${name}.statistics`]: statistics,
    [`${name}.moments`]: optimizer.moments,
  };
}

function storedMotion(motion: Motion): StoredMotion {
  const { displacementUm, timeBinCentersSec, depthBinCentersUm, lateralUm, byShank } = motion;
  return {
    displacementUm: [...displacementUm],
    timeBinCentersSec: [...timeBinCentersSec],
    depthBinCentersUm: [...depthBinCentersUm],
    ...(lateralUm ? { lateralUm: [...lateralUm] } : {}),
    ...(byShank ? { byShank: byShank.map(storedMotion) } : {}),
  };
}

function loadedMotion({ lateralUm, byShank, ...rest }: StoredMotion): Motion {
  return {
    displacementUm: Float64Array.from(rest.displacementUm),
    timeBinCentersSec: Float64Array.from(rest.timeBinCentersSec),
    depthBinCentersUm: Float64Array.from(rest.depthBinCentersUm),
    ...(lateralUm ? { lateralUm: Float64Array.from(lateralUm) } : {}),
    ...(byShank ? { byShank: byShank.map(loadedMotion) } : {}),
  };
}

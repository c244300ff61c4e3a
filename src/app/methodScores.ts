import { proxy } from "comlink";
import { create } from "zustand";
import type { ScoreGrid } from "../core/scoreboard/grid.ts";
import type { MethodMatrix } from "../protocol/pictures.ts";
import { withCompute } from "./clients.ts";
import { type Method, methodGrid } from "./methodGrid.ts";
import { errorSentence } from "./sessionStore.ts";

/** ρ̄ of every cell of the grid of methods, and the matrices behind it: computed when a person asks, on one grid for all. */
export interface MethodScore {
  /** NaN where it could not be computed */
  rho: number;
  grid: ScoreGrid | null;
  /** null where ρ̄ alone was asked for */
  matrix: MethodMatrix | null;
  /** why there is no number, one sentence; null where there is one */
  problem: string | null;
}

export interface MethodScoresState {
  /** by `Method.key` */
  scores: Readonly<Record<string, MethodScore>>;
  /** null while nothing is computed */
  job: { key: string; nDone: number; nAll: number; fraction: number } | null;
}

export const useMethodScores = create<MethodScoresState>(() => ({ scores: {}, job: null }));

/** Rows of a matrix in a grid of them: more than a cell of the picture has px. */
const MATRIX_ROWS = 600;

let lastJob = 0;
let job: string | null = null;

function lacks(score: MethodScore | undefined, withMatrices: boolean): boolean {
  return score === undefined || (withMatrices && score.matrix === null && score.problem === null);
}

/** Cells without a number, or without a matrix where those are wanted. */
export function missingScores(withMatrices: boolean, cells: readonly Method[] = methodGrid().cells): Method[] {
  const { scores } = useMethodScores.getState();
  return cells.filter(({ key }) => lacks(scores[key], withMatrices));
}

/** Compute what is missing, cell by cell. Never rejects: what cannot be computed says why in its own cell. */
export async function computeMethodScores(withMatrices: boolean): Promise<void> {
  if (job) return;
  const id = `methods-${++lastJob}`;
  job = id;
  const missing = missingScores(withMatrices);
  for (const [nDone, method] of missing.entries()) {
    const at = { key: method.key, nDone, nAll: missing.length };
    useMethodScores.setState({ job: { ...at, fraction: 0 } });
    const score = await scoreOf(id, method, withMatrices, (fraction) => {
      if (job === id) useMethodScores.setState({ job: { ...at, fraction } });
    });
    if (job !== id || !score) break;
    useMethodScores.setState(({ scores }) => ({ scores: { ...scores, [method.key]: score } }));
  }
  if (job !== id) return;
  job = null;
  useMethodScores.setState({ job: null });
}

/** null when it was stopped. */
async function scoreOf(
  id: string,
  { row, column }: Method,
  withMatrices: boolean,
  onFraction: (fraction: number) => void,
): Promise<MethodScore | null> {
  const positions = row.positions === null ? {} : { positions: row.positions };
  const mostRows = withMatrices ? MATRIX_ROWS : 0;
  const request = { ...positions, motion: column.motion, isShared: true, mostRows };
  const onProgress = (done: number, total: number) => onFraction(total > 0 ? done / total : 0);
  try {
    const found = await withCompute((api) => api.correlationMatrix(id, request, proxy(onProgress)));
    if (!found) return null;
    const { rho, grid, values, nRows, binsPerRow } = found;
    const matrix = withMatrices ? { values, nRows, rowSec: binsPerRow * grid.binSec } : null;
    return { rho, grid, matrix, problem: null };
  } catch (error) {
    return { rho: Number.NaN, grid: null, matrix: null, problem: errorSentence(error) };
  }
}

/** Stop; the numbers that are there stay. */
export async function stopMethodScores(): Promise<void> {
  const id = job;
  if (!id) return;
  job = null;
  useMethodScores.setState({ job: null });
  await withCompute((api) => api.cancel(id)).catch(() => undefined); // a worker that is gone computes nothing more
}

/** More than this are not kept: those of data sets that are put aside, of motions that were learned on. */
const MOST_SCORES = 80;

/** The spikes are others: what is being computed is of those before. What is known stays, for when these are back. */
export function leaveMethodScores(): void {
  void stopMethodScores();
  const { scores } = useMethodScores.getState();
  const newest = Object.entries(scores).slice(-MOST_SCORES);
  if (newest.length < Object.keys(scores).length) useMethodScores.setState({ scores: Object.fromEntries(newest) });
}

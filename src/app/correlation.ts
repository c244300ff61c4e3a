import { proxy } from "comlink";
import { create } from "zustand";
import { meanOffDiagonal } from "../core/scoreboard/correlationMatrix.ts";
import type { ScoreGrid } from "../core/scoreboard/grid.ts";
import type { MethodEvent } from "../protocol/methods.ts";
import type { CorrelationPicture } from "../protocol/pictures.ts";
import { withCompute, withPaint } from "./clients.ts";
import { formatNumber, formatRange } from "./format.ts";
import { nameOfLocalizer } from "./localizerNames.ts";
import { activeMotion } from "./motions.ts";
import { knownPositions, ownPositions, usePositions } from "./positions.ts";
import { getResults, keepPictures } from "./results.ts";
import { errorSentence, notifyError } from "./sessionStore.ts";

/** The correlations behind ρ̄: of the network as it trains, or computed for what is on screen when a person asks. */
export interface CorrelationState {
  /** where the matrix on screen comes from; null while there is none */
  source: "live" | "computed" | null;
  /** what is on screen in words, with ρ̄ and its grid */
  title: string;
  isRunning: boolean;
  /** 0 to 1 */
  fraction: number;
  error: string | null;
  /** what the matrix was computed of; tells whether the screen has moved on */
  key: string;
}

const NOTHING: CorrelationState = { source: null, title: "", isRunning: false, fraction: 0, error: null, key: "" };

export const useCorrelation = create<CorrelationState>(() => NOTHING);

let lastJob = 0;
let job: string | null = null;

function show(next: CorrelationPicture | null): void {
  keepPictures({ correlation: next });
  withPaint((paint) => paint.setParts({ correlation: next })).catch(notifyError);
}

/** "Grid: 31 × 241 voxels of 4 µm (σ 4 µm), x …": what every ρ̄ rests on, without which it means nothing. */
export function gridInWords({ binSec, pitchUm, sigmaUm, xRangeUm, yRangeUm, nx, ny }: ScoreGrid): string {
  const across = xRangeUm ? `, x ${formatRange(xRangeUm, "µm")}` : ", depth alone, for lateral positions are not known";
  const voxels = xRangeUm ? `${nx} × ${ny} voxels` : `${ny} voxels`;
  return `Grid: ${voxels} of ${pitchUm} µm (σ ${sigmaUm} µm)${across}, depth ${formatRange(yRangeUm, "µm")}, time bins of ${binSec} s.`;
}

/** The matrix of the network as it stands. */
export function takeCorrelation({ values, nBins, binSec }: Extract<MethodEvent, { kind: "correlation" }>): void {
  const rho = formatNumber(meanOffDiagonal(values, nBins));
  const heading = "Network as it trains";
  const gridWords = `Grid of the training, time bins of ${formatNumber(binSec)} s.`;
  useCorrelation.setState({ ...NOTHING, source: "live", title: `${heading}: ρ̄ ${rho}. ${gridWords}` });
  show({ values, nBins, binSec, entropyNats: null, title: heading, gridWords });
}

/** Positions and motion on screen, as a text to compare. */
export function correlationKey(): string {
  return JSON.stringify([
    usePositions.getState().chosen,
    activeMotion()?.id ?? null,
    getResults().spikesGeneration,
    ownPositions(knownPositions(), getResults().spikes),
  ]);
}

/** Compute the matrix of the positions and the motion on screen. Never rejects: a failure is the state's own sentence. */
export async function computeCorrelation(): Promise<void> {
  if (job) return;
  const id = `correlation-${++lastJob}`;
  job = id;
  const key = correlationKey();
  const motion = activeMotion();
  const positions = usePositions.getState().chosen ?? ownPositions(knownPositions(), getResults().spikes);
  useCorrelation.setState({ isRunning: true, fraction: 0, error: null, key });
  const onProgress = (done: number, total: number) => {
    if (job === id) useCorrelation.setState({ fraction: total > 0 ? done / total : 0 });
  };
  try {
    const request = { ...(positions === null ? {} : { positions }), motion: motion?.motion ?? null };
    const matrix = await withCompute((api) => api.correlationMatrix(id, request, proxy(onProgress)));
    if (job !== id) return;
    if (!matrix) {
      useCorrelation.setState({ isRunning: false });
      return;
    }
    const { values, nBins, grid, entropyNats } = matrix;
    const of = positions === null ? "" : `${nameOfLocalizer(positions)}, `;
    const corrected = motion ? `corrected by ${motion.title}` : "not corrected";
    const heading = `${of}${corrected}`;
    const gridWords = gridInWords(grid);
    const title = `${heading}: ρ̄ ${formatNumber(meanOffDiagonal(values, nBins))}. ${gridWords}`;
    useCorrelation.setState({ source: "computed", title, isRunning: false });
    show({ values, nBins, binSec: grid.binSec, entropyNats, title: heading, gridWords });
  } catch (error) {
    if (job === id) useCorrelation.setState({ isRunning: false, error: errorSentence(error) });
  } finally {
    if (job === id) job = null;
  }
}

/** Stop computing; the matrix that was on screen stays. */
export async function stopCorrelation(): Promise<void> {
  if (job) await withCompute((api) => api.cancel(job ?? "")).catch(notifyError);
}

/** Spikes are others: their correlations go. */
export function forgetCorrelation(): void {
  job = null;
  useCorrelation.setState(NOTHING);
  if (getResults().correlation) show(null);
}

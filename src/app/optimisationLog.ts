import { create } from "zustand";
import type { Motion, Range, SpikeTable } from "../core/types.ts";
import type { OptimisationFilm, OptimisationMoment, OptimisationSnapshot } from "../protocol/films.ts";
import type { JobEvent, MethodEvent } from "../protocol/methods.ts";
import { getResults } from "./results.ts";

/**
 * The course of a run, kept thinly for its film: at most 60 moments of at most 20,000 spikes and a motion of at most 1,000 × 16
 * bins, 36 MB (with motions of single shanks twice the motions' share of 8). When there are more, every second moment
 * goes, so that what is kept stays even over the run however long it is.
 */
export interface LogLimits {
  moments: number;
  spikes: number;
  timeBins: number;
  depthBins: number;
}

export const LOG_LIMITS: LogLimits = { moments: 60, spikes: 20_000, timeBins: 1000, depthBins: 16 };

interface Kept {
  title: string;
  step: number;
  iteration: number | null;
  rho: number;
  loss: number;
  snapshot: OptimisationSnapshot;
  has: { positions: boolean; motion: boolean };
}

export class OptimisationLog {
  readonly #limits: LogLimits;
  /** every `every`-th moment, from the first on */
  #even: Kept[] = [];
  /** the newest moment where it is none of those */
  #tail: Kept | null = null;
  #every = 1;
  #nSeen = 0;
  #title = "";
  #step = 0;
  #iteration = 0;
  #rho = Number.NaN;
  #loss = Number.NaN;
  #isFresh = true;

  constructor(limits: LogLimits = LOG_LIMITS) {
    this.#limits = limits;
  }

  /** A run begins. The film of the one before stays until this one has something to show. */
  begin(): void {
    this.#isFresh = true;
    this.#title = "";
    this.#step = 0;
    this.#iteration = 0;
    this.#rho = Number.NaN;
    this.#loss = Number.NaN;
  }

  forget(): void {
    this.#even = [];
    this.#tail = null;
    this.#every = 1;
    this.#nSeen = 0;
  }

  /** What an event of the run says. True when there is another moment, or another picture of the newest. */
  take(event: JobEvent, spikes: SpikeTable | null): boolean {
    if (event.kind === "stage") {
      this.#title = event.title;
      if (event.name === "phase-a") this.#iteration++;
    } else if (event.kind === "metric") {
      this.#step = event.step;
      this.#rho = event.values.rho_val ?? this.#rho;
      this.#loss = event.values.loss ?? this.#loss;
    } else if (event.kind === "positions") return this.#takePositions(event);
    else if (event.kind === "motion" && spikes && spikes.nSpikes > 0) return this.#takeMotion(event.motion, spikes);
    return false;
  }

  film(): Pick<OptimisationFilm, "scoreName" | "moments"> {
    const all = this.#all();
    const hasRho = all.some(({ rho }) => Number.isFinite(rho));
    const moments = all.map(({ title, step, iteration, rho, loss, snapshot }) => ({
      title,
      step,
      iteration,
      score: hasRho ? rho : loss,
      displacementUm: snapshot.motion && extentOf(snapshot.motion.displacementUm),
    }));
    return { scoreName: hasRho ? "ρ̄" : "Loss", moments };
  }

  snapshots(): OptimisationSnapshot[] {
    return this.#all().map(({ snapshot }) => snapshot);
  }

  #all(): Kept[] {
    return this.#tail ? [...this.#even, this.#tail] : this.#even;
  }

  #takePositions({ rows, xyza }: Extract<MethodEvent, { kind: "positions" }>): true {
    const last = this.#isFresh ? undefined : this.#all().at(-1);
    const placed = sampled(rows, xyza, this.#limits.spikes);
    const motion = last?.snapshot.motion ?? null;
    if (last && last.step === this.#step && !last.has.positions) {
      last.snapshot = { ...placed, motion };
      last.has.positions = true;
      this.#restate(last);
    } else this.#add({ ...placed, motion }, { positions: true, motion: false });
    return true;
  }

  #takeMotion(whole: Motion, spikes: SpikeTable): true {
    const last = this.#isFresh ? undefined : this.#all().at(-1);
    const motion = thinMotion(whole, this.#limits);
    if (last && last.step === this.#step && !last.has.motion) {
      last.snapshot = { ...last.snapshot, motion };
      last.has.motion = true;
      this.#restate(last);
      return true;
    }
    const before = last?.snapshot;
    const rows = before?.rows ?? evenRows(spikes.nSpikes, this.#limits.spikes);
    this.#add({ rows, xyza: before?.xyza ?? null, motion }, { positions: false, motion: true });
    return true;
  }

  #restate(kept: Kept): void {
    Object.assign(kept, { title: this.#title, rho: this.#rho, loss: this.#loss });
  }

  #add(snapshot: OptimisationSnapshot, has: Kept["has"]): void {
    if (this.#isFresh) this.forget();
    this.#isFresh = false;
    const now = { title: this.#title, step: this.#step, rho: this.#rho, loss: this.#loss };
    const kept: Kept = { ...now, iteration: this.#iteration || null, snapshot, has };
    if (this.#nSeen++ % this.#every !== 0) {
      this.#tail = kept;
      return;
    }
    this.#tail = null;
    this.#even.push(kept);
    if (this.#even.length < this.#limits.moments) return;
    const newest = this.#even.length - 1;
    this.#tail = newest % 2 === 0 ? null : kept;
    this.#even = this.#even.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }
}

/** At most `most` rows, evenly over n. */
function evenRows(n: number, most: number): Int32Array {
  const size = Math.min(n, most);
  return Int32Array.from({ length: size }, (_, i) => Math.floor((i * n) / size));
}

/** At most `most` of some spikes, in order of their rows. rows null: all of the table. */
function sampled(rows: Int32Array | null, xyza: Float32Array, most: number): { rows: Int32Array; xyza: Float32Array } {
  const n = xyza.length / 4;
  const order = evenRows(n, most);
  if (rows?.some((row, i) => i > 0 && row < rows[i - 1])) order.sort((a, b) => rows[a] - rows[b]);
  else if (rows && n <= most) return { rows, xyza };
  const out = new Float32Array(4 * order.length);
  order.forEach((from, i) => {
    out.set(xyza.subarray(4 * from, 4 * from + 4), 4 * i);
  });
  return { rows: rows ? order.map((i) => rows[i]) : order, xyza: out };
}

/** A motion of fewer bins: some of its own, evenly, the first and the last among them. */
export function thinMotion(motion: Motion, limits: Pick<LogLimits, "timeBins" | "depthBins">): Motion {
  const { timeBinCentersSec, depthBinCentersUm, displacementUm, lateralUm, byShank } = motion;
  const [nTimes, nDepths] = [timeBinCentersSec.length, depthBinCentersUm.length];
  const times = ends(nTimes, limits.timeBins);
  const depths = ends(nDepths, limits.depthBins);
  const thin: Motion = {
    displacementUm: Float64Array.from(times.flatMap((t) => depths.map((d) => displacementUm[t * nDepths + d]))),
    timeBinCentersSec: Float64Array.from(times, (t) => timeBinCentersSec[t]),
    depthBinCentersUm: Float64Array.from(depths, (d) => depthBinCentersUm[d]),
  };
  if (lateralUm) thin.lateralUm = Float64Array.from(times, (t) => lateralUm[t]);
  if (byShank) {
    const share = { ...limits, timeBins: Math.max(2, Math.floor(limits.timeBins / byShank.length)) };
    thin.byShank = byShank.map((one) => thinMotion(one, share));
  }
  return thin;
}

function ends(n: number, most: number): number[] {
  const size = Math.min(n, most);
  return Array.from({ length: size }, (_, i) => (size === 1 ? 0 : Math.round((i * (n - 1)) / (size - 1))));
}

function extentOf(values: Float64Array): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? [low, high] : [0, 0];
}

/** The session's own log, and what the page shows of it; snapshots are arrays and stay outside the store. */
export interface LoggedRun {
  scoreName: OptimisationFilm["scoreName"];
  moments: readonly OptimisationMoment[];
}

export const useOptimisation = create<LoggedRun>(() => ({ scoreName: "Loss", moments: [] }));

const log = new OptimisationLog();
/** the spikes that the rows of its snapshots are of */
let generation = -1;

/** A run begins. */
export function startOptimisationLog(): void {
  log.begin();
}

/** Keep what an event of the running job says. */
export function logOptimisation(event: JobEvent): void {
  const { spikes, spikesGeneration } = getResults();
  if (spikesGeneration !== generation) forgetOptimisation();
  if (log.take(event, spikes)) useOptimisation.setState(log.film());
}

/** Rows mean other spikes than before: the film of those is over. */
export function forgetOptimisation(): void {
  generation = getResults().spikesGeneration;
  log.forget();
  if (useOptimisation.getState().moments.length > 0) useOptimisation.setState(log.film());
}

/** Of every moment, in order. */
export function optimisationSnapshots(): OptimisationSnapshot[] {
  return log.snapshots();
}

import type { Yielded } from "../defineMethod.ts";

/** Kinds of work whose speeds have little to do with each other. */
export type WorkKind = "motion" | "apply" | "train";

/** Seconds per spike before anything was measured; only the first estimates of the time left rest on them. */
const GUESS: Record<WorkKind, number> = { motion: 2e-4, apply: 3e-4, train: 1.5e-3 };

/**
 * How far a run is, over all its phases, in spikes: a spike that the network is applied to, trained on or that motion is
 * estimated from counts once. The time left is what is left of each kind at the speed of its own.
 */
export class RunPace {
  readonly #left: Record<WorkKind, number>;
  readonly #total: number;
  readonly #done: Record<WorkKind, number> = { motion: 0, apply: 0, train: 0 };
  readonly #seconds: Record<WorkKind, number> = { motion: 0, apply: 0, train: 0 };
  #since = performance.now();
  #shown = 0;

  /** Spikes of each kind that the whole run takes. */
  constructor(planned: Record<WorkKind, number>) {
    this.#left = { ...planned };
    this.#total = Math.max(1, planned.motion + planned.apply + planned.train);
  }

  /** Work that was done before, by a run that this one goes on from: it counts, but says nothing about speed. */
  skip(kind: WorkKind, nSpikes: number): void {
    this.#left[kind] = Math.max(0, this.#left[kind] - nSpikes);
    this.#since = performance.now();
  }

  /** Time up to here was spent on something that is not counted. */
  restart(): void {
    this.#since = performance.now();
  }

  add(kind: WorkKind, nSpikes: number): void {
    const now = performance.now();
    this.#seconds[kind] += (now - this.#since) / 1000;
    this.#since = now;
    this.#done[kind] += nSpikes;
    this.#left[kind] = Math.max(0, this.#left[kind] - nSpikes);
  }

  /** Spikes trained on in a second; NaN before the first. */
  get trainedPerSec(): number {
    return this.#done.train / this.#seconds.train;
  }

  /** Progress, or a tick where nothing was added since it was last shown. */
  event(): Yielded {
    const kinds: WorkKind[] = ["motion", "apply", "train"];
    const left = kinds.reduce((sum, kind) => sum + this.#left[kind], 0);
    const done = Math.max(1e-9, this.#total - left);
    if (!(done > this.#shown)) return { kind: "tick" };
    this.#shown = done;
    const perSpike = (kind: WorkKind) => (this.#done[kind] > 0 ? this.#seconds[kind] / this.#done[kind] : GUESS[kind]);
    const secondsLeft = kinds.reduce((sum, kind) => sum + this.#left[kind] * perSpike(kind), 0);
    const ratePerSec = Math.max(1e-9, left) / Math.max(1e-9, secondsLeft);
    return { kind: "progress", done, total: this.#total, unit: "spikes", ratePerSec, secondsLeft };
  }
}

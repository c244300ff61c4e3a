import type { Yielded } from "../defineMethod.ts";
import { nPairs, type Tile } from "./tiles.ts";

const progressEveryMs = 100;
const liveEveryMs = 500;

/** How far the comparison of pairs is, and when a live motion is due. */
export class Pace {
  readonly #total: number;
  #done = 0;
  #startedAt: number | null = null;
  #saidAt = Number.NEGATIVE_INFINITY;
  #liveAt = Number.NEGATIVE_INFINITY;
  #liveMs = 0;

  /** total: ordered pairs of all windows. */
  constructor(total: number) {
    this.#total = total;
  }

  get nDone(): number {
    return this.#done;
  }

  begin(): void {
    this.#startedAt ??= performance.now();
  }

  /** Counts a tile of one window; what to yield for it. */
  did(tile: Tile): Yielded {
    this.#done += nPairs(tile);
    const now = performance.now();
    const last = this.#done === this.#total;
    if (!last && now - this.#saidAt < progressEveryMs) return { kind: "tick" };
    this.#saidAt = now;
    const ratePerSec = (1000 * this.#done) / Math.max(now - (this.#startedAt ?? now), 1);
    const secondsLeft = (this.#total - this.#done) / ratePerSec;
    return { kind: "progress", done: this.#done, total: this.#total, unit: "pairs", ratePerSec, secondsLeft };
  }

  /** Long enough after the last one that they take no more than `share` of the time. */
  liveIsDue(share: number): boolean {
    return performance.now() - this.#liveAt > Math.max(liveEveryMs, this.#liveMs / share);
  }

  liveTook(ms: number): void {
    this.#liveMs = ms;
    this.#liveAt = performance.now();
  }
}

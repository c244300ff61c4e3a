import type { PositionSet } from "../../core/scoreboard/grid.ts";
import type { Motion } from "../../core/types.ts";
import type { ScoreboardEvent } from "../../protocol/scoreboard.ts";
import { type Measured, Measurer, type Measuring } from "./measure.ts";

const TICK_MS = 40;

/** Measures one row after the other, says how far it is, and stops when it is told to. */
export class Work {
  readonly given: Measuring;
  readonly #signal: AbortSignal;
  readonly #total: number;
  readonly #startedMs = performance.now();
  #lastMs = performance.now();
  #done = 0;

  constructor(given: Measuring, signal: AbortSignal, nMeasurements: number) {
    this.given = given;
    this.#signal = signal;
    this.#total = nMeasurements * Math.max(1, given.first.length - 1);
  }

  get isStopped(): boolean {
    return this.#signal.aborted;
  }

  take(positions: PositionSet): Measurer {
    return new Measurer(this.given, positions);
  }

  /** Null when it was stopped. */
  async *run(measurer: Measurer, motion: Motion | null): AsyncGenerator<ScoreboardEvent, Measured | null> {
    const start = this.#done;
    const measuring = measurer.measure(motion);
    for (;;) {
      if (this.#signal.aborted) return null;
      const next = measuring.next();
      if (next.done) {
        yield this.#progress();
        return this.#signal.aborted ? null : next.value;
      }
      this.#done = start + next.value;
      if (performance.now() - this.#lastMs >= TICK_MS) yield this.#progress();
    }
  }

  #progress(): ScoreboardEvent {
    this.#lastMs = performance.now();
    const elapsedSec = (this.#lastMs - this.#startedMs) / 1000;
    const left = Math.max(0, this.#total - this.#done);
    const secondsLeft = this.#done > 0 ? (elapsedSec * left) / this.#done : Number.NaN;
    return { kind: "progress", done: this.#done, total: this.#total, secondsLeft };
  }
}

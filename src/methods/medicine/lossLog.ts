import { concat, type Tensor1D } from "@tensorflow/tfjs-core";
import { AppError } from "../../core/errors.ts";
import type { MetricSeries } from "../../protocol/methods.ts";

/** Loss terms leave the backend in groups, so that the GPU is not drained at every step. */
export class LossLog {
  readonly total: number[] = [];
  readonly real: number[] = [];
  readonly fake: number[] = [];
  #pending: Tensor1D[] = [];

  push(terms: Tensor1D): void {
    this.#pending.push(terms);
  }

  get nPending(): number {
    return this.#pending.length;
  }

  /** Throws AppError bad-data when the loss is no longer a number. */
  async read(): Promise<void> {
    if (this.#pending.length === 0) return;
    const joined = concat(this.#pending);
    this.dispose();
    const values = await joined.data();
    joined.dispose();
    for (let i = 0; i < values.length; i += 2) {
      this.real.push(values[i]);
      this.fake.push(values[i + 1]);
      this.total.push(values[i] + values[i + 1]);
    }
    if (!Number.isFinite(this.total[this.total.length - 1])) {
      throw new AppError(
        "bad-data",
        `The loss stopped being a number at step ${this.total.length}; a smaller learning_rate usually helps.`,
        { step: this.total.length },
      );
    }
  }

  dispose(): void {
    for (const t of this.#pending) t.dispose();
    this.#pending = [];
  }

  series(): Record<string, MetricSeries> {
    const step = Float64Array.from(this.total.keys());
    const of = (value: number[]): MetricSeries => ({ step, value: Float32Array.from(value) });
    return { loss: of(this.total), loss_real: of(this.real), loss_fake: of(this.fake) };
  }
}

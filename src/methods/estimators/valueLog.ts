import { concat, type Tensor1D } from "@tensorflow/tfjs-core";
import { AppError } from "../../core/errors.ts";
import type { MetricSeries } from "../../protocol/methods.ts";

interface ValueLogOptions<Name extends string> {
  /** curves, the one that must stay a number first */
  names: readonly Name[];
  /** how many numbers a step pushes; that of the names when it does not say */
  nTerms?: number;
  /** the values of the curves from what a step pushed; the same numbers when it does not say */
  valuesOf?: (terms: readonly number[]) => readonly number[];
  /** what the first curve is and what a step is called, for the sentence when it fails, e.g. "The loss", "step" */
  what: string;
  unit: string;
}

/**
 * Numbers of every step of an optimisation. They leave the backend in groups, so that a GPU is not drained at every step: push
 * what a step gives, read now and then.
 */
export class ValueLog<Name extends string> {
  readonly #options: ValueLogOptions<Name>;
  readonly #nTerms: number;
  readonly #values: Record<Name, number[]>;
  #pending: Tensor1D[] = [];

  constructor(options: ValueLogOptions<Name>) {
    this.#options = options;
    this.#nTerms = options.nTerms ?? options.names.length;
    this.#values = Object.fromEntries(options.names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  }

  /** terms: [nTerms], or those of several steps in a row. The log disposes it. */
  push(terms: Tensor1D): void {
    this.#pending.push(terms);
  }

  get nPending(): number {
    return this.#pending.length;
  }

  /** Steps that have been read. */
  get nSteps(): number {
    return this.#values[this.#options.names[0]].length;
  }

  /** [nSteps] */
  values(name: Name): readonly number[] {
    return this.#values[name];
  }

  /** Every curve at the last step that was read; NaN before the first. */
  last(): Record<Name, number> {
    const { names } = this.#options;
    return Object.fromEntries(names.map((name) => [name, this.#values[name].at(-1) ?? Number.NaN])) as Record<
      Name,
      number
    >;
  }

  /** Throws AppError bad-data when the first curve is no longer a number. */
  async read(): Promise<void> {
    if (this.#pending.length === 0) return;
    const { names, valuesOf, what, unit } = this.#options;
    const joined = concat(this.#pending);
    this.dispose();
    const terms = Array.from(await joined.data());
    joined.dispose();
    for (let i = 0; i < terms.length; i += this.#nTerms) {
      const given = terms.slice(i, i + this.#nTerms);
      const values = valuesOf ? valuesOf(given) : given;
      names.forEach((name, k) => {
        this.#values[name].push(values[k]);
      });
    }
    if (Number.isFinite(this.last()[names[0]])) return;
    throw new AppError(
      "bad-data",
      `${what} stopped being a number at ${unit} ${this.nSteps}; a smaller learning_rate usually helps.`,
      { [unit]: this.nSteps },
    );
  }

  dispose(): void {
    for (const terms of this.#pending) terms.dispose();
    this.#pending = [];
  }

  series(): Record<Name, MetricSeries> {
    const { names } = this.#options;
    const step = Float64Array.from({ length: this.nSteps }, (_, i) => i);
    return Object.fromEntries(
      names.map((name) => [name, { step, value: Float32Array.from(this.#values[name]) }]),
    ) as Record<Name, MetricSeries>;
  }
}

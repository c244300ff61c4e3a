import { addN, keep, slice, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { NetworkPass } from "../../core/network/types.ts";
import type { Network } from "../../nn/network.ts";
import type { Yielded } from "../defineMethod.ts";
import { batchTensors } from "../sln/apply.ts";
import type { WaveformFeed } from "../sln/feed.ts";

/** Spikes that go through the network at once: bounds the memory of a step however large its block is. */
export const MICRO_BATCH = 2048;
/** Waveforms of a block up to this size are kept between its two passes, 4 kB each; those of a larger one are read again. */
export const KEPT_SPIKES = 8192;

/** How a block goes through the network: as NetworkPass, whose first row is counted here. */
export type BlockPass = Omit<NetworkPass, "firstRow">;

/**
 * The spikes of a block on their way through the network, in parts of at most `MICRO_BATCH`. The gradient of the whole is the
 * sum of those of its parts: exact where spikes do not know of each other (running statistics, and the transformer); with
 * batch statistics each part is normalised by its own.
 */
export class BlockPasses {
  readonly #network: Network;
  readonly #feed: WaveformFeed;
  readonly #rows: Int32Array;
  readonly #pass: BlockPass;
  readonly #size: number;
  readonly #kept = new Map<number, Float32Array>();

  constructor(network: Network, feed: WaveformFeed, rows: Int32Array, pass: BlockPass, size = MICRO_BATCH) {
    this.#network = network;
    this.#feed = feed;
    this.#rows = rows;
    this.#pass = pass;
    this.#size = size;
  }

  /** [N, nOut] */
  async *output(): AsyncGenerator<Yielded, Float32Array> {
    const { nOut } = this.#network.spec;
    const out = new Float32Array(this.#rows.length * nOut);
    for (let from = 0; from < this.#rows.length; from += this.#size) {
      const input = await this.#input(from);
      try {
        const part = this.#network.output(input, { ...this.#pass, firstRow: from }, false);
        out.set(await part.data(), from * nOut);
        part.dispose();
      } finally {
        input.waveforms.dispose();
        input.centroids.dispose();
      }
      yield { kind: "tick" };
    }
    return out;
  }

  /** [P] for the gradient [N, nOut] with respect to the output. The caller disposes it. */
  async *gradient(outGrad: Tensor2D): AsyncGenerator<Yielded, Tensor1D> {
    const { nOut } = this.#network.spec;
    const loss = { kind: "given", beta: 0, scale: new Array<number>(nOut).fill(1), count: this.#rows.length } as const;
    let total: Tensor1D | null = null;
    let isWhole = false;
    try {
      for (let from = 0; from < this.#rows.length; from += this.#size) {
        const n = Math.min(this.#size, this.#rows.length - from);
        const input = await this.#input(from);
        const target = slice(outGrad, [from, 0], [n, nOut]);
        const pass = { ...this.#pass, firstRow: from };
        const part = this.#network.gradient(input, target, pass, loss, this.#pass.batchStatistics);
        for (const used of [input.waveforms, input.centroids, target, part.out, part.loss]) used.dispose();
        total = plus(total, part.weightGrad);
        yield { kind: "tick" };
      }
      isWhole = true;
    } finally {
      if (!isWhole) total?.dispose();
    }
    return total!;
  }

  async #input(from: number) {
    const rows = this.#rows.subarray(from, Math.min(this.#rows.length, from + this.#size));
    const waveforms = this.#kept.get(from) ?? (await this.#feed.read(rows));
    if (this.#rows.length <= KEPT_SPIKES) this.#kept.set(from, waveforms);
    return batchTensors(this.#feed, rows, waveforms);
  }
}

/** The sum in the place of its parts. */
function plus(total: Tensor1D | null, part: Tensor1D): Tensor1D {
  if (!total) return part;
  const sum = tidy(() => keep(addN([total, part])) as Tensor1D);
  total.dispose();
  part.dispose();
  return sum;
}

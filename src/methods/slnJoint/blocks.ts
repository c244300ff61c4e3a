import { AppError } from "../../core/errors.ts";
import { Random } from "../../core/random.ts";
import { binStarts } from "../../core/scoreboard/repeatability.ts";
import type { Range, SpikeTable } from "../../core/types.ts";

/** A block is skipped when fewer of its bins have spikes enough. */
export const LEAST_VALID_BINS = 4;
const MAX_BINS = 1_000_000;

export interface BlockSettings {
  binSec: number;
  /** spikes that make a bin count */
  minSpikes: number;
  blockBins: number;
  /** bins from the start of a block to that of the next */
  stride: number;
  /** a block of bins in a row, or of bins drawn from all that are trained on */
  sampling: "consecutive" | "random";
  /** of the time, from its beginning; the rest validates */
  trainFraction: number;
  maxValidationBlocks: number;
}

/** Some time bins and all their spikes. */
export interface Block {
  /** [B] time bins, ascending */
  bins: Int32Array;
  /** [N] rows of the table */
  rows: Int32Array;
  /** [N] which of the block's bins each spike lies in */
  bin: Int32Array;
  /** [B] 1 for a bin with spikes enough */
  valid: Float32Array;
  nValid: number;
  maxPerBin: number;
}

/**
 * Which spikes make a step. Training blocks lie in the first part of the recording, validation blocks, a fixed choice, in the
 * rest. Source of the scheme: the block sampler of evarol/spikeLocalizationNetwork, with a stride and random bins added.
 */
export class BlockSampler {
  readonly binSec: number;
  readonly warnings: string[] = [];
  /** [T + 1] first row of each time bin */
  readonly first: Uint32Array;
  readonly nValidBins: number;
  readonly validation: readonly Int32Array[];
  /** blocks of an epoch that are not skipped, and those that are */
  readonly nBlocks: number;
  readonly nSkipped: number;
  readonly #settings: BlockSettings;
  readonly #valid: Uint8Array;
  readonly #train: Range;
  readonly #starts: readonly number[];
  readonly #seed: number;
  #isUsable: (row: number) => boolean = () => true;

  /** Throws AppError when there are not spikes enough for a single block. */
  constructor(spikes: SpikeTable, settings: BlockSettings, seed: number) {
    const { binSec, minSpikes, blockBins, trainFraction } = settings;
    this.#settings = settings;
    this.#seed = seed;
    this.binSec = binSec;
    const [startSec, endSec] = [spikes.timeSec[0], spikes.timeSec[spikes.nSpikes - 1]];
    if (!(endSec / binSec < MAX_BINS))
      throw new AppError("bad-parameter", `bin_s cuts ${endSec.toFixed(0)} s into too many bins; choose longer ones.`);
    this.first = binStarts(spikes.timeSec, binSec);
    const nBins = this.first.length - 1;
    this.#valid = Uint8Array.from({ length: nBins }, (_, t) => (this.#count(t) >= minSpikes ? 1 : 0));
    this.nValidBins = this.#valid.reduce((n, v) => n + v, 0);
    const from = Math.min(nBins - 1, Math.floor(startSec / binSec));
    const to = Math.max(from + 1, from + Math.floor(trainFraction * (nBins - from)));
    this.#train = [from, to];
    const all = this.#startsIn([from, to], settings.stride);
    this.#starts = all.filter((start) => this.#nValid(this.#binsFrom(start, [from, to])) >= LEAST_VALID_BINS);
    this.nBlocks = this.#starts.length;
    this.nSkipped = all.length - this.nBlocks;
    if (this.nBlocks === 0) throw this.#tooFew(minSpikes);
    if (to - from < blockBins)
      this.warnings.push(
        `There are ${to - from} time bins to train on, fewer than a block has (${blockBins}); they make one block.`,
      );
    if (this.nSkipped > 0)
      this.warnings.push(
        `${this.nSkipped} of ${all.length} blocks of an epoch are skipped: fewer than ${LEAST_VALID_BINS} of their bins hold ${minSpikes} spikes.`,
      );
    this.validation = this.#validationBlocks([to, nBins]);
  }

  /** Blocks of an epoch, in the order of their steps: the same for the same seed, iteration and epoch. */
  epoch(outer: number, epoch: number): Int32Array[] {
    const random = new Random((Math.imul(this.#seed, 0x9e3779b1) ^ Math.imul(outer, 0x85ebca6b) ^ epoch) >>> 0);
    if (this.#settings.sampling === "random") return this.#starts.map(() => this.#randomBins(random));
    return shuffled(this.#starts, random).map((start) => this.#binsFrom(start, this.#train));
  }

  /** Spikes that blocks leave out from now on: those that the network cannot place. */
  leaveOut(isUsable: (row: number) => boolean): void {
    this.#isUsable = isUsable;
  }

  /** Everything about the spikes of some bins. */
  gather(bins: Int32Array): Block {
    const [rows, bin]: [number[], number[]] = [[], []];
    let maxPerBin = 0;
    bins.forEach((t, b) => {
      for (let row = this.first[t]; row < this.first[t + 1]; row++) {
        if (!this.#isUsable(row)) continue;
        rows.push(row);
        bin.push(b);
      }
      maxPerBin = Math.max(maxPerBin, this.#count(t));
    });
    const valid = Float32Array.from(bins, (t) => this.#valid[t]);
    const spikes = { rows: Int32Array.from(rows), bin: Int32Array.from(bin) };
    return { bins, ...spikes, valid, nValid: this.#nValid(bins), maxPerBin };
  }

  /** Spikes that an epoch takes through the network, once each for every block they are in. */
  spikesPerEpoch(): number {
    return this.#starts.reduce((sum, start) => sum + this.#spikesIn(this.#binsFrom(start, this.#train)), 0);
  }

  spikesOfValidation(): number {
    return this.validation.reduce((sum, bins) => sum + this.#spikesIn(bins), 0);
  }

  #spikesIn(bins: Int32Array): number {
    return bins.reduce((n, t) => n + this.#count(t), 0);
  }

  #count(t: number): number {
    return this.first[t + 1] - this.first[t];
  }

  #nValid(bins: Int32Array): number {
    return bins.reduce((n, t) => n + this.#valid[t], 0);
  }

  /** First bins of the blocks that fit into a range; one block where it is shorter. */
  #startsIn([low, high]: Range, stride: number): number[] {
    const last = Math.max(low, high - this.#settings.blockBins);
    return Array.from({ length: Math.floor((last - low) / stride) + 1 }, (_, i) => low + i * stride);
  }

  #binsFrom(start: number, [, high]: Range): Int32Array {
    const n = Math.min(this.#settings.blockBins, high - start);
    return Int32Array.from({ length: n }, (_, b) => start + b);
  }

  #randomBins(random: Random): Int32Array {
    const usable: number[] = [];
    for (let t = this.#train[0]; t < this.#train[1]; t++) if (this.#valid[t]) usable.push(t);
    return Int32Array.from(shuffled(usable, random).slice(0, this.#settings.blockBins)).sort();
  }

  #validationBlocks(range: Range): Int32Array[] {
    const isLong = range[1] - range[0] >= LEAST_VALID_BINS;
    const found = (isLong ? this.#startsIn(range, 1) : [])
      .map((start) => this.#binsFrom(start, range))
      .filter((bins) => this.#nValid(bins) >= LEAST_VALID_BINS);
    const most = this.#settings.maxValidationBlocks;
    if (found.length > 0) return shuffled(found, new Random(this.#seed + 1)).slice(0, most);
    this.warnings.push(
      "The time left for validation holds no block; networks are compared on blocks that they were trained on.",
    );
    return shuffled(this.#starts, new Random(this.#seed + 1))
      .slice(0, most)
      .map((start) => this.#binsFrom(start, this.#train));
  }

  #tooFew(minSpikes: number): AppError {
    const { blockBins, binSec } = this.#settings;
    return new AppError(
      "bad-data",
      `The joint optimisation compares time bins: expected at least ${LEAST_VALID_BINS} of ${binSec} s with ${minSpikes} spikes each among ${blockBins} to train on, found ${this.nValidBins} in the whole recording; bring more spikes, or choose a longer bin_s or a smaller min_spikes.`,
      { nValidBins: this.nValidBins },
    );
  }
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  const out = [...values];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

import type { Network } from "../../nn/network.ts";
import { networkLocations } from "../../protocol/models.ts";
import type { Yielded } from "../defineMethod.ts";
import { predictBatch } from "../sln/apply.ts";
import type { WaveformFeed } from "../sln/feed.ts";

/** Spikes shown while a network learns: enough for a raster, 14 MB of waveforms. */
const mostSpikes = 4000;
/** Seconds between pictures; longer where one takes more than a twentieth of that. */
const everySec = 3;
const largestShare = 0.05;
const batch = 1000;

/** Where a network that is learning puts a fixed sample of the spikes, now and then. */
export class LivePositions {
  readonly #feed: WaveformFeed;
  readonly #network: Network;
  readonly #rows: Int32Array;
  #waveforms: Float32Array | null = null;
  #nextMs = 0;

  constructor(network: Network, feed: WaveformFeed) {
    const n = Math.min(mostSpikes, feed.nSpikes);
    this.#feed = feed;
    this.#network = network;
    this.#rows = Int32Array.from({ length: n }, (_, i) => Math.floor((i * feed.nSpikes) / n));
  }

  /** A picture when it is time for one. */
  async *whenDue(): AsyncGenerator<Yielded, void> {
    if (performance.now() >= this.#nextMs) yield* this.#now();
  }

  async *#now(): AsyncGenerator<Yielded, void> {
    const startedMs = performance.now();
    this.#waveforms ??= await this.#feed.read(this.#rows);
    const length = this.#waveforms.length / this.#rows.length;
    const xyza = new Float32Array(4 * this.#rows.length);
    for (let from = 0; from < this.#rows.length; from += batch) {
      const rows = this.#rows.subarray(from, from + batch);
      const waveforms = this.#waveforms.subarray(from * length, (from + rows.length) * length);
      xyza.set(await predictBatch(this.#network, this.#feed, rows, waveforms), 4 * from);
      yield { kind: "tick" };
    }
    const localizer = networkLocations.pretrained(this.#network.spec);
    yield { kind: "positions", localizer, rows: this.#rows.slice(), xyza };
    const tookMs = performance.now() - startedMs;
    this.#nextMs = performance.now() + Math.max(1000 * everySec, tookMs / largestShare);
  }
}

import { assert } from "../../core/errors.ts";
import { coefficientsFile, type ScratchRun } from "../../protocol/scratch.ts";

/** Spikes as they are found: one row each, in the order found. */
export interface FoundSpikes {
  nSpikes: number;
  /** [n] sample index in its segment */
  sample: Float64Array;
  segment: number;
  /** [n] channel of the recording */
  channel: Int32Array;
  /** [n] µV, signed */
  ampUv: Float32Array;
  /** by localizer: [n, 4] x, y, z, alpha */
  locations: Record<string, Float32Array>;
  /** [n, nSlots, nComponents] float16 bits: the waveforms as principal components */
  coefficients: Uint16Array;
}

const SAMPLE = "sample.f64";
const SEGMENT = "segment.i32";
const CHANNEL = "channel.i32";
const AMPLITUDE = "amplitude.f32";
const locationFile = (id: string) => `location-${id}.f32`;

/**
 * The spikes of a run as columns in a scratch folder: appended tile by tile, cut back to the last commit when a run is
 * resumed, read as whole columns or by rows. Nothing of them stays in memory.
 */
export class SpikeColumns {
  readonly #run: ScratchRun;
  readonly #localizers: readonly string[];
  readonly #coefficientsPerSpike: number;
  #nSpikes = 0;

  constructor(run: ScratchRun, localizers: readonly string[], coefficientsPerSpike: number) {
    this.#run = run;
    this.#localizers = localizers;
    this.#coefficientsPerSpike = coefficientsPerSpike;
  }

  get nSpikes(): number {
    return this.#nSpikes;
  }

  /** bytes that one spike takes in the scratch */
  static bytesPerSpike(nLocalizers: number, coefficientsPerSpike: number): number {
    return 8 + 4 + 4 + 4 + 16 * nLocalizers + 2 * coefficientsPerSpike;
  }

  /** Keep the first `nSpikes` rows: what was appended after the last commit is found again. */
  async cutTo(nSpikes: number): Promise<void> {
    for (const [name, bytes] of this.#files()) await this.#run.truncate(name, nSpikes * bytes);
    this.#nSpikes = nSpikes;
  }

  async append(found: FoundSpikes): Promise<void> {
    const { nSpikes } = found;
    if (nSpikes === 0) return;
    const columns: [name: string, values: Parameters<typeof bytesOf>[0]][] = [
      [SAMPLE, found.sample],
      [SEGMENT, new Int32Array(nSpikes).fill(found.segment)],
      [CHANNEL, found.channel],
      [AMPLITUDE, found.ampUv],
      ...this.#localizers.map((id): [string, Float32Array] => [locationFile(id), found.locations[id]]),
      [coefficientsFile, found.coefficients],
    ];
    await Promise.all(columns.map(([name, values]) => this.#run.append(name, bytesOf(values))));
    this.#nSpikes += nSpikes;
  }

  async read(from = 0, to = this.#nSpikes): Promise<StoredSpikes> {
    assert(from >= 0 && from <= to && to <= this.#nSpikes, "the rows asked for are stored");
    const rows = async (name: string, bytes: number) => (await this.#run.read(name, from * bytes, to * bytes)).buffer;
    const locations: Record<string, Float32Array> = {};
    for (const id of this.#localizers) locations[id] = new Float32Array(await rows(locationFile(id), 16));
    return {
      nSpikes: to - from,
      sample: new Float64Array(await rows(SAMPLE, 8)),
      segment: new Int32Array(await rows(SEGMENT, 4)),
      channel: new Int32Array(await rows(CHANNEL, 4)),
      ampUv: new Float32Array(await rows(AMPLITUDE, 4)),
      locations,
    };
  }

  /** [to − from, nSlots, nComponents] float16 bits */
  async readCoefficients(from: number, to: number): Promise<Uint16Array> {
    return readStoredCoefficients(this.#run, this.#coefficientsPerSpike, from, to);
  }

  #files(): [name: string, bytesPerSpike: number][] {
    return [
      [SAMPLE, 8],
      [SEGMENT, 4],
      [CHANNEL, 4],
      [AMPLITUDE, 4],
      ...this.#localizers.map((id): [string, number] => [locationFile(id), 16]),
      [coefficientsFile, 2 * this.#coefficientsPerSpike],
    ];
  }
}

export function coefficientBytes(coefficientsPerSpike: number): number {
  return 2 * coefficientsPerSpike;
}

/** Waveforms of rows [from, to) of a run's scratch, [to − from, coefficientsPerSpike] float16 bits. */
export async function readStoredCoefficients(
  run: ScratchRun,
  coefficientsPerSpike: number,
  from: number,
  to: number,
): Promise<Uint16Array> {
  const bytes = coefficientBytes(coefficientsPerSpike);
  return new Uint16Array((await run.read(coefficientsFile, from * bytes, to * bytes)).buffer);
}

/** Rows of all columns but the waveforms. */
export interface StoredSpikes extends Omit<FoundSpikes, "segment" | "coefficients"> {
  segment: Int32Array;
}

function bytesOf(values: Float64Array | Float32Array | Int32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

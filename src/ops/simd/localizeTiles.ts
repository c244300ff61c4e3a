import type { GridPlan } from "../../core/gridConvolution.ts";
import { type MonopolarOptions, monopolarColumns, penaltyWeight } from "../../core/monopolar.ts";
import type { SimdPool } from "./pool.ts";

/** Hands out stretches of the pool's scratch memory in whole cache lines, so that threads never share one. */
export class Layout {
  #next: number;
  readonly #start: number;

  constructor(start: number) {
    this.#start = start;
    this.#next = start;
  }

  take(bytes: number): number {
    const pointer = this.#next;
    this.#next += 64 * Math.ceil(bytes / 64);
    return pointer;
  }

  get bytes(): number {
    return this.#next - this.#start;
  }
}

/** Spikes per call: bounds the memory that a call takes (with 32 slots 10 MB). */
const spikesPerCall = 65536;

/** The same meaning as core/monopolar; slotChannels: [C, K]. Returns [N, 5]. */
export function monopolarTiles(
  pool: SimdPool,
  feature: Float32Array,
  channel: Int32Array,
  slotChannels: Int32Array,
  nSlots: number,
  positionsUm: Float32Array,
  { maxDistanceUm, logPenalty }: MonopolarOptions,
): Float32Array {
  const n = channel.length;
  const atOnce = Math.min(n, spikesPerCall);
  const layout = new Layout(pool.heap);
  const at = {
    feature: layout.take(4 * atOnce * nSlots),
    channel: layout.take(4 * atOnce),
    slots: layout.take(4 * slotChannels.length),
    positions: layout.take(4 * positionsUm.length),
    result: layout.take(4 * atOnce * monopolarColumns),
    options: layout.take(16),
  };
  const scratch = Array.from({ length: pool.nThreads }, () => layout.take(24 * nSlots + 200));
  pool.reserve(layout.bytes);
  pool.ints(at.slots, slotChannels.length).set(slotChannels);
  pool.floats(at.positions, positionsUm.length).set(positionsUm);
  pool.doubles(at.options, 2).set([maxDistanceUm, logPenalty ? penaltyWeight : 0]);
  const out = new Float32Array(n * monopolarColumns);
  for (let first = 0; first < n; first += atOnce) {
    const rows = Math.min(atOnce, n - first);
    pool.floats(at.feature, rows * nSlots).set(feature.subarray(first * nSlots, (first + rows) * nSlots));
    pool.ints(at.channel, rows).set(channel.subarray(first, first + rows));
    const share = Math.ceil(rows / pool.nThreads);
    pool.run(
      "monopolarFits",
      scratch.map((own, i) => [
        at.feature,
        at.channel,
        at.slots,
        at.positions,
        at.result,
        Math.min(rows, i * share),
        Math.min(rows, (i + 1) * share),
        nSlots,
        at.options,
        own,
      ]),
    );
    out.set(pool.floats(at.result, rows * monopolarColumns), first * monopolarColumns);
  }
  return out;
}

/** The same meaning as core/gridConvolution, [N, 4]. */
export function gridTiles(
  pool: SimdPool,
  projection: Float32Array,
  channel: Int32Array,
  { options, slots, ...plan }: GridPlan,
): Float32Array {
  const n = channel.length;
  const { nSlots } = slots;
  const atOnce = Math.min(n, spikesPerCall);
  const layout = new Layout(pool.heap);
  const place = (values: Int32Array | Float32Array) => ({ values, pointer: layout.take(4 * values.length) });
  const tables = [plan.templateStart, plan.templateUm, plan.weightStart, plan.weightSlot, plan.weight].map(place);
  const projectionAt = layout.take(4 * atOnce * nSlots);
  const channelAt = layout.take(4 * atOnce);
  const resultAt = layout.take(16 * atOnce);
  const shareAt = layout.take(8);
  const scratch = Array.from({ length: pool.nThreads }, () => layout.take(16 * plan.maxTemplates));
  pool.reserve(layout.bytes);
  for (const { values, pointer } of tables) {
    if (values instanceof Int32Array) pool.ints(pointer, values.length).set(values);
    else pool.floats(pointer, values.length).set(values);
  }
  pool.doubles(shareAt, 1)[0] = 1 - options.percentile / 100;
  const out = new Float32Array(4 * n);
  for (let first = 0; first < n; first += atOnce) {
    const rows = Math.min(atOnce, n - first);
    pool.floats(projectionAt, rows * nSlots).set(projection.subarray(first * nSlots, (first + rows) * nSlots));
    pool.ints(channelAt, rows).set(channel.subarray(first, first + rows));
    const share = Math.ceil(rows / pool.nThreads);
    pool.run(
      "gridLocations",
      scratch.map((own, i) => [
        projectionAt,
        channelAt,
        nSlots,
        ...tables.map(({ pointer }) => pointer),
        resultAt,
        Math.min(rows, i * share),
        Math.min(rows, (i + 1) * share),
        shareAt,
        own,
        plan.maxTemplates,
      ]),
    );
    out.set(pool.floats(resultAt, 4 * rows), 4 * first);
  }
  return out;
}

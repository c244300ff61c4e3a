import { assert } from "../core/errors.ts";
import type { Range, SpikeTable } from "../core/types.ts";
import { countValues } from "./quantiles.ts";
import { absolute, extentsOf, type SpikeData, summarised } from "./spikeData.ts";

type Column = Float64Array<ArrayBufferLike> | Float32Array<ArrayBufferLike> | Int32Array<ArrayBufferLike>;

const columnNames = [
  "timeSec",
  "depthUm",
  "ampUv",
  "xUm",
  "zUm",
  "alpha",
  "channel",
  "sampleIndex",
  "segment",
  "shank",
  "unit",
] as const;

/** Buffers made here. Only in these is what follows a column's end ours to write to. */
const roomy = new WeakSet<ArrayBufferLike>();

/**
 * A column of `length` rows that begins with those of `column`: a view of the same buffer where that has room, else of a
 * new one twice as long, so that a table that grows row by row copies each row only a few times. What follows the
 * old rows is anything.
 */
export function lengthened<T extends Column>(column: T, length: number): T {
  const make = column.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => T;
  const bytes = column.BYTES_PER_ELEMENT;
  if (roomy.has(column.buffer) && column.buffer.byteLength >= length * bytes) return new make(column.buffer, 0, length);
  const buffer = new ArrayBuffer(bytes * Math.max(length, 2 * column.length, 1024));
  roomy.add(buffer);
  const longer = new make(buffer, 0, length);
  longer.set(column);
  return longer;
}

function joined<T extends Column>(column: T, more: T): T {
  const both = lengthened(column, column.length + more.length);
  both.set(more, column.length);
  return both;
}

/**
 * Spikes with later ones after them. Equal to preparing all of them at once, in the time that the new ones take and one
 * pass for the percentiles. Takes over the buffers of `data`, which stays readable but must not be appended to again.
 * Asserts that the new rows have the columns of the old ones and are not earlier.
 */
export function appendedSpikes(data: SpikeData, more: SpikeTable): SpikeData {
  const { spikes } = data;
  if (spikes.nSpikes > 0 && more.nSpikes > 0) {
    const last = spikes.timeSec[spikes.nSpikes - 1];
    assert(more.timeSec[0] >= last, `spikes are appended in order of time, found ${more.timeSec[0]} s after ${last} s`);
  }
  const absAmpUv = absolute(more.ampUv);
  countValues(data.counts, absAmpUv);
  const extents = extentsOf(more);
  return summarised(joinedTables(spikes, more), joined(data.absAmpUv, absAmpUv), data.counts, {
    timeSec: union(data.extents.timeSec, extents.timeSec),
    depthUm: union(data.extents.depthUm, extents.depthUm),
    ampUv: union(data.extents.ampUv, extents.ampUv),
  });
}

function joinedTables(spikes: SpikeTable, more: SpikeTable): SpikeTable {
  if (spikes.nSpikes === 0) return more; // a table without rows may lack columns
  const table = { ...spikes, nSpikes: spikes.nSpikes + more.nSpikes };
  for (const name of columnNames) {
    const [before, after] = [spikes[name], more[name]];
    assert(more.nSpikes === 0 || (before === undefined) === (after === undefined), `both or no spikes have ${name}`);
    if (before && after) Object.assign(table, { [name]: joined<Column>(before, after) });
  }
  return table;
}

function union(a: Range, b: Range): Range {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

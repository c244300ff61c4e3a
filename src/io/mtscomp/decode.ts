import { AppError } from "../../core/errors.ts";
import { type ChunkTable, NUMBER_TYPES, type Numbers } from "./header.ts";

/** Samples turned at once from the order of channels to that of times: so many rows stay in the processor's cache. */
const TILE = 64;

/**
 * One chunk [nSamples, nChannels] row-major, as it was before compression. Format: each value minus the one before it in
 * time, then (seldom) minus its neighbour channel's, sorted by channel, zlib (mtscomp format 1.0; differences wrap as the
 * integers of their type do). Throws AppError when the bytes do not inflate to exactly what the bounds say.
 */
export async function decodeChunk(
  table: ChunkTable,
  chunk: number,
  compressed: Uint8Array,
  path: string,
): Promise<Numbers> {
  const nSamples = table.bounds[chunk + 1] - table.bounds[chunk];
  const bytes = await inflateExactly(compressed, nSamples * table.rowBytes, (why, cause) =>
    damaged(path, chunk, why, cause),
  );
  return undifferenced(table, new NUMBER_TYPES[table.type](bytes.buffer), nSamples);
}

/** Sums are read back from the array they were stored in, so that they wrap and round as their type did in writing. */
function undifferenced(table: ChunkTable, stored: Numbers, nSamples: number): Numbers {
  const { nChannels, order, hasTimeDiff, hasSpatialDiff } = table;
  const [sampleStep, channelStep] = order === "F" ? [1, nSamples] : [nChannels, 1];
  if (hasSpatialDiff) addUpChannels(stored, { nSamples, nChannels, sampleStep, channelStep });
  const Type = NUMBER_TYPES[table.type];
  const out = new Type(stored.length);
  const sums = new Type(nChannels);
  for (let first = 0; first < nSamples; first += TILE) {
    const end = Math.min(first + TILE, nSamples);
    for (let c = 0; c < nChannels; c++) {
      let sum = sums[c];
      let from = c * channelStep + first * sampleStep;
      let to = first * nChannels + c;
      for (let i = first; i < end; i++, from += sampleStep, to += nChannels) {
        out[to] = sum + stored[from];
        if (hasTimeDiff) sum = out[to];
      }
      sums[c] = sum;
    }
  }
  return out;
}

interface Layout {
  nSamples: number;
  nChannels: number;
  sampleStep: number;
  channelStep: number;
}

function addUpChannels(stored: Numbers, { nSamples, nChannels, sampleStep, channelStep }: Layout): void {
  for (let c = 1; c < nChannels; c++) {
    for (let i = 0; i < nSamples; i++) {
      const at = c * channelStep + i * sampleStep;
      stored[at] += stored[at - channelStep];
    }
  }
}

/** Inflate zlib bytes to `nBytes` and not one more: what goes on beyond is never unpacked. */
async function inflateExactly(
  compressed: Uint8Array,
  nBytes: number,
  bad: (why: string, cause?: unknown) => AppError,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([new Uint8Array(compressed)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  const out = new Uint8Array(nBytes);
  let filled = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const { value } = part;
      if (filled + value.length > nBytes) {
        filled += value.length;
        break;
      }
      out.set(value, filled);
      filled += value.length;
    }
  } catch (error) {
    throw bad("its bytes are no intact zlib data", error);
  } finally {
    await reader.cancel().catch(() => undefined); // a stream that failed cannot be cancelled, and need not be
  }
  if (filled === nBytes) return out;
  const found = filled > nBytes ? "more" : `${filled}`;
  throw bad(`it inflates to ${found} bytes where chunk_bounds say ${nBytes}`);
}

function damaged(path: string, chunk: number, why: string, cause?: unknown): AppError {
  const message = `${path}: expected an intact chunk ${chunk} (counting from 0), found that ${why}.`;
  return new AppError("bad-file", message, { path, chunk }, { cause });
}

import type { ByteSource } from "../byteSource.ts";
import { readNpyHeader } from "../npy/header.ts";
import { readNpyRows } from "../npy/rows.ts";
import { arrayFile } from "./attributes.ts";
import type { AlfSet } from "./names.ts";

/** Below this a clock counts from the first sample: ten milliseconds move no motion. */
const SAME_CLOCK_SEC = 0.01;

/**
 * When the first sample of the recording was, in s on the clock of spikes.times: IBL aligns that to the session, while samples and
 * drift count from the start of the recording. By the line through the first and the last spike of spikes.times over spikes.samples;
 * 0 where that is within 10 ms, null where there are no samples or no two spikes to tell. Reads four numbers.
 */
export async function firstSampleSec(set: AlfSet): Promise<number | null> {
  const [times, samples] = [arrayFile(set, "spikes.times"), arrayFile(set, "spikes.samples")];
  if (!times || !samples) return null;
  const [[t0, t1], [s0, s1]] = [await endsOf(times), await endsOf(samples)];
  if (!(t1 > t0 && s1 > s0) || !Number.isFinite(t1 - t0)) return null;
  const startSec = t0 - (s0 * (t1 - t0)) / (s1 - s0);
  return Math.abs(startSec) < SAME_CLOCK_SEC ? 0 : startSec;
}

async function endsOf(source: ByteSource): Promise<[first: number, last: number]> {
  const header = await readNpyHeader(source);
  const [n = 0, nColumns = 1] = header.shape;
  if (n < 1 || nColumns !== 1 || header.shape.length > 2) return [Number.NaN, Number.NaN];
  const at = async (row: number) => (await readNpyRows(source, header, row, row + 1))[0];
  return [await at(0), await at(n - 1)];
}

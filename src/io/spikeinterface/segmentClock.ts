import { median } from "../../core/motion.ts";
import type { ByteSource } from "../byteSource.ts";
import { readColumn } from "../columns.ts";
import { readNpyHeader } from "../npy/header.ts";
import { readNpyRows } from "../npy/rows.ts";
import { jsonIn } from "../sniff.ts";

/** The generations of SpikeInterface's name for the sample of a peak. */
export const SAMPLE_COLUMNS = ["sample_index", "sample_ind"] as const;
const NOMINAL_RATE_HZ = 30000;

/** How the segments of a motion_info folder lie on one clock. */
export interface SegmentClock {
  /** [nSegments] s of the first sample of each segment */
  startsSec: number[];
  /** [nSegments] s to add to its time bins */
  addSec: number[];
}

/**
 * Where the segments lie, by their time bins: SpikeInterface bins the time of a recording from its start, so a segment begins half a bin before its
 * first centre. Segments that all count from 0 do not tell it, unless our own export (write/motionInfo.ts) says so in `parameters`. Null
 * where nothing tells. `bins`: temporal_bins_s of each segment.
 */
export async function segmentClock(
  bins: readonly ByteSource[],
  parameters: ByteSource | undefined,
): Promise<SegmentClock | null> {
  const stated = await statedStarts(parameters, bins.length);
  if (stated) return { startsSec: stated, addSec: stated };
  if (bins.length < 2) return null;
  const edges: { start: number; end: number }[] = [];
  for (const source of bins) edges.push(await edgesOf(source));
  const isAfter = edges.every(({ start }, s) => s === 0 || start >= edges[s - 1].end);
  if (!isAfter) return null;
  const first = edges[0].start;
  return { startsSec: edges.map(({ start }) => start - first), addSec: edges.map(() => 0 - first) };
}

async function statedStarts(parameters: ByteSource | undefined, nSegments: number): Promise<number[] | null> {
  const note = parameters && (await jsonIn(parameters))?.driftscope;
  const starts = typeof note === "object" && note && "segment_starts_sec" in note ? note.segment_starts_sec : null;
  if (!Array.isArray(starts) || starts.length !== nSegments) return null;
  const isSound = starts.every((start, s) => Number.isFinite(start) && (s === 0 || start > starts[s - 1]));
  return isSound ? starts : null;
}

/** Start of the first bin and middle of the last one, with half a bin as the median distance says. */
async function edgesOf(source: ByteSource): Promise<{ start: number; end: number; binSec: number }> {
  const { values } = await readColumn(source);
  const n = values.length;
  const binSec = n > 1 ? median(values.subarray(1).map((v, i) => v - values[i])) : 0;
  return { start: (values[0] ?? Number.NaN) - binSec / 2, end: values[n - 1] ?? Number.NaN, binSec };
}

/**
 * When the recording of a motion of one segment started, in s, where that was not at 0: peaks count from its first sample, the bins
 * by its own clock. Only where the bins reach as far beyond the last peak as they begin late; 0 otherwise. Reads the bins and one peak.
 */
export async function startOfBins(
  bins: ByteSource,
  peaks: ByteSource,
  parameters: ByteSource | undefined,
): Promise<number> {
  const { start, end, binSec } = await edgesOf(bins);
  const toleranceSec = 2 * binSec;
  if (!(start > toleranceSec)) return 0;
  const header = await readNpyHeader(peaks);
  const field = SAMPLE_COLUMNS.find((name) => header.fields.some((one) => one.name === name));
  const n = header.shape[0] ?? 0;
  if (!field || n === 0 || header.shape.length !== 1) return 0;
  const stated = parameters && (await jsonIn(parameters))?.sampling_frequency;
  const rateHz = typeof stated === "number" && stated > 0 ? stated : NOMINAL_RATE_HZ;
  const lastPeakSec = (await readNpyRows(peaks, header, n - 1, n, field))[0] / rateHz;
  return end - start < lastPeakSec + toleranceSec && end > lastPeakSec + toleranceSec ? start : 0;
}

import type { Recording } from "../../core/types.ts";
import { type Meta, metaError } from "./meta.ts";

/** Which of the acquired channels a file holds. */
export interface SavedChannels {
  stream: Recording["stream"];
  nChannels: number;
  sync: number;
  nSaved: number;
  /** [nChannels] channel of the probe behind each neural column, from 0 within its band */
  channel: number[];
}

/**
 * `snsApLfSy` (how many AP, LF and sync columns, sync last) with `snsSaveChanSubset` ("all", or inclusive ranges of acquired
 * channels, AP first, then LF, then sync). Throws AppError when a file holds both bands or none, or when the counts disagree.
 */
export function savedChannels(meta: Meta): SavedChannels {
  const [nAp, nLf, sync] = triple(meta, "snsApLfSy") ?? missing(meta, "snsApLfSy");
  if (nAp > 0 === nLf > 0)
    throw metaError(meta, "snsApLfSy", "the counts of either AP or LF channels, then of sync words");
  const nChannels = nAp + nLf;
  const nSaved = nChannels + sync;
  const declared = Number(meta.values.get("nSavedChans") ?? nSaved);
  if (declared !== nSaved)
    throw metaError(meta, "nSavedChans", `${nSaved} to fit snsApLfSy=${meta.values.get("snsApLfSy")}`);
  const stream = nAp > 0 ? "ap" : "lf";
  const firstOfBand = stream === "ap" ? 0 : (triple(meta, "acqApLfSy")?.[0] ?? 0);
  const text = meta.values.get("snsSaveChanSubset") ?? "all";
  if (/^(all)?$/i.test(text))
    return { stream, nChannels, sync, nSaved, channel: Array.from({ length: nChannels }, (_, i) => i) };
  const saved = parseRanges(text, nSaved);
  if (saved === null)
    throw metaError(meta, "snsSaveChanSubset", `"all" or ranges of ${nSaved} channels, as snsApLfSy says`);
  const channel = saved.slice(0, nChannels).map((c) => c - firstOfBand);
  if (channel.some((c) => c < 0))
    throw metaError(meta, "snsSaveChanSubset", `ranges of LF channels from ${firstOfBand} on`);
  return { stream, nChannels, sync, nSaved, channel };
}

/** "0:2,7" → [0, 1, 2, 7]; null unless it is exactly `count` whole numbers in well-formed inclusive ranges. */
export function parseRanges(text: string, count: number): number[] | null {
  const out: number[] = [];
  for (const part of text.split(",")) {
    const match = /^\s*(\d{1,9})(?:\s*:\s*(\d{1,9}))?\s*$/.exec(part);
    if (!match) return null;
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    // checked before it is unrolled: a damaged range could fill the memory
    if (last < first || out.length + last - first + 1 > count) return null;
    for (let c = first; c <= last; c++) out.push(c);
  }
  return out.length === count ? out : null;
}

const MAX_CHANNELS = 1e5;

function triple(meta: Meta, key: string): [number, number, number] | null {
  const text = meta.values.get(key);
  if (text === undefined) return null;
  const match = /^(\d{1,6}),(\d{1,6}),(\d{1,6})$/.exec(text.replaceAll(" ", ""));
  if (!match) return null;
  const [a, l, s] = match.slice(1).map(Number);
  return a + l + s <= MAX_CHANNELS ? [a, l, s] : null;
}

function missing(meta: Meta, key: string): never {
  throw metaError(meta, key, "three counts (AP, LF, sync)");
}

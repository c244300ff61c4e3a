import { listOf, type Meta, numbersIn } from "./meta.ts";
import { originalName } from "./pairing.ts";
import type { ProbeFacts } from "./probeTable.ts";
import type { SavedChannels } from "./ranges.ts";

/**
 * How much later than the first of its converter a channel was sampled [nChannels], in samples of its band; empty when
 * nothing tells, and `warnings` says so.
 *
 * A probe's converters take turns: the channels of one group of ~muxTbl are sampled at once, one group after the other.
 * Group i lies i / cycles samples behind the first. A converter of 12 channels has a thirteenth turn, in which it samples
 * one LF channel; hence 13 cycles in the AP band, and in the LF band, whose samples last 12 of the AP's, 12. One of 16 has
 * 16. Source: imec's multiplexing tables as collected in billkarsh/ProbeTable, and CatGT's notes on its time shift.
 *
 * CatGT aligns channels unless it was told -no_tshift: its output has no delays left.
 */
export function delaySamplesOf(
  meta: Meta,
  saved: SavedChannels,
  facts: ProbeFacts | undefined,
  warnings: string[],
): Float64Array {
  if (isAligned(meta)) {
    warnings.push(`${meta.path}: CatGT has aligned the channels in time already; they are not shifted again.`);
    return new Float64Array(saved.nChannels);
  }
  const fromTable = fromMuxTable(meta, saved, warnings);
  if (fromTable) return fromTable;
  const perConverter = facts?.channelsPerAdc ?? 0;
  if (perConverter === 0) {
    warnings.push(
      `${meta.path}: expected in ~muxTbl, or from a probe we know, when each channel was sampled, found neither; channels are not shifted in time.`,
    );
    return new Float64Array(0);
  }
  return delaysOfProbe(saved.channel, perConverter, saved.stream);
}

/** The same [nChannels] of channels of a probe whose converters each take so many, neighbours in pairs. */
export function delaysOfProbe(
  channels: readonly number[],
  perConverter: 12 | 16,
  stream: SavedChannels["stream"],
): Float64Array {
  // even channels go to one converter, odd ones to the next
  const groupOf = (channel: number) => Math.floor((channel % (2 * perConverter)) / 2);
  return Float64Array.from(channels, (channel) => groupOf(channel) / cyclesOf(perConverter, stream));
}

function cyclesOf(channelsPerAdc: number, stream: SavedChannels["stream"]): number {
  return channelsPerAdc === 12 && stream === "ap" ? 13 : channelsPerAdc;
}

/** Whether CatGT wrote the file (it names its output tcat, and leaves its command in the description) and shifted it. */
function isAligned(meta: Meta): boolean {
  const commands = [...meta.values].filter(([key]) => /^catGTCmdline\d*$/i.test(key)).map(([, value]) => value);
  const isCatGt = commands.length > 0 || /_tcat\./.test(originalName(meta) || meta.path);
  return isCatGt && commands.every((text) => !/(^|\s)-no_tshift\b/.test(text));
}

/** Header (converters, channels of each); then the channels sampled at once, group by group. Numbers of no channel fill up. */
function fromMuxTable(meta: Meta, saved: SavedChannels, warnings: string[]): Float64Array | null {
  const [header, ...groups] = listOf(meta, "~muxTbl");
  if (header === undefined) return null;
  const perConverter = numbersIn(header)[1];
  const groupOf = new Map(groups.flatMap((group, i) => numbersIn(group).map((channel) => [channel, i] as const)));
  if (perConverter === groups.length && saved.channel.every((channel) => groupOf.has(channel))) {
    const cycles = cyclesOf(perConverter, saved.stream);
    return Float64Array.from(saved.channel, (channel) => (groupOf.get(channel) ?? 0) / cycles);
  }
  warnings.push(
    `${meta.path}: expected every saved channel once in the ${perConverter} groups of ~muxTbl, found ${groupOf.size} channels in ${groups.length}; it was not used.`,
  );
  return null;
}

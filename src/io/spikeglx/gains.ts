import { AppError } from "../../core/errors.ts";
import { listOf, type Meta, metaError, numberOf, numbersIn, optionalNumber } from "./meta.ts";
import type { ProbeFacts } from "./probeTable.ts";
import type { SavedChannels } from "./ranges.ts";

const MAX_UV = 1e6; // a volt for one bit: no scale, but a damaged number

/**
 * µV of one bit for each neural channel [nChannels]: imAiRangeMax / maxInt / gain · 10⁶ (SpikeGLX's UserManual, "Metadata").
 *
 * maxInt is imMaxInt where the file has it, else 2^(bits − 1) of the probe's converter; a probe we do not know counts as
 * 10 bits, as in SpikeGLX's own readers, and `warnings` says so. The gain comes from ~imroTbl where every channel has its
 * own (1.0 family), from the header of it (NP1110), else from imChan0apGain or imChan0lfGain, else from the probe's facts.
 * Throws AppError when nothing says the gain, and for a scale that cannot be.
 */
export function uvPerBitOf(
  meta: Meta,
  saved: SavedChannels,
  facts: ProbeFacts | undefined,
  warnings: string[],
): Float64Array {
  const rangeV = numberOf(meta, "imAiRangeMax", 1e-9);
  const maxInt = optionalNumber(meta, "imMaxInt", 1) ?? assumedMaxInt(meta, facts, warnings);
  const gains = gainsOf(meta, saved, facts);
  const uvPerBit = Float64Array.from(gains, (gain) => ((rangeV / maxInt) * 1e6) / gain);
  if (uvPerBit.some((uv) => !(uv > 0 && uv < MAX_UV))) throw metaError(meta, "imAiRangeMax", "a range in volts");
  return uvPerBit;
}

function assumedMaxInt(meta: Meta, facts: ProbeFacts | undefined, warnings: string[]): number {
  if (facts) return 2 ** (facts.adcBits - 1);
  warnings.push(`${meta.path}: expected imMaxInt for a probe that is not in our table, found none; read with 512.`);
  return 512;
}

function gainsOf(meta: Meta, saved: SavedChannels, facts: ProbeFacts | undefined): number[] {
  const [header = "", ...entries] = listOf(meta, "~imroTbl");
  const rows = entries.map(numbersIn);
  const constant = () => {
    const [fromTable, key] = saved.stream === "ap" ? [facts?.gain, "imChan0apGain"] : [undefined, "imChan0lfGain"];
    return optionalNumber(meta, key, 1e-9) ?? (typeof fromTable === "number" ? fromTable : undefined);
  };
  const band = saved.stream === "ap" ? 3 : 4;
  // a probe we do not know tells only by six fields per channel that it sets gains as the 1.0 family does
  const hasOwn = facts ? facts.gain === "entries" : constant() === undefined && rows[0]?.length === 6;
  if (hasOwn && rows.length > 0) {
    const byChannel = new Map(rows.map((row) => [row[0], row[band]]));
    return saved.channel.map((channel) => checked(meta, byChannel.get(channel), `channel ${channel}`));
  }
  const gain = facts?.gain === "header" ? numbersIn(header)[band] : constant();
  return new Array(saved.nChannels).fill(checked(meta, gain, "any channel"));
}

function checked(meta: Meta, gain: number | undefined, whose: string): number {
  if (gain !== undefined && Number.isFinite(gain) && gain > 0) return gain;
  throw new AppError(
    "bad-file",
    `${meta.path}: expected the gain of ${whose} in ~imroTbl or imChan0apGain, found ${gain === undefined ? "none" : gain}.`,
    { path: meta.path },
  );
}

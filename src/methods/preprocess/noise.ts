import { type ChannelVerdict, judgeChannels, majority } from "../../core/badChannels.ts";
import { channelLines, madNoise, meanNoise, type NoiseChunk, stuckChannels } from "../../core/noiseLevels.ts";
import { Random } from "../../core/random.ts";
import type { Recording, SampleReader } from "../../core/types.ts";
import { type PreprocessOptions, Preprocessor } from "./preprocessor.ts";

interface Stretch {
  segment: number;
  from: number;
  to: number;
}

const stretchSec = 0.5;

/** The whole recording in stretches. */
function allStretches({ segments, rateHz }: Recording): Stretch[] {
  const length = Math.max(2, Math.round(stretchSec * rateHz));
  return segments.flatMap(({ nSamples }, segment) =>
    Array.from({ length: Math.ceil(nSamples / length) }, (_, i) => ({
      segment,
      from: i * length,
      to: Math.min(nSamples, (i + 1) * length),
    })),
  );
}

/** A random stretch, segments in proportion to their length. */
function randomStretch({ segments, rateHz }: Recording, random: Random): Stretch {
  const length = Math.max(2, Math.round(stretchSec * rateHz));
  let at = Math.floor(random.uniform() * segments.reduce((sum, s) => sum + s.nSamples, 0));
  let segment = 0;
  while (at >= segments[segment].nSamples) at -= segments[segment++].nSamples;
  const { nSamples } = segments[segment];
  const from = Math.max(0, Math.min(at, nSamples - length));
  return { segment, from, to: Math.min(nSamples, from + length) };
}

/** The raw and the preprocessed samples of a stretch. */
interface Measured {
  /** [T, C] µV */
  values: Float32Array;
  /** [C] 1 where the raw channel was stuck */
  stuck: Uint8Array;
}

async function measured(
  reader: SampleReader,
  preprocessor: Preprocessor,
  { segment, from, to }: Stretch,
): Promise<Measured> {
  const raw = await reader.readSamples(segment, from, to);
  const processed = await preprocessor.process(segment, from, to);
  const values = (await processed.data()) as Float32Array;
  processed.dispose();
  return { values, stuck: stuckChannels(raw, reader.recording.nSavedChannels, preprocessor.channels) };
}

function isInterrupted({ stuck }: Measured): boolean {
  return 2 * stuck.reduce((sum, s) => sum + s, 0) > stuck.length;
}

/** Rows that tell whether anything was recorded: noise does not keep one value for so long on all channels. */
const probeRows = 64;

async function isSilent(reader: SampleReader, { channels }: Preprocessor, { segment, from, to }: Stretch) {
  const middle = (from + to) >> 1;
  const { nSavedChannels } = reader.recording;
  const rows = await reader.readSamples(segment, middle, Math.min(to, middle + probeRows));
  return channels.every((c) => {
    for (let at = c + nSavedChannels; at < rows.length; at += nSavedChannels) if (rows[at] !== rows[c]) return false;
    return true;
  });
}

/**
 * `count` random stretches, or the whole recording when it is no longer than they are. Where most of them fall into
 * interruptions, up to `count` more that hold something are looked for everywhere, until a quarter of `count` was recorded.
 */
async function* measuredStretches(
  reader: SampleReader,
  preprocessor: Preprocessor,
  count: number,
  seed: number,
  signal: AbortSignal | null,
): AsyncGenerator<Measured, void> {
  const { recording } = reader;
  const random = new Random(seed);
  const all = allStretches(recording);
  let nRecorded = 0;
  for (const stretch of all.length <= count
    ? all
    : Array.from({ length: count }, () => randomStretch(recording, random))) {
    const found = await measured(reader, preprocessor, stretch);
    nRecorded += isInterrupted(found) ? 0 : 1;
    yield found;
    if (signal?.aborted) return;
  }
  const left = all.length <= count ? [] : all;
  for (let more = 0; more < count && left.length > 0 && 4 * nRecorded < count; ) {
    if (signal?.aborted) return;
    const at = random.integer(left.length);
    const stretch = left[at];
    left[at] = left[left.length - 1];
    left.pop();
    if (await isSilent(reader, preprocessor, stretch)) continue;
    more++;
    const found = await measured(reader, preprocessor, stretch);
    nRecorded += isInterrupted(found) ? 0 : 1;
    yield found;
  }
}

/**
 * [channels.length] µV noise of each kept channel: standard deviation from the median absolute deviation, the mean over 20
 * random stretches of 500 ms or over everything when there is less. Stretches where a channel is stuck do not count for
 * it; 0 is a channel that never measured. Once the signal is aborted it returns what it has, which means nothing then.
 */
export async function measureNoise(
  reader: SampleReader,
  preprocessor: Preprocessor,
  seed: number,
  signal: AbortSignal | null = null,
): Promise<Float64Array> {
  const chunks: NoiseChunk[] = [];
  const nChannels = preprocessor.channels.length;
  for await (const { values, stuck } of measuredStretches(reader, preprocessor, 20, seed, signal))
    chunks.push({ noiseUv: madNoise(channelLines(values, nChannels), nChannels), stuck });
  return meanNoise(chunks, nChannels);
}

const whatTheyAre: Record<Exclude<ChannelVerdict, "good">, (one: boolean) => string> = {
  dead: (one) =>
    `${one ? "is" : "are"} dead: constant, or far quieter or less like the other channels than the neighbours; left out.`,
  noisy: (one) =>
    `${one ? "is" : "are"} noisy: far louder than the neighbours, overall or at high frequencies; left out.`,
  outside: (one) =>
    `at the top ${one ? "looks" : "look"} as if outside the brain: little in common with the others; kept.`,
};

/**
 * Channels to leave out, by core/badChannels on 10 random stretches of 500 ms of the high-passed recording without a
 * reference, each channel by the majority. `reasons`: one sentence per group of channels; those outside the brain are
 * named but not excluded. Once the signal is aborted it returns what it has, which means nothing then.
 */
export async function findBadChannels(
  reader: SampleReader,
  options: PreprocessOptions,
  seed: number,
  signal: AbortSignal | null = null,
): Promise<{ excluded: number[]; reasons: string[] }> {
  const { recording } = reader;
  const preprocessor = new Preprocessor(reader, { ...options, filter: "highpass", reference: "none", excluded: [] });
  try {
    const { channels } = preprocessor;
    const votes: ChannelVerdict[][] = [];
    for await (const { values, stuck } of measuredStretches(reader, preprocessor, 10, seed, signal)) {
      const verdicts = judgeChannels(values, channels, stuck, recording.probe, recording.rateHz);
      if (verdicts) votes.push(verdicts);
    }
    const verdicts = majority(votes, channels.length);
    const which = (verdict: ChannelVerdict) => [...channels].filter((_, i) => verdicts[i] === verdict);
    const reasons = (["dead", "noisy", "outside"] as const).flatMap((verdict) => {
      const found = which(verdict);
      return found.length === 0 ? [] : [`${named(found)} ${whatTheyAre[verdict](found.length === 1)}`];
    });
    return { excluded: [...which("dead"), ...which("noisy")].sort((a, b) => a - b), reasons };
  } finally {
    preprocessor.dispose();
  }
}

/** "Channel 7", "Channels 3, 5 to 9 and 12". */
function named(channels: readonly number[]): string {
  const runs: string[] = [];
  for (let i = 0; i < channels.length; ) {
    let end = i;
    while (end + 1 < channels.length && channels[end + 1] === channels[end] + 1) end++;
    if (end - i > 1) runs.push(`${channels[i]} to ${channels[end]}`);
    else runs.push(...channels.slice(i, end + 1).map(String));
    i = end + 1;
  }
  const list = runs.length === 1 ? runs[0] : `${runs.slice(0, -1).join(", ")} and ${runs[runs.length - 1]}`;
  return `${channels.length === 1 ? "Channel" : "Channels"} ${list}`;
}

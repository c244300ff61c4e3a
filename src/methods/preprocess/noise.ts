import { type ChannelVerdict, judgeChannels, majority } from "../../core/badChannels.ts";
import { madNoise, meanNoise, type NoiseChunk, stuckChannels } from "../../core/noiseLevels.ts";
import { Random } from "../../core/random.ts";
import type { Recording, SampleReader } from "../../core/types.ts";
import { type PreprocessOptions, Preprocessor } from "./preprocessor.ts";

interface Stretch {
  segment: number;
  from: number;
  to: number;
}

/** `count` random stretches, segments in proportion to their length; the whole recording when it is no longer than they are. */
function stretches({ segments, rateHz }: Recording, count: number, lengthSec: number, seed: number): Stretch[] {
  const length = Math.max(2, Math.round(lengthSec * rateHz));
  const total = segments.reduce((sum, s) => sum + s.nSamples, 0);
  if (total <= count * length)
    return segments.flatMap(({ nSamples }, segment) =>
      Array.from({ length: Math.ceil(nSamples / length) }, (_, i) => ({
        segment,
        from: i * length,
        to: Math.min(nSamples, (i + 1) * length),
      })),
    );
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    let at = Math.floor(random.uniform() * total);
    let segment = 0;
    while (at >= segments[segment].nSamples) at -= segments[segment++].nSamples;
    const { nSamples } = segments[segment];
    const from = Math.max(0, Math.min(at, nSamples - length));
    return { segment, from, to: Math.min(nSamples, from + length) };
  });
}

/** The raw and the preprocessed samples of a stretch. */
async function stretchOf(reader: SampleReader, preprocessor: Preprocessor, { segment, from, to }: Stretch) {
  const raw = await reader.readSamples(segment, from, to);
  const processed = await preprocessor.process(segment, from, to);
  const values = (await processed.data()) as Float32Array;
  processed.dispose();
  return { values, stuck: stuckChannels(raw, reader.recording.nSavedChannels, preprocessor.channels) };
}

/**
 * [channels.length] µV noise of each kept channel: standard deviation from the median absolute deviation, the mean over 20
 * random stretches of 500 ms or over everything when there is less. Stretches where a channel is stuck do not count for
 * it; 0 is a channel that never measured.
 */
export async function measureNoise(
  reader: SampleReader,
  preprocessor: Preprocessor,
  seed: number,
): Promise<Float64Array> {
  const chunks: NoiseChunk[] = [];
  const nChannels = preprocessor.channels.length;
  for (const stretch of stretches(reader.recording, 20, 0.5, seed)) {
    const { values, stuck } = await stretchOf(reader, preprocessor, stretch);
    chunks.push({ noiseUv: madNoise(values, nChannels), stuck });
  }
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
 * named but not excluded.
 */
export async function findBadChannels(
  reader: SampleReader,
  options: PreprocessOptions,
  seed: number,
): Promise<{ excluded: number[]; reasons: string[] }> {
  const { recording } = reader;
  const preprocessor = new Preprocessor(reader, { ...options, filter: "highpass", reference: "none", excluded: [] });
  try {
    const { channels } = preprocessor;
    const votes: ChannelVerdict[][] = [];
    for (const stretch of stretches(recording, 10, 0.5, seed)) {
      const { values, stuck } = await stretchOf(reader, preprocessor, stretch);
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

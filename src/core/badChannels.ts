import { Fft } from "./fft.ts";
import { medianInPlace } from "./median.ts";
import { madNoise } from "./noiseLevels.ts";
import type { ProbeSites } from "./types.ts";

/**
 * Which channels carry no signal, from one stretch of high-passed samples.
 *
 * The rule of the International Brain Laboratory (Spike sorting pipeline, 2022, doi 10.6084/m9.figshare.19705522): a
 * channel's similarity is its projection on the shank's median trace, Σ x·ref / Σ ref²; less its median over 11 channels
 * along the shank it is far below 0 for a dead channel (−0.5) and above 1 for a noisy one, as is one whose power above
 * 80 % of the Nyquist frequency exceeds 0.02 µV²/Hz. Channels at the top whose similarity itself is low lie outside the brain.
 *
 * Three additions. A similarity that independent noise could have by chance, four times σ/(σ_ref·√T), decides nothing,
 * and none does where the median trace has less than 2 % of a channel's power: recordings without anything in common,
 * on a bench say, would lose a third of their channels. The power must also be three times the shank's median, because
 * recordings with more noise than a Neuropixels 1.0 would lose every channel. A noise below a tenth or above five times
 * that of the neighbours decides too, because similarity says little where channels have little in common.
 */
export type ChannelVerdict = "good" | "dead" | "noisy" | "outside";

const neighbours = 11;
const deadSimilarity = -0.5;
const noisySimilarity = 1;
const chanceFactor = 4;
const leastShared = 0.02;
const outsideTrend = -0.75;
const highPowerUv2Hz = 0.02;
const highPowerRatio = 3;
const quietRatio = 0.1;
const loudRatio = 5;

/**
 * values: [T, C] µV, high-passed; channels: [C] of the recording; stuck: [C] 1 where the raw channel was constant.
 * Null when most channels are stuck: the recording was interrupted there.
 */
export function judgeChannels(
  values: Float32Array,
  channels: ArrayLike<number>,
  stuck: Uint8Array,
  probe: ProbeSites,
  rateHz: number,
): ChannelVerdict[] | null {
  const nChannels = channels.length;
  if (2 * stuck.reduce((sum, s) => sum + s, 0) > nChannels) return null;
  const noiseUv = madNoise(values, nChannels);
  const verdicts = Array<ChannelVerdict>(nChannels).fill("good");
  for (const order of alongShanks(probe, channels)) {
    const lines = order.map((c) => centred(values, nChannels, c));
    const { similarity, chance } = similarities(lines);
    const trend = runningMedian(similarity);
    const quiet = runningMedian(order.map((c) => noiseUv[c]));
    const power = lines.map((line) => highPower(line, rateHz));
    const highest = Math.max(highPowerUv2Hz, highPowerRatio * medianInPlace(Float64Array.from(power)));
    order.forEach((c, i) => {
      const difference = similarity[i] - trend[i];
      const local = Math.abs(difference) > chanceFactor * chance[i] ? difference : 0;
      const ratio = noiseUv[c] / quiet[i];
      if (stuck[c] === 1 || local < deadSimilarity || ratio < quietRatio) verdicts[c] = "dead";
      else if (local > noisySimilarity || power[i] > highest || ratio > loudRatio) verdicts[c] = "noisy";
    });
    for (let i = order.length - 1; i >= 0 && trend[i] - 1 < outsideTrend; i--)
      if (verdicts[order[i]] === "good") verdicts[order[i]] = "outside";
  }
  return verdicts;
}

/** Channels of each shank from the tip upwards, as places in `channels`. */
function alongShanks(probe: ProbeSites, channels: ArrayLike<number>): number[][] {
  const shanks = new Map<number, number[]>();
  for (let c = 0; c < channels.length; c++) {
    const shank = probe.shank[channels[c]] ?? 0;
    shanks.set(shank, [...(shanks.get(shank) ?? []), c]);
  }
  const depth = (c: number) => probe.positionsUm[channels[c]]?.[1] ?? c;
  return [...shanks.values()].map((order) => order.sort((a, b) => depth(a) - depth(b)));
}

function centred(values: Float32Array, nChannels: number, c: number): Float64Array {
  const line = Float64Array.from({ length: values.length / nChannels }, (_, t) => values[t * nChannels + c]);
  const mean = line.reduce((sum, v) => sum + v, 0) / line.length;
  return line.map((v) => v - mean);
}

/**
 * Per channel its projection on the median trace, and the standard deviation of that were they independent;
 * infinite where there is nothing to be like.
 */
function similarities(lines: Float64Array[]): { similarity: number[]; chance: number[] } {
  const nRows = lines[0].length;
  const across = new Float64Array(lines.length);
  const reference = Float64Array.from({ length: nRows }, (_, t) => {
    for (let i = 0; i < lines.length; i++) across[i] = lines[i][t];
    return medianInPlace(across);
  });
  const mean = reference.reduce((sum, v) => sum + v, 0) / nRows;
  const power = reference.reduce((sum, v) => sum + (v - mean) ** 2, 0) || 1;
  const dot = (line: Float64Array) => line.reduce((sum, v, t) => sum + v * (reference[t] - mean), 0);
  const square = (line: Float64Array) => line.reduce((sum, v) => sum + v * v, 0);
  const squares = lines.map(square);
  const isShared = power >= leastShared * medianInPlace(Float64Array.from(squares));
  return {
    similarity: lines.map((line) => dot(line) / power),
    chance: squares.map((s) => (isShared ? Math.sqrt(s / power / nRows) : Number.POSITIVE_INFINITY)),
  };
}

/** Median over 11 neighbours along the shank; beyond its ends the last value goes on. */
function runningMedian(values: readonly number[]): number[] {
  const half = (neighbours - 1) / 2;
  const at = (i: number) => values[Math.max(0, Math.min(values.length - 1, i))];
  return values.map((_, i) => medianInPlace(Float64Array.from({ length: neighbours }, (__, j) => at(i - half + j))));
}

const welchLength = 256;
const welch = new Fft(welchLength);

/** Mean power density above 80 % of the Nyquist frequency, µV²/Hz: Welch's, Hann windows of 256 samples end to end. */
function highPower(line: Float64Array, rateHz: number): number {
  const hann = (i: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / welchLength);
  const re = new Float64Array(welchLength);
  const im = new Float64Array(welchLength);
  const firstBin = Math.floor(0.8 * (welchLength / 2)) + 1;
  let sum = 0;
  let nSpectra = 0;
  for (let from = 0; from + welchLength <= line.length; from += 2 * welchLength) {
    const isPair = from + 2 * welchLength <= line.length; // two windows as the parts of one complex signal
    for (let i = 0; i < welchLength; i++) {
      re[i] = line[from + i] * hann(i);
      im[i] = isPair ? line[from + welchLength + i] * hann(i) : 0;
    }
    welch.forward(re, im);
    for (let k = firstBin; k < welchLength / 2; k++)
      sum += re[k] ** 2 + im[k] ** 2 + re[welchLength - k] ** 2 + im[welchLength - k] ** 2; // both parts' |·|², twice
    nSpectra += isPair ? 2 : 1;
  }
  const nBins = welchLength / 2 - firstBin;
  const hannPower = (3 / 8) * welchLength;
  return nSpectra === 0 ? 0 : sum / (nSpectra * nBins * rateHz * hannPower);
}

/**
 * The verdict of most stretches on each channel; "good" where no verdict has a majority. A channel that few stretches
 * could measure is judged by those. No stretch at all: every channel is good.
 */
export function majority(votes: readonly ChannelVerdict[][], nChannels: number): ChannelVerdict[] {
  return Array.from({ length: nChannels }, (_, c) => {
    for (const verdict of ["dead", "noisy", "outside"] as const)
      if (2 * votes.filter((v) => v[c] === verdict).length > votes.length) return verdict;
    const nBad = votes.filter((v) => v[c] === "dead" || v[c] === "noisy").length;
    return 2 * nBad > votes.length ? "noisy" : "good";
  });
}

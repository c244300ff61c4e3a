import { Fft } from "./fft.ts";
import { medianInPlace } from "./median.ts";
import { channelLines, madNoise } from "./noiseLevels.ts";
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
  const traces = channelLines(values, nChannels);
  const noiseUv = madNoise(traces, nChannels);
  const verdicts = Array<ChannelVerdict>(nChannels).fill("good");
  for (const order of alongShanks(probe, channels)) {
    const lines = order.map((c) => centred(traces, nChannels, c));
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

/** Trace c of [C, T] without its mean. */
function centred(traces: Float32Array, nChannels: number, c: number): Float64Array {
  const nRows = traces.length / nChannels;
  const line = Float64Array.from(traces.subarray(c * nRows, (c + 1) * nRows));
  const mean = sumOf(line) / nRows;
  for (let t = 0; t < nRows; t++) line[t] -= mean;
  return line;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/** Σ a·b */
function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const rowsAtOnce = 64;

/** [T] median over lines of [T] each. */
function medianLine(lines: readonly Float64Array[]): Float64Array {
  const n = lines.length;
  const median = new Float64Array(lines[0].length);
  const block = new Float64Array(rowsAtOnce * n); // rows together, so that each line is read in stretches
  for (let from = 0; from < median.length; from += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, median.length - from);
    for (let i = 0; i < n; i++) for (let t = 0; t < rows; t++) block[t * n + i] = lines[i][from + t];
    for (let t = 0; t < rows; t++) median[from + t] = medianInPlace(block.subarray(t * n, (t + 1) * n));
  }
  return median;
}

/**
 * Per channel its projection on the median trace, and the standard deviation of that were they independent;
 * infinite where there is nothing to be like.
 */
function similarities(lines: Float64Array[]): { similarity: number[]; chance: number[] } {
  const reference = medianLine(lines);
  const nRows = reference.length;
  const mean = sumOf(reference) / nRows;
  const swing = reference.map((v) => v - mean);
  const power = product(swing, swing) || 1;
  const squares = lines.map((line) => product(line, line));
  const isShared = power >= leastShared * medianInPlace(Float64Array.from(squares));
  return {
    similarity: lines.map((line) => product(line, swing) / power),
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
const hann = Float64Array.from(
  { length: welchLength },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / welchLength),
);

/** Mean power density above 80 % of the Nyquist frequency, µV²/Hz: Welch's, Hann windows of 256 samples end to end. */
function highPower(line: Float64Array, rateHz: number): number {
  const re = new Float64Array(welchLength);
  const im = new Float64Array(welchLength);
  const firstBin = Math.floor(0.8 * (welchLength / 2)) + 1;
  let sum = 0;
  let nSpectra = 0;
  for (let from = 0; from + welchLength <= line.length; from += 2 * welchLength) {
    const isPair = from + 2 * welchLength <= line.length; // two windows as the parts of one complex signal
    for (let i = 0; i < welchLength; i++) {
      re[i] = line[from + i] * hann[i];
      im[i] = isPair ? line[from + welchLength + i] * hann[i] : 0;
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

import { beforeAll, describe, expect, it } from "vitest";
import { unpackHalf } from "../../src/core/half.ts";
import { projectTpca } from "../../src/core/tpca.ts";
import { checkParams } from "../../src/methods/defineMethod.ts";
import { detectLocalize } from "../../src/methods/detectLocalize/detectLocalize.ts";
import { preprocessOptions } from "../../src/methods/detectLocalize/settings.ts";
import { spikeWaveform } from "../../src/methods/detectLocalize/spikeWaveform.ts";
import { traceWindow } from "../../src/methods/detectLocalize/traceWindow.ts";
import { waveformBlock } from "../../src/methods/detectLocalize/waveformBlock.ts";
import { Preprocessor } from "../../src/methods/preprocess/preprocessor.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { StepResult } from "../../src/protocol/methods.ts";
import type { SpikeWaveform } from "../../src/protocol/recordings.ts";
import { waveformIn } from "../../src/protocol/waveformBlock.ts";
import { coefficientsOf, detect, type Finished, keptRecording } from "./detectRuns.ts";
import { asRead, handmadeRecording } from "./handmadeRecording.ts";

/** Four shanks; channel 3 is dead, channel 12 wired to the reference. */
const reader = keptRecording({
  probe: "np2-4shank",
  nChannels: 48,
  durationSec: 2,
  nUnits: 24,
  seed: 2,
  deadChannels: [3],
  referenceChannel: 12,
});
const params = checkParams(detectLocalize, { reference: "none", waveform_channels: 14 });
let finished: Finished;

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
  finished = await detect(reader, { params });
});

const stepOf = ({ result }: Finished, of = params): StepResult => ({
  method: detectLocalize.id,
  params: of,
  stageSeconds: {},
  ...result,
});

async function waveformOf(index: number): Promise<SpikeWaveform> {
  return (await spikeWaveform(reader, finished.scratch, stepOf(finished), index))!;
}

/** Sum of squares around the mean of a model, and of what is left of it. */
function squares(raw: ArrayLike<number>, denoised: ArrayLike<number>, mean: ArrayLike<number>) {
  let [whole, left] = [0, 0];
  for (let i = 0; i < raw.length; i++) {
    whole += (raw[i] - mean[i % mean.length]) ** 2;
    left += (raw[i] - denoised[i]) ** 2;
  }
  return { whole, left };
}

describe("the waveform of a spike", () => {
  it("has the nearest channels of its shank first, without dead and reference ones", async () => {
    const { channel, nSpikes } = finished.result.spikes!;
    const { positionsUm, shank } = reader.recording.probe;
    expect(nSpikes).toBeGreaterThan(40);
    for (let n = 0; n < nSpikes; n += 9) {
      const { channels, positionsUm: places } = await waveformOf(n);
      expect(channels[0]).toBe(channel![n]);
      const onShank = [...shank.keys()].filter((c) => shank[c] === shank[channel![n]] && c !== 3 && c !== 12);
      expect([...channels].sort((a, b) => a - b)).toEqual(onShank); // 11 or 12 sites a shank, fewer than 14
      const [x, y] = positionsUm[channel![n]];
      const awayUm = places.map(([ox, oy]) => Math.hypot(ox - x, oy - y));
      expect(awayUm).toEqual([...awayUm].sort((a, b) => a - b));
    }
  });

  it("is read back as the run saw it, and says what each localizer found", async () => {
    const { sampleIndex, ampUv, nSpikes } = finished.result.spikes!;
    const { nSamples: total } = reader.recording.segments[0];
    const preprocessor = new Preprocessor(reader, { ...preprocessOptions(params), excluded: [3] });
    const traces = await preprocessor.process(0, 0, total);
    const values = await traces.data<"float32">();
    const places = new Map([...preprocessor.channels].map((c, i) => [c, i]));
    for (let n = 0; n < nSpikes; n += 9) {
      const { raw, channels, nSamples, samplesBefore, locations } = await waveformOf(n);
      expect(Math.abs(raw[samplesBefore] - ampUv[n])).toBeLessThan(0.3);
      for (let i = 0; i < raw.length; i++) {
        const row = sampleIndex![n] - samplesBefore + (i % nSamples);
        const place = places.get(channels[Math.floor(i / nSamples)])!;
        const expected = row < 0 || row >= total ? 0 : values[row * places.size + place];
        expect(Math.abs(raw[i] - expected)).toBeLessThan(0.3); // µV: cut elsewhere, 2 % of white noise
      }
      const { monopolar } = finished.result.locations!;
      expect(locations.monopolar).toEqual([...monopolar.subarray(4 * n, 4 * n + 4)]);
    }
    preprocessor.dispose();
    traces.dispose();
  });

  it("is kept in principal components that explain what the fit said", async () => {
    const { mean } = finished.result.waveforms!;
    let [whole, left] = [0, 0];
    for (let n = 0; n < finished.result.spikes!.nSpikes; n++) {
      const { raw, denoised } = await waveformOf(n);
      const each = squares(raw, denoised!, mean);
      whole += each.whole;
      left += each.left;
    }
    const { tpca_explained } = finished.result.summary;
    console.info(
      `explained by the stored waveforms ${(1 - left / whole).toFixed(4)}, by the fit ${tpca_explained.toFixed(4)}`,
    );
    expect(1 - left / whole).toBeCloseTo(tpca_explained, 2);
  });

  it("is the same when many are read at once, and reading stops when it is told to", async () => {
    const { nSpikes } = finished.result.spikes!;
    const rows = Int32Array.from({ length: nSpikes }, (_, row) => row).filter((row) => row % 3 !== 1);
    const done: number[] = [];
    const controller = new AbortController();
    const control = { signal: controller.signal, onProgress: (n: number) => void done.push(n) };
    const block = (await waveformBlock(reader, finished.scratch, stepOf(finished), rows, control))!;
    for (let at = 0; at < rows.length; at += 7) {
      const { locations, ...one } = await waveformOf(rows[at]);
      const { raw, denoised, ...same } = waveformIn(block, at);
      expect({ ...one, raw: null, denoised: null }).toEqual({ ...same, raw: null, denoised: null });
      for (let i = 0; i < raw.length; i++) {
        expect(Math.abs(raw[i] - one.raw[i])).toBeLessThan(0.3); // µV: cut elsewhere, 2 % of white noise
        expect(Math.abs(denoised![i] - one.denoised![i])).toBeLessThan(1e-3);
      }
    }
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(rows.length);
    expect(done.length).toBeLessThan(rows.length / 3); // neighbours are read together
    controller.abort();
    expect(await waveformBlock(reader, finished.scratch, stepOf(finished), rows, control)).toBeNull();
  });

  it("does not exist beyond the table", async () => {
    const step = stepOf(finished);
    const { nSpikes } = finished.result.spikes!;
    for (const index of [-1, nSpikes]) expect(await spikeWaveform(reader, finished.scratch, step, index)).toBeNull();
  });
});

it("spikes at the ends of the recording are kept, with zeros outside it", async () => {
  const length = 15_000;
  const inside = Array.from({ length: 20 }, (_, i) => [0, 500 + 680 * i, (3 * i) % 8] as const);
  const made = handmadeRecording([length], [[0, 3, 2], ...inside, [0, length - 4, 5]]);
  const ends = await detect(made, { params: asRead });
  const { sampleIndex, channel, nSpikes } = ends.result.spikes!;
  expect([sampleIndex![0], channel![0]]).toEqual([3, 2]);
  expect([sampleIndex![nSpikes - 1], channel![nSpikes - 1]]).toEqual([length - 4, 5]);
  const { nSlots, nComponents, mean, components } = ends.result.waveforms!;
  const stored = unpackHalf(await coefficientsOf(ends));
  for (const [n, from, to] of [
    [0, 0, 27],
    [nSpikes - 1, 34, 90],
  ]) {
    const found = (await spikeWaveform(made, ends.scratch, stepOf(ends, checkParams(detectLocalize, asRead)), n))!;
    const first = found.raw.subarray(0, 90);
    expect([...first.subarray(from, to)]).toEqual(new Array(to - from).fill(0));
    expect(first[found.samplesBefore]).toBeLessThan(-350);
    const expected = projectTpca(found.raw, { mean, components, explained: new Float64Array(0) });
    const own = stored.subarray(n * nSlots * nComponents, (n + 1) * nSlots * nComponents);
    own.forEach((v, i) => {
      expect(Math.abs(v - expected[i])).toBeLessThan(0.01 + Math.abs(expected[i]) * 2 ** -10); // float16
    });
  }
});

it("spikes of segments that overlap are in order of time, each with its own waveform", async () => {
  const spikes = Array.from({ length: 40 }, (_, i) => [i % 2, 500 + 1080 * i, (3 * i) % 8] as const);
  const made = handmadeRecording([45_000, 45_000], spikes); // the second starts after 1 of 1.5 s
  const both = await detect(made, { params: asRead });
  const { timeSec, sampleIndex, segment, channel, nSpikes } = both.result.spikes!;
  const { order } = both.result.waveforms!;
  expect(nSpikes).toBe(40);
  expect([...timeSec]).toEqual(spikes.map(([s, sample]) => s + sample / 30000).sort((a, b) => a - b));
  expect([...order!].sort((a, b) => a - b)).toEqual([...order!.keys()]);
  const step = stepOf(both, checkParams(detectLocalize, asRead));
  for (let n = 0; n < nSpikes; n++) {
    const found = (await spikeWaveform(made, both.scratch, step, n))!;
    expect([segment![n], sampleIndex![n], channel![n]]).toEqual([
      ...spikes.find(([s, sample]) => s === segment![n] && sample === sampleIndex![n])!,
    ]);
    const { whole, left } = squares(found.raw, found.denoised!, both.result.waveforms!.mean);
    expect(left / whole).toBeLessThan(0.5); // those of another spike would leave more than there was
  }
});

describe("a window of traces", () => {
  const window = (centerSec: number, durationSec: number) =>
    traceWindow(reader, { segment: 0, centerSec, durationSec, params }, [3]);

  it("shows the channels shank by shank from the lowest, raw ones without their median", async () => {
    const { channels, raw, nSamples, startSec } = await window(1, 0.02);
    expect([nSamples, startSec]).toEqual([600, 1 - 0.01]);
    expect([...channels]).toEqual(Array.from({ length: 48 }, (_, c) => c)); // as an ideal probe numbers them
    const first = Math.round(startSec * 30000);
    const samples = await reader.readSamples(0, first, first + nSamples);
    for (const c of [0, 20, 47]) {
      const column = Float64Array.from({ length: nSamples }, (_, t) => raw[t * 48 + c]).sort();
      expect(column[300] + column[299]).toBeCloseTo(0, 6);
      const bits = (raw[48 + c] - raw[c]) / reader.recording.uvPerBit[c];
      expect(bits).toBeCloseTo(samples[49 + c] - samples[c], 3);
    }
  });

  it("shows processed ones as the run sees them, and NaN for those it leaves out", async () => {
    const { processed, processing, nSamples } = await window(1, 0.02);
    expect(processing).toBe("300 Hz high-pass, phase shift");
    const preprocessor = new Preprocessor(reader, { ...preprocessOptions(params), excluded: [3] });
    const traces = await preprocessor.process(0, 29_700, 30_300);
    const values = await traces.data<"float32">();
    const kept = [...preprocessor.channels];
    expect(kept).toHaveLength(46);
    for (let t = 0; t < nSamples; t++) {
      expect([processed[t * 48 + 3], processed[t * 48 + 12]]).toEqual([Number.NaN, Number.NaN]);
      for (const [i, c] of kept.entries()) expect(processed[t * 48 + c]).toBe(values[t * 46 + i]);
    }
    preprocessor.dispose();
    traces.dispose();
  });

  it("is moved inside the recording, and at most all of it", async () => {
    expect(await window(0, 0.1)).toMatchObject({ startSec: 0, nSamples: 3000 });
    expect(await window(9, 0.1)).toMatchObject({ startSec: 1.9, nSamples: 3000 });
    expect(await window(1, 50)).toMatchObject({ startSec: 0, nSamples: 60_000 });
  });

  it("orders channels by where they lie, not by their number", async () => {
    const made = handmadeRecording([3000], []);
    const found = await traceWindow(made, { segment: 0, centerSec: 0, durationSec: 0.01, params: asRead }, []);
    expect([...found.channels]).toEqual([1, 0, 3, 2, 5, 4, 7, 6]); // left before right on each row
    expect(found.processing).toBe("as recorded");
  });
});

import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { exclusivePeaks } from "../../src/core/exclusivePeaks.ts";
import { scoreLocations } from "../../src/core/spikeScore.ts";
import type { SpikeTable } from "../../src/core/types.ts";
import { checkParams } from "../../src/methods/defineMethod.ts";
import { detectLocalize } from "../../src/methods/detectLocalize/detectLocalize.ts";
import { runEstimate } from "../../src/methods/detectLocalize/estimate.ts";
import { detectSettings, preprocessOptions } from "../../src/methods/detectLocalize/settings.ts";
import { keptSites } from "../../src/methods/detectLocalize/tileDetector.ts";
import { Preprocessor } from "../../src/methods/preprocess/preprocessor.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { detect, type Finished, keptRecording, outcomeOf, scoreAgainst, truthOf } from "./detectRuns.ts";
import { asRead, handmadeRecording } from "./handmadeRecording.ts";

/** Two stretches of 2 s with a gap between them, 32 channels of a probe with one shank. */
const reader = keptRecording({ nChannels: 32, durationSec: 4, nSegments: 2, gapSec: 1, nUnits: 12, seed: 3 });
/** Of so few channels large spikes reach more than half, and a median would carry them to the others. */
const params = { reference: "none" };
let finished: Finished;

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
  finished = await detect(reader, { params });
});

describe("spikes of a simulated recording", () => {
  it("are found and placed near their sources", async () => {
    const truth = await truthOf(reader.simulated);
    const { match, score } = scoreAgainst(truth, finished);
    const [recall, precision] = [score.recall, score.precision].map((share) => share.toFixed(3));
    console.info(`${score.nTrue} true, ${score.nDetected} found: recall ${recall}, precision ${precision}`);
    expect(score.recall).toBeGreaterThan(0.95);
    expect(score.precision).toBeGreaterThan(0.85);
    const limits = { monopolar: 4, com: 8, "peak-channel": 10, grid: 5 };
    expect(Object.keys(finished.result.locations!).sort()).toEqual(Object.keys(limits).sort());
    for (const [id, limitUm] of Object.entries(limits)) {
      const { medianAbsUm } = scoreLocations(truth.spikes, match, finished.result.locations![id], 4);
      console.info(`${id}: median |dx dy dz| ${medianAbsUm.map((um) => um.toFixed(2)).join(" ")} µm`);
      expect(medianAbsUm[1], id).toBeLessThan(limitUm);
    }
  });

  it("echo on so few channels when their median is subtracted, as the troubleshooting says", async () => {
    const truth = await truthOf(reader.simulated);
    const { score } = scoreAgainst(truth, await detect(reader, { params: { reference: "global" } }));
    console.info(`with the global median: recall ${score.recall.toFixed(3)}, precision ${score.precision.toFixed(3)}`);
    expect(score.precision).toBeLessThan(scoreAgainst(truth, finished).score.precision - 0.2);
    expect(detectLocalize.troubleshooting.some(({ title }) => title.includes("echo"))).toBe(true);
  });

  it("are a table in order of time whose columns agree with the recording", () => {
    const { spikes, locations, summary, complete } = finished.result;
    const { segments, rateHz } = reader.recording;
    const { nSpikes, timeSec, sampleIndex, segment, depthUm, channel } = spikes as Required<SpikeTable>;
    expect([summary.n_spikes, complete]).toEqual([nSpikes, true]);
    expect(new Set(segment)).toEqual(new Set([0, 1]));
    for (let n = 0; n < nSpikes; n++) {
      expect(sampleIndex[n]).toBeGreaterThanOrEqual(0);
      expect(sampleIndex[n]).toBeLessThan(segments[segment[n]].nSamples);
      expect(timeSec[n]).toBe(segments[segment[n]].startSec + sampleIndex[n] / rateHz);
      expect(timeSec[n]).toBeGreaterThanOrEqual(timeSec[Math.max(0, n - 1)]);
      expect(depthUm[n]).toBe(locations!.monopolar[4 * n + 1]);
      expect(channel[n]).toBeLessThan(32);
    }
  });

  it("come as events, in parts that make up the table", () => {
    const parts = finished.events.flatMap((e) => (e.kind === "spikes" ? [e.spikes] : []));
    expect(parts.length).toBeGreaterThan(2);
    const { spikes } = finished.result;
    expect(parts.flatMap(({ timeSec }) => [...timeSec])).toEqual([...spikes!.timeSec]);
    expect(parts.flatMap(({ depthUm }) => [...depthUm])).toEqual([...spikes!.depthUm]);
  });

  it("repeat for a seed, byte for byte", async () => {
    expect(await outcomeOf(await detect(reader, { params }))).toEqual(await outcomeOf(finished));
  });

  it("are those of the whole recording searched at once by the oracle", async () => {
    const { recording } = reader;
    const settings = detectSettings(checkParams(detectLocalize, params), recording);
    const preprocessor = new Preprocessor(reader, preprocessOptions(checkParams(detectLocalize, params)));
    const sites = keptSites(recording.probe, preprocessor.channels, settings);
    const thresholds = Float32Array.from(finished.result.waveforms!.noiseUv, (uv) => settings.threshold * uv);
    const expected: string[] = [];
    for (const [segment, { nSamples }] of recording.segments.entries()) {
      const traces = await preprocessor.process(segment, 0, nSamples);
      const rules = { thresholds, neighbours: sites.rivals, sign: settings.sign, fromRow: 0, toRow: nSamples };
      const { row, channel } = exclusivePeaks(await traces.data<"float32">(), {
        ...rules,
        excludeSamples: settings.excludeSamples,
      });
      traces.dispose();
      expected.push(...Array.from(row, (r, n) => `${segment} ${r} ${channel[n]}`));
    }
    preprocessor.dispose();
    expect(namesOf(finished)).toEqual(expected);
  });

  it("do not depend on how long the tiles are: longer waveforms make them shorter", async () => {
    const longer = await detect(reader, { params: { ...params, waveform_after_ms: 7 } });
    expect(namesOf(longer)).toEqual(namesOf(finished));
    const [a, b] = [longer, finished].map(({ result }) => result.locations!.com);
    expect(Math.max(...a.map((um, i) => Math.abs(um - b[i])).filter(Number.isFinite))).toBeLessThan(0.1);
  });
});

/** "segment sample channel" of each spike. */
function namesOf({ result }: Finished): string[] {
  const { sampleIndex, segment, channel } = result.spikes!;
  return Array.from(sampleIndex!, (s, n) => `${segment?.[n] ?? 0} ${s} ${channel![n]}`);
}

describe("shanks and segments", () => {
  it("keep apart: no waveform reaches over to another shank", async () => {
    const four = keptRecording({ probe: "np2-4shank", nChannels: 32, durationSec: 2, nUnits: 16, seed: 5 });
    const { result } = await detect(four, { params: { ...params, waveform_channels: 10 } });
    const { shank: shankOf, positionsUm } = four.recording.probe;
    const { nSlots, slots } = result.waveforms!;
    expect(nSlots).toBe(10);
    for (let c = 0; c < 32; c++) {
      const own = [...slots.subarray(c * nSlots, (c + 1) * nSlots)];
      expect(own[0]).toBe(c);
      expect(own.filter((slot) => slot >= 0).map((slot) => shankOf[slot])).toEqual(new Array(8).fill(shankOf[c]));
      expect(own.slice(8)).toEqual([-1, -1]);
    }
    const { channel, shank, nSpikes } = result.spikes!;
    expect(new Set(shank)).toEqual(new Set([0, 1, 2, 3]));
    expect([...shank!]).toEqual(Array.from(channel!, (c) => shankOf[c]));
    for (let n = 0; n < nSpikes; n++) {
      const awayUm = Math.abs(result.locations!.com[4 * n] - positionsUm[channel![n]][0]);
      expect(awayUm).toBeLessThanOrEqual(32); // columns of a shank are 32 µm apart, shanks 250 µm
    }
  });

  it("keep apart: samples count from the start of a segment, and its neighbour's spikes do not reach in", async () => {
    const spikes = [...regular(0), [0, 14_990, 3], ...regular(1), [1, 6, 3]] as [number, number, number][];
    const { result } = await detect(handmadeRecording([15_000, 15_000], spikes), { params: asRead });
    const found = new Set(namesOf({ result } as Finished));
    for (const [segment, sample, channel] of spikes) expect(found).toContain(`${segment} ${sample} ${channel}`);
    expect(found.size).toBe(spikes.length);
  });
});

/** Spikes well inside a segment of 15,000 samples. */
function regular(segment: number): [number, number, number][] {
  return Array.from({ length: 20 }, (_, i) => [segment, 500 + 680 * i, (3 * i) % 8]);
}

describe("a run", () => {
  it("reports stages and progress that only grows, to the end of the recording", () => {
    const stages = finished.events.flatMap((e) => (e.kind === "stage" ? [e.name] : []));
    expect(stages).toEqual(["channels", "noise", "components", "search"]);
    const progress = finished.events.filter((e) => e.kind === "progress");
    expect(progress.length).toBeGreaterThan(3);
    expect(progress.every((e, i) => i === 0 || e.done > progress[i - 1].done)).toBe(true);
    expect(progress.every((e) => e.ratePerSec > 0 && e.secondsLeft >= 0)).toBe(true);
    expect(progress.at(-1)!.done).toBeCloseTo(4, 9);
  });

  it("frees everything when it is aborted after its first event, or left in the middle", async () => {
    const before = memory().numTensors;
    const { result } = await detect(reader, { params, onEvent: (_event, stop) => stop() });
    expect(result.complete).toBe(false);
    expect(memory().numTensors).toBe(before);
    let nEvents = 0;
    const left = detect(reader, {
      params,
      onEvent: (event) => {
        if (event.kind === "progress" && nEvents++ === 2) throw new Error("left");
      },
    });
    await expect(left).rejects.toThrow("left");
    expect(memory().numTensors).toBe(before);
  });

  it("of a single spike on a single channel says that this is not enough", async () => {
    const one = detect(handmadeRecording([15_000], [[0, 7000, 3]]), { params: { ...asRead, waveform_channels: 1 } });
    await expect(one).rejects.toThrow(
      "Expected at least two waveforms to fit principal components on, found one spike on one channel in 0.5 s; lower the threshold.",
    );
    const few = await detect(handmadeRecording([15_000], [[0, 7000, 3]]), { params: asRead });
    expect(namesOf(few)).toEqual(["0 7000 3"]);
  });

  it("is estimated to need more room the longer the recording is", () => {
    const { recording } = reader;
    const longer = { ...recording, segments: [{ startSec: 0, nSamples: 3600 * 30000 }] };
    const [short, long] = [recording, longer].map((r) => runEstimate(r, checkParams(detectLocalize, params)));
    expect(long.diskBytes / short.diskBytes).toBeCloseTo(900, 6);
    expect(long.memoryBytes).toBeGreaterThan(short.memoryBytes);
    const { nSpikes } = finished.result.spikes!;
    expect(short.diskBytes).toBeGreaterThan(nSpikes * 200); // an upper bound
  });
});

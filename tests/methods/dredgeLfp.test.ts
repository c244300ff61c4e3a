import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { scoreMotion } from "../../src/core/motionScore.ts";
import type { Motion, Recording, SampleReader } from "../../src/core/types.ts";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import { checkParams, type MethodResult, type Yielded } from "../../src/methods/defineMethod.ts";
import { dredgeLfp } from "../../src/methods/dredgeLfp/dredgeLfp.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { type FieldConfig, fieldRecording } from "./fieldRecording.ts";

beforeAll(() => chooseCompute("cpu", () => undefined));

const quick: ParamValues = { resample_hz: 39, chunk_len_s: 6, max_disp_um: 100 };
const swing = (timeSec: number): number =>
  14 * Math.sin(2 * Math.PI * 0.31 * timeSec) + 6 * Math.sin(2 * Math.PI * 1.3 * timeSec);

function inputOf(reader: SampleReader) {
  const identity = { path: "run_t0.imec0.lf.bin", bytes: 0, sha1OfFirstMb: "" };
  return { spikes: null, recording: { reader, identity, scratch: memoryScratch() }, waveforms: null };
}

function start(reader: SampleReader, params: ParamValues, signal = new AbortController().signal) {
  const context = { seed: 0, signal, wantsImage: () => false, resume: false };
  return dredgeLfp.run(inputOf(reader), checkParams(dredgeLfp, params), context);
}

async function finish(reader: SampleReader, params: ParamValues) {
  const events: Yielded[] = [];
  const run = start(reader, params);
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, result: next.value as MethodResult };
    events.push(next.value);
  }
}

/** The high-pass filter does not know the first and last moments of a recording well. */
const edgeSec = 1;

/** The imposed motion at the estimate's own depths and times, without those near the ends. */
function truthOf({ timeBinCentersSec: all, depthBinCentersUm }: Motion, drift: FieldConfig["motion"]): Motion {
  const nDepths = depthBinCentersUm.length;
  const last = all[all.length - 1];
  const timeBinCentersSec = all.filter((t) => t >= edgeSec && t <= last - edgeSec);
  const displacementUm = Float64Array.from({ length: timeBinCentersSec.length * nDepths }, (_, at) =>
    drift(timeBinCentersSec[Math.floor(at / nDepths)], depthBinCentersUm[at % nDepths], 0),
  );
  return { timeBinCentersSec, depthBinCentersUm, displacementUm };
}

describe("DREDge on field potentials", () => {
  const reader = fieldRecording({ motion: swing });
  const brief = fieldRecording({ motion: swing, durationSec: 12 });

  it("recovers fast rigid motion of less than a row, and is as good as a row without refinement", async () => {
    const { result, events } = await finish(reader, quick);
    const motion = result.motion!;
    expect(result.complete).toBe(true);
    expect(motion.timeBinCentersSec.length).toBe(Math.ceil((30 * 2500) / 64));
    expect(motion.timeBinCentersSec[1]).toBeCloseTo(64 / 2500, 12);
    const score = scoreMotion(motion, truthOf(motion, swing));
    const whole = (await finish(brief, { ...quick, subrow: false })).result.motion!;
    const coarse = scoreMotion(whole, truthOf(whole, swing));
    console.info(
      `dredge-lfp, rigid: mean |error| ${score.meanAbsUm.toFixed(2)} µm, r ${score.r.toFixed(4)}, gain ${score.gain.toFixed(3)}; in whole rows ${coarse.meanAbsUm.toFixed(2)} µm`,
    );
    expect(score.meanAbsUm).toBeLessThan(1);
    expect(score.gain).toBeGreaterThan(0.95);
    expect(coarse.meanAbsUm).toBeLessThan(10);
    const progress = events.filter((event) => event.kind === "progress");
    expect(progress.every((e, i) => i === 0 || e.done > progress[i - 1].done)).toBe(true);
    expect(progress.at(-1)).toMatchObject({ done: 100, secondsLeft: 0 });
    expect(events.filter((event) => event.kind === "motion")).toHaveLength(6); // 1172 samples in chunks of 234
  });

  it("recovers motion that grows with depth", async () => {
    const growing = (timeSec: number, depthUm: number) => swing(timeSec) * (0.5 + depthUm / 980);
    const params = { ...quick, rigid: false, win_step_um: 300, win_scale_um: 200 };
    const { result } = await finish(fieldRecording({ motion: growing, durationSec: 12 }), params);
    const motion = result.motion!;
    const score = scoreMotion(motion, truthOf(motion, growing));
    console.info(`dredge-lfp, non-rigid: mean |error| ${score.meanAbsUm.toFixed(2)} µm, gain ${score.gain.toFixed(3)}`);
    expect(motion.depthBinCentersUm.length).toBe(3);
    expect(score.meanAbsUm).toBeLessThan(2);
    expect(score.gain).toBeGreaterThan(0.85);
  });

  it("takes shanks apart and keeps the gap between segments", async () => {
    const apart = (timeSec: number, _depthUm: number, shank: number) => swing(timeSec) * (shank === 0 ? 1 : -1);
    const recording = fieldRecording({ motion: apart, nShanks: 2, durationSec: 10, gapSec: 5 });
    const { motion } = (await finish(recording, quick)).result;
    expect(motion!.byShank).toHaveLength(2);
    const [first, second] = motion!.byShank!;
    expect(
      scoreMotion(
        first,
        truthOf(first, (t) => swing(t)),
      ).gain,
    ).toBeGreaterThan(0.9);
    expect(
      scoreMotion(
        second,
        truthOf(second, (t) => -swing(t)),
      ).gain,
    ).toBeGreaterThan(0.9);
    const times = motion!.timeBinCentersSec;
    expect(Math.max(...times.slice(1).map((t, i) => t - times[i]))).toBeGreaterThan(5);
  });

  it("frees everything and keeps finished chunks when it is stopped", async () => {
    const before = memory().numTensors;
    const controller = new AbortController();
    const run = start(brief, quick, controller.signal);
    let next = await run.next();
    while (!next.done) {
      if (next.value.kind === "motion") controller.abort();
      next = await run.next();
    }
    expect(next.value.complete).toBe(false);
    expect(next.value.motion!.timeBinCentersSec.length).toBe(234);
    expect(memory().numTensors).toBe(before);
  });
});

describe("DREDge on what it cannot use", () => {
  const short = (config: Partial<FieldConfig> = {}, change: Partial<Recording> = {}) => {
    const reader = fieldRecording({ motion: () => 0, durationSec: 0.5, ...config });
    return { ...reader, recording: { ...reader.recording, ...change } };
  };
  const refusal = (reader: SampleReader, params: ParamValues = {}) =>
    finish(reader, params).then(
      () => "none",
      (error: Error) => error.message,
    );

  it("says so in one sentence", async () => {
    expect(await refusal(short({}, { stream: "ap" }))).toBe(
      "run_t0.imec0.lf.bin holds the AP band; DREDge (LFP) computes from field potentials: open the LF recording (.lf.bin).",
    );
    const { probe } = short().recording;
    expect(await refusal(short({}, { probe: { ...probe, positionsUm: [] } }))).toContain(
      "where the 100 channels of synthetic lie is not known",
    );
    expect(await refusal(short({}, { segments: [{ startSec: 0, nSamples: 0 }] }))).toContain(
      "found a description without its binary",
    );
    expect(await refusal(short({}, { probe: { ...probe, connected: probe.connected.map(() => false) } }))).toBe(
      "run_t0.imec0.lf.bin: expected connected channels, found none among 100.",
    );
    const flat = probe.positionsUm.map((): [number, number] => [0, 40]);
    expect(await refusal(short({}, { probe: { ...probe, positionsUm: flat } }))).toContain(
      "expected contacts at 4 depths or more on each shank, found 1 on shank 0",
    );
    expect(await refusal(short(), { chunk_len_s: 60 })).toContain(
      "expected chunks of at most 10000 samples, found 15000",
    );
    expect(await refusal(short(), { freq_min: 90, freq_max: 80 })).toContain("Expected a filter");
  });

  it("gives zero for one sample, for silence and for a recording that stands still", async () => {
    const silent = {
      ...short(),
      readSamples: async (_s: number, from: number, to: number) => new Int16Array((to - from) * 101),
    };
    const one = short({}, { segments: [{ startSec: 0, nSamples: 1 }] });
    for (const reader of [silent, one, short()]) {
      const motion = (await finish(reader, quick)).result.motion!;
      expect(motion.displacementUm.every((d) => Math.abs(d) < 3)).toBe(true);
    }
  });
});

import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { Random } from "../../src/core/random.ts";
import { interpolateTraces, sparseKernel } from "../../src/core/traceInterpolation.ts";
import { interpolationDefaults, TraceInterpolator } from "../../src/core/traceInterpolator.ts";
import type { Motion, SampleReader } from "../../src/core/types.ts";
import { correctionSink, type FilePlace } from "../../src/io/write/correctionSinks.ts";
import { correctRecording } from "../../src/methods/correctRecording/correctRecording.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { CorrectedRecording, CorrectionEvent, CorrectionSummary } from "../../src/protocol/correction.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { memoryRecording } from "./memoryRecording.ts";
import { memoryPlace } from "./memorySink.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

const nChannels = 16;
const asRecorded = { bad_channels: "keep" };
const everywhere = { ...asRecorded, border: "force_extrapolate" };

/** Two segments of noise with a gap; sync words count. */
function recording(lengths = [40_000, 3_000]) {
  const random = new Random(5);
  const nSaved = nChannels + 1;
  const n = lengths.reduce((sum, length) => sum + length, 0);
  const samples = Int16Array.from({ length: n * nSaved }, (_, i) =>
    i % nSaved === nChannels ? Math.floor(i / nSaved) % 1000 : Math.round(40 * random.normal()),
  );
  const segments = lengths.map((nSamples, s) => ({ startSec: 5 * s, nSamples }));
  return { samples, reader: memoryRecording(samples, nChannels, { segments }) };
}

function rigid(displacementUm: number[], firstSec = 0.5, stepSec = 1): Motion {
  return {
    displacementUm: Float64Array.from(displacementUm),
    timeBinCentersSec: Float64Array.from(displacementUm, (_, i) => firstSec + i * stepSec),
    depthBinCentersUm: Float64Array.of(0),
  };
}

interface Outcome {
  summary: CorrectionSummary;
  events: CorrectionEvent[];
  corrected: CorrectedRecording | null;
  /** samples of each whole segment */
  segments: Int16Array[];
}

async function correct(
  reader: SampleReader,
  motion: Motion,
  params: ParamValues,
  place: FilePlace & { files: Map<string, Uint8Array> } = memoryPlace(),
  stop: (event: CorrectionEvent) => boolean = () => false,
): Promise<Outcome> {
  const controller = new AbortController();
  let corrected: CorrectedRecording | null = null;
  const sink = correctionSink(place, {
    stem: (segment) => `s${segment}`,
    description: (made, segment) => {
      corrected = made;
      return { path: `s${segment}.meta`, bytes: new Uint8Array() };
    },
  });
  const run = correctRecording({ reader, path: "rec.bin", motion, params, sink, signal: controller.signal });
  const events: CorrectionEvent[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) {
      const names = [...place.files.keys()].filter((name) => name.endsWith(".bin")).sort();
      const segments = names.map((name) => new Int16Array(place.files.get(name)!.slice().buffer));
      return { summary: next.value, events, corrected, segments };
    }
    events.push(next.value);
    if (stop(next.value)) controller.abort();
  }
}

describe("a recording without its motion", () => {
  it("is the recording itself where nothing moved, sync words and segments included", async () => {
    const { samples, reader } = recording();
    const before = memory().numTensors;
    const { summary, segments, corrected } = await correct(reader, rigid([0, 0, 0]), asRecorded);
    expect(memory().numTensors).toBe(before);
    expect(segments.map((s) => s.length / 17)).toEqual([40_000, 3_000]);
    const found = Buffer.concat(segments.map((s) => new Uint8Array(s.buffer)));
    expect(Buffer.compare(found, new Uint8Array(samples.buffer))).toBe(0);
    expect(summary).toMatchObject({ complete: true, nChannels: 16, nRemoved: 0, nSegments: 2, nClipped: 0 });
    expect(corrected!.recording.segments).toEqual(reader.recording.segments);
    expect(corrected!.note).toBe(
      "as recorded; corrected for motion by kriging (sigma 20 um, p 1), channels that leave the probe removed",
    );
  });

  it("comes out in 16 bits of a fine scale where it went in as floats, sync words whole", async () => {
    const { samples } = recording([3_000]);
    const volts = Float32Array.from(samples, (value, i) => (i % 17 === nChannels ? value : value * 1e-6 + 1e-7));
    const reader = memoryRecording(volts, nChannels, { uvPerBit: new Float64Array(nChannels).fill(1e6) });
    const { segments, corrected, summary } = await correct(reader, rigid([0]), asRecorded);
    expect([...corrected!.recording.uvPerBit]).toEqual(Array(nChannels).fill(0.1));
    expect(summary.nClipped).toBe(0);
    const expected = Int16Array.from(samples, (value, i) => (i % 17 === nChannels ? value : 10 * value + 1));
    expect(segments[0]).toEqual(expected);
  });

  it("reads tissue that moved up from higher contacts, and removes what left the probe", async () => {
    const { samples, reader } = recording([3_000]);
    // 40 µm up the probe lies the contact four channels on, in the same column
    const { segments, corrected } = await correct(reader, rigid([40]), { ...asRecorded, method: "nearest" });
    const { channels, recording: made } = corrected!;
    expect([...channels]).toEqual(Array.from({ length: 12 }, (_, c) => c));
    expect(made.probe.positionsUm).toEqual(reader.recording.probe.positionsUm.slice(0, 12));
    expect([made.nChannels, made.nSavedChannels, made.sync]).toEqual([12, 13, 1]);
    const at = (t: number, c: number) => segments[0][t * 13 + c];
    for (const t of [0, 7, 2_999]) {
      for (let c = 0; c < 12; c++) expect(at(t, c)).toBe(samples[t * 17 + c + 4]);
      expect(at(t, 12)).toBe(samples[t * 17 + 16]);
    }
  });

  it("changes kernels midway between time bins, in every segment at its own time", async () => {
    const { samples, reader } = recording([40_000, 3_000]);
    const motion = rigid([0, 40, -40], 0.5, 0.6); // midpoints at 0.8 and 1.4 s; the second segment starts at 5 s
    const { segments } = await correct(reader, motion, { ...everywhere, method: "nearest" });
    const expectShift = (segment: number, t: number, shift: number) => {
      const start = segment === 0 ? 0 : 40_000;
      expect(segments[segment][t * 17 + 6], `${segment} ${t}`).toBe(samples[(start + t) * 17 + 6 + shift]);
    };
    for (const t of [0, 15_000, 23_999]) expectShift(0, t, 0);
    for (const t of [24_000, 39_999]) expectShift(0, t, 4);
    for (const t of [0, 2_999]) expectShift(1, t, -4);
  });

  it("is what the oracle says of the whole recording at once, to the rounding", async () => {
    const { samples, reader } = recording([20_000]);
    const motion = rigid([13, -8.5], 0.1, 0.4);
    const { segments } = await correct(reader, motion, everywhere);
    const channels = Int32Array.from({ length: 16 }, (_, c) => c);
    const options = { ...interpolationDefaults, border: "force_extrapolate" as const };
    const interpolator = new TraceInterpolator(reader.recording.probe, channels, motion, options);
    let nOff = 0;
    for (let t = 0; t < 20_000; t += 37) {
      const kernel = sparseKernel(interpolator.kernel(interpolator.binAt(t / 30_000)), 16);
      const row = interpolateTraces(samples.slice(t * 17, t * 17 + 16), 16, kernel);
      for (let c = 0; c < 16; c++) {
        const difference = Math.abs(segments[0][t * 17 + c] - row[c]);
        expect(difference).toBeLessThan(0.501);
        if (difference > 0.5) nOff++;
      }
    }
    expect(nOff).toBeLessThan(10);
  });

  it("aligns and filters when asked to, and says that channels are aligned", async () => {
    const { reader } = recording([30_000]);
    const { corrected, segments } = await correct(reader, rigid([0]), { ...asRecorded, preprocess: "highpass" });
    expect([...corrected!.recording.delaySamples]).toEqual(new Array(16).fill(0));
    expect(corrected!.note).toMatch(/^300 Hz high-pass, phase shift, global median; /);
    // the median over channels is gone
    const row = [...segments[0].slice(17 * 15_000, 17 * 15_000 + 16)].sort((a, b) => a - b);
    expect(Math.abs(row[7] + row[8])).toBeLessThanOrEqual(2);
  });

  it("fills bad channels and those that are not connected from their neighbours", async () => {
    const { samples, reader } = recording([30_000]);
    for (let t = 0; t < 30_000; t++) samples[t * 17 + 9] = 3;
    reader.recording.probe.connected[4] = false;
    const dead = memoryRecording(samples, 16, reader.recording);
    const { summary, segments, events } = await correct(dead, rigid([0]), {});
    expect(summary.filled).toContain(9);
    expect(new Set(segments[0].filter((_, i) => i % 17 === 9)).size).toBeGreaterThan(20);
    expect(segments[0][4]).not.toBe(samples[4]);
    expect(events.some((e) => e.kind === "warning" && /Channel.*9.*filled in from the others/.test(e.message))).toBe(
      true,
    );
  });

  it("lets shanks move apart and never mixes them", async () => {
    const { samples, reader } = recording([3_000]);
    const shank = Array.from({ length: 16 }, (_, c) => (c < 8 ? 0 : 1));
    const probe = { ...reader.recording.probe, nShanks: 2, shank };
    const two = memoryRecording(samples, 16, { ...reader.recording, probe });
    const motion = { ...rigid([20]), byShank: [rigid([0]), rigid([40])] };
    const { corrected, segments } = await correct(two, motion, { ...asRecorded, method: "nearest" });
    expect([...corrected!.channels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    for (let c = 0; c < 12; c++) expect(segments[0][c]).toBe(samples[c < 8 ? c : c + 4]);
  });
});

describe("a correction that does not come to its end", () => {
  it("keeps the segments it finished and nothing of the one in progress", async () => {
    const place = memoryPlace();
    const { reader } = recording([3_000, 40_000]);
    const afterFirst = (event: CorrectionEvent) => event.kind === "progress" && event.done > 0.5;
    const before = memory().numTensors;
    const { summary } = await correct(reader, rigid([5]), everywhere, place, afterFirst);
    expect(summary).toMatchObject({ complete: false, nSegments: 1 });
    expect([...place.files.keys()]).toEqual(["s0.bin", "s0.meta"]);
    expect(place.nDiscarded).toBe(1);
    expect(memory().numTensors).toBe(before);
  });

  it("says why when the disk is full, and leaves no half of a file", async () => {
    const place = memoryPlace();
    const full = new AppError("bad-data", "no room");
    const create = async (name: string) => ({ ...(await place.create(name, 0)), append: () => Promise.reject(full) });
    const before = memory().numTensors;
    const { reader } = recording();
    await expect(correct(reader, rigid([5]), everywhere, { ...place, create })).rejects.toBe(full);
    expect([place.files.size, place.nDiscarded]).toEqual([0, 1]);
    expect(memory().numTensors).toBe(before);
  });

  it.each<[string, Motion, ParamValues, RegExp]>([
    ["all channels leave", rigid([1000]), {}, /all 16 leave it at some time; choose the border force_extrapolate/],
    ["a motion with NaN", rigid([Number.NaN]), {}, /Expected a motion of finite numbers/],
    ["an unknown method", rigid([0]), { method: "cubic" }, /method must be one of kriging, idw, nearest/],
    ["no such parameter", rigid([0]), { sigma: 3 }, /has no parameter "sigma"/],
  ])("%s: one sentence", async (_, motion, params, sentence) => {
    const { reader } = recording([3_000]);
    await expect(correct(reader, motion, { ...asRecorded, ...params })).rejects.toThrow(sentence);
  });

  it("one sentence for contacts that nobody knows, and for the LF band to be filtered", async () => {
    const { samples, reader } = recording([3_000]);
    const probe = { ...reader.recording.probe, positionsUm: [] };
    const unknown = memoryRecording(samples, 16, { probe });
    await expect(correct(unknown, rigid([0]), {})).rejects.toThrow(
      /where the 16 channels of synthetic lie is not known/,
    );
    const lf = memoryRecording(samples, 16, { stream: "lf" });
    const filtered = { preprocess: "highpass" };
    await expect(correct(lf, rigid([0]), filtered)).rejects.toThrow(/holds the LF band/);
  });

  it("warns of a motion that ends long before the recording", async () => {
    const { reader } = recording();
    const { events } = await correct(reader, rigid([0, 1], 0.1, 0.2), everywhere);
    const said = events.flatMap((e) => (e.kind === "warning" ? [e.message] : []));
    expect(said).toEqual([
      "The motion covers 0.1 to 0.3 s of a recording of 5.1 s; beyond its ends the tissue is taken to rest where it was.",
    ]);
  });
});

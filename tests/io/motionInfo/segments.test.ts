import { describe, expect, it } from "vitest";
import type { Motion, SpikeTable } from "../../../src/core/types.ts";
import { memorySource } from "../../../src/io/byteSource.ts";
import { openSources } from "../../../src/io/open.ts";
import { motionInfoFiles } from "../../../src/io/write/motionInfo.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import { checkReader, f8, motionOf, sourcesOf, spikesOf, utf8 } from "../support.ts";
import { type Files, motionFiles, peakFiles, RATE_HZ } from "./files.ts";

const open = (files: Files) => openSources(sourcesOf(files));

describe("a motion_info folder of several segments", () => {
  const peaks = peakFiles([15_000, 45_000, 30_000, 60_000], [0, 0, 1, 1]);
  const onOneClock = {
    ...peaks,
    ...motionFiles([
      [100.5, 101.5],
      [120.5, 121.5, 122.5],
    ]),
  };

  it("comes on one clock where the bins of the segments lie one after the other", async () => {
    const opened = await open(onOneClock);
    const spikes = spikesOf(opened);
    expect([...spikes.timeSec]).toEqual([0.5, 1.5, 21, 22]);
    expect([...(spikes.segment ?? [])]).toEqual([0, 0, 1, 1]);
    expect([...(spikes.sampleIndex ?? [])]).toEqual([15_000, 45_000, 30_000, 60_000]);
    const motion = motionOf(opened);
    expect([...motion.timeBinCentersSec]).toEqual([0.5, 1.5, 20.5, 21.5, 22.5]);
    expect([...motion.displacementUm]).toEqual([0, 1, 10, 11, 12]);
    expect(opened[1].info.warnings).toEqual([
      "motion/spikeinterface_info.json: the motions of 2 segments were put on one clock; they start at 0, 20 s.",
    ]);
  });

  it("keeps the readers' contract", async () => {
    const archive = zipBytes(Object.entries(onOneClock).map(([path, bytes]) => ({ path, bytes })));
    await checkReader("spikeinterface-peaks", onOneClock, archive, /^motion\/temporal_bins_s_seg/);
  });

  it("is refused in one sentence where each segment counts from 0, for then nothing tells the gap", async () => {
    const apart = {
      ...peaks,
      ...motionFiles([
        [0.5, 1.5],
        [0.5, 1.5, 2.5],
      ]),
    };
    await expect(open(apart)).rejects.toThrow(
      "peaks.npy (segment_index): expected the peaks of one segment, found segment 1 after 0 in row 2 (counting from 0); save each segment on its own.",
    );
    await expect(open(motionFiles([[0.5, 1.5], [0.5]]))).rejects.toThrow(
      "motion/spikeinterface_info.json: expected a motion of 1 segment, found 2; save each segment on its own.",
    );
  });

  it("is refused where peaks name a segment that the motion has not", async () => {
    const more = { ...onOneClock, ...peakFiles([1, 2, 3], [0, 1, 2]) };
    await expect(open(more)).rejects.toThrow("expected the peaks of one segment, found segment 1 after 0 in row 1");
  });

  it("that we wrote comes back as it was, each segment in its own time in the file", async () => {
    const spikes: SpikeTable = {
      nSpikes: 4,
      timeSec: Float64Array.of(0.5, 1.5, 21, 22),
      depthUm: Float64Array.of(10, 20, 30, 40),
      ampUv: Float32Array.of(-80, -70, -60, -50),
      channel: Int32Array.of(0, 1, 2, 3),
      sampleIndex: Float64Array.of(15_000, 45_000, 30_000, 60_000),
      segment: Int32Array.of(0, 0, 1, 1),
    };
    const motion: Motion = {
      displacementUm: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7),
      timeBinCentersSec: Float64Array.of(0.5, 1.5, 20.5, 21.5),
      depthBinCentersUm: Float64Array.of(0, 100),
    };
    const clock = { rateHz: RATE_HZ, segments: [] };
    const files = [...motionInfoFiles("a", { motion, run: null, stageSeconds: {} }, spikes, clock)];
    const bins = files.find(({ path }) => path === "a/motion/temporal_bins_s_seg1.npy");
    expect(bins?.bytes.slice(128)).toEqual(f8([0.5, 1.5]).slice(128));
    const opened = await openSources(files.map(({ path, bytes }) => memorySource(path, bytes)));
    const { xUm: _, ...back } = spikesOf(opened);
    expect(back).toEqual(spikes);
    expect(motionOf(opened)).toEqual(motion);
  });

  it("has a bin at the start of a segment that lies between two", () => {
    const spikes = {
      nSpikes: 2,
      timeSec: Float64Array.of(0.1, 5.1),
      segment: Int32Array.of(0, 1),
      sampleIndex: Float64Array.of(3000, 3000),
    };
    const table = { ...spikes, depthUm: Float64Array.of(1, 2), ampUv: Float32Array.of(-1, -1) };
    const motion = {
      displacementUm: Float64Array.of(0, 10),
      timeBinCentersSec: Float64Array.of(0, 4),
      depthBinCentersUm: Float64Array.of(0),
    };
    const files = [
      ...motionInfoFiles("a", { motion, run: null, stageSeconds: {} }, table, { rateHz: RATE_HZ, segments: [] }),
    ];
    const bytes = files.find(({ path }) => path.endsWith("displacement_seg1.npy"))?.bytes.slice(128);
    expect(bytes).toEqual(f8([10], [1, 1]).slice(128));
  });
});

describe("a motion_info folder of one segment", () => {
  const peaks = peakFiles([15_000, 900_000], [0, 0]);
  const seconds = (from: number) => Array.from({ length: 30 }, (_, i) => from + i + 0.5);

  it("whose recording did not start at 0 has its bins moved to where the peaks count from", async () => {
    const opened = await open({ ...peaks, ...motionFiles([seconds(500)]) });
    expect([...motionOf(opened).timeBinCentersSec]).toEqual(seconds(0));
    expect(opened[1].info.timeRangeSec).toEqual([0.5, 29.5]);
    expect(opened[1].info.warnings).toEqual([
      "motion/temporal_bins_s_seg0.npy: the recording started at 500 s of its own clock, while its peaks count from 0; that was taken off the bins.",
    ]);
  });

  it("is left as it is where the bins only begin late", async () => {
    const opened = await open({ ...peaks, ...motionFiles([seconds(5).slice(0, 25)]) });
    expect([...motionOf(opened).timeBinCentersSec]).toEqual(seconds(5).slice(0, 25));
    expect(opened[1].info.warnings).toEqual([]);
  });

  it("of 0.98 and 0.99 has its arrays beside it, without depths where it is rigid, and perhaps no rate", async () => {
    const old = { ...peaks, "temporal_bins.npy": f8([0.5, 1.5]), "motion.npy": f8([3, 4], [2, 1]) };
    const rigid = await open(old);
    expect(motionOf(rigid)).toMatchObject({ depthBinCentersUm: Float64Array.of(0) });
    expect(rigid.flatMap(({ info }) => info.warnings)).toEqual([]);
    const nonRigid = { ...old, "spatial_bins.npy": f8([0, 100]), "motion.npy": f8([1, 2, 3, 4], [2, 2]) };
    expect([...motionOf(await open(nonRigid)).depthBinCentersUm]).toEqual([0, 100]);
    const [unknown] = await open({ ...old, "parameters.json": utf8('{"detect_kwargs":{}}') });
    expect(unknown.info.warnings[0]).toContain("30000 Hz is assumed");
  });

  it("without peaks is a motion alone", async () => {
    const { "peaks.npy": _, "peak_locations.npy": __, ...rest } = { ...peaks, ...motionFiles([[0.5, 1.5]]) };
    const opened = await open(rest);
    expect(opened).toHaveLength(1);
    expect(opened[0].info.warnings).toEqual([]);
    expect([...motionOf(opened).displacementUm]).toEqual([0, 1]);
  });
});

import { describe, expect, it } from "vitest";
import { correctDepths } from "../../../src/core/motion.ts";
import { openSources } from "../../../src/io/open.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import { type AlfFiles, f8, fourSpikes, i4, sorterDrift } from "../../cases/alfFiles.ts";
import { checkReader, motionOf, sourcesOf, spikesOf, utf8 } from "../support.ts";

/** Three units on two shanks of two channels each. */
const sorted: AlfFiles = {
  ...fourSpikes,
  "spikes.clusters.npy": i4([0, 2, 1, 2]),
  "spikes.templates.npy": i4([5, 5, 5, 5]),
  "spikes.samples.npy": i4([15_000, 30_000, 60_000, 97_500]),
  "clusters.channels.npy": i4([0, 3, 1]),
  "clusters.metrics.csv": utf8("cluster_id,snr,label\n11,2,1\n12,3,0.3333333\n13,1,0\n"),
  "channels.localCoordinates.npy": f8([0, 20, 32, 20, 250, 20, 282, 20], [4, 2]),
  "channels.rawInd.npy": i4([0, 1, 2, 3]),
};
const zipOf = (files: AlfFiles) => zipBytes(Object.entries(files).map(([path, bytes]) => ({ path, bytes })));
const open = (files: AlfFiles) => openSources(sourcesOf(files));
const under = (folder: string, files: AlfFiles): AlfFiles =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]));
const renamed = (files: AlfFiles, change: (name: string) => string): AlfFiles =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [change(name), bytes]));

describe("ALF spikes", () => {
  it("come in seconds, µm and µV, with units and their labels, channels, shanks and contacts", async () => {
    const [data] = await open(sorted);
    const spikes = spikesOf([data]);
    expect([...spikes.timeSec]).toEqual([0.5, 1, 2, 3.25]);
    expect([...spikes.depthUm]).toEqual([100, 220, 340, 60]);
    expect([...spikes.ampUv]).toEqual([80, 120, 60, 75].map((uv) => Math.fround(uv * 1e-6 * 1e6)));
    expect([...(spikes.unit ?? [])]).toEqual([0, 2, 1, 2]);
    expect([...(spikes.sampleIndex ?? [])]).toEqual([15_000, 30_000, 60_000, 97_500]);
    expect([...(spikes.channel ?? [])]).toEqual([0, 1, 3, 1]);
    expect([...(spikes.shank ?? [])]).toEqual([0, 0, 1, 0]);
    expect(data.info.units).toEqual([
      { id: 0, nSpikes: 1, label: "1" },
      { id: 1, nSpikes: 1, label: "0.33" },
      { id: 2, nSpikes: 2, label: "0" },
    ]);
    expect(data.info.probe).toMatchObject({ nShanks: 2, shank: [0, 0, 1, 1] });
    expect(data.info.probe?.positionsUm[2]).toEqual([250, 20]);
    expect(data.info.warnings).toEqual([
      expect.stringContaining("no drift.um lies beside"),
      "2 shanks were told by the gaps across channels.localCoordinates, as no channels.shanks.npy names them.",
    ]);
  });

  it("keep the readers' contract", () => checkReader("ibl-alf", sorted, zipOf(sorted), /^(clusters|channels)\./));

  it("are the same under namespaces, UUIDs and a revision", async () => {
    const plain = spikesOf(await open(sorted));
    const uuid = (name: string) => name.replace(/\.(npy|csv)$/, ".0a1b2c3d-0000-4000-8000-00000000000f.$1");
    const others = [
      renamed(sorted, uuid),
      renamed(sorted, (name) => `_ibl_${name}`),
      renamed(sorted, (name) => `_ks_${uuid(name)}`),
      under("sub-1/alf/probe00/#2024-05-06#", sorted),
    ];
    for (const files of others) expect(spikesOf(await open(files))).toEqual(plain);
  });

  it("take the newest revision of each file", async () => {
    const revised = {
      ...under("alf", sorted),
      ...under("alf/#2023-01-01#", { "spikes.depths.npy": f8([1, 1, 1, 1]) }),
      ...under("alf/#2024-01-01#", { "spikes.depths.npy": f8([7, 8, 9, 10]) }),
    };
    const opened = await open(revised);
    expect([...spikesOf(opened).depthUm]).toEqual([7, 8, 9, 10]);
    expect(opened[0].info.warnings[0]).toBe(
      "alf/#2024-01-01#/spikes.depths.npy is the newest revision and was taken; alf/spikes.depths.npy, alf/#2023-01-01#/spikes.depths.npy was not read.",
    );
  });

  it("find their channels in the folder above", async () => {
    const { "channels.localCoordinates.npy": sites, "channels.rawInd.npy": rows, ...rest } = sorted;
    const split = {
      ...under("alf/probe00/pykilosort", rest),
      ...under("alf/probe00", { "channels.localCoordinates.npy": sites, "channels.rawInd.npy": rows }),
    };
    const opened = await open(split);
    expect(opened[0].info.probe?.positionsUm).toHaveLength(4);
    expect(spikesOf(opened)).toEqual(spikesOf(await open(sorted)));
  });

  it("of two probes, by folder or by a part of the name, are two data sets", async () => {
    const byFolder = { ...under("alf/probe00", sorted), ...under("alf/probe01", sorted) };
    await expect(open(byFolder)).rejects.toThrow("IBL ALF spikes in alf/probe00 and IBL ALF spikes in alf/probe01");
    const label = (probe: string) => renamed(sorted, (name) => name.replace(/\.(npy|csv)$/, `.${probe}.$1`));
    const byPart = under("alf", { ...label("probe_00"), ...label("probe_01") });
    await expect(open(byPart)).rejects.toThrow("IBL ALF spikes in alf (probe_00) and IBL ALF spikes in alf (probe_01)");
    expect(spikesOf(await open(under("alf", label("probe_00"))))).toEqual(spikesOf(await open(sorted)));
  });

  it("have the shanks that channels.shanks names, and units by templates where there are no clusters", async () => {
    const { "spikes.clusters.npy": _, ...templatesOnly } = sorted;
    expect([...(spikesOf(await open(templatesOnly)).unit ?? [])]).toEqual([5, 5, 5, 5]);
    const [named] = await open({ ...sorted, "channels.shanks.npy": i4([0, 1, 0, 1]) });
    expect(named.info.probe?.shank).toEqual([0, 1, 0, 1]);
    expect(named.info.warnings).toHaveLength(1);
    const [one] = await open({ ...sorted, "channels.shanks.npy": i4([3, 3, 3, 3]) });
    expect(one.info.probe?.nShanks).toBe(1);
  });

  it("have no channel where units or channels do not fit, and say so", async () => {
    const [short] = await open({ ...sorted, "clusters.channels.npy": i4([0, 3]) });
    expect(spikesOf([short]).channel).toBeUndefined();
    expect(short.info.warnings).toContain(
      "clusters.channels.npy: expected a row for every unit, found 2 and unit 2; spikes have no channel.",
    );
    const [outside] = await open({ ...sorted, "clusters.channels.npy": i4([0, 9, 1]) });
    expect(spikesOf([outside]).channel).toBeUndefined();
    expect(outside.info.warnings[1]).toContain(
      "expected channels below 4, the rows of channels.localCoordinates.npy, found 9",
    );
  });
});

describe("labels of units", () => {
  const labelsOf = async (files: AlfFiles) =>
    (await open({ ...fourSpikes, "spikes.clusters.npy": i4([0, 2, 2, 4]), ...files }))[0].info.units?.map(
      (u) => u.label,
    );

  it("go by cluster_id in a table of fewer rows than clusters.*", async () => {
    const table = utf8('cluster_id\tnote\tlabel\n4\t"a\tb"\tgood\n2\t\tmua\n');
    expect(await labelsOf({ "clusters.metrics.tsv": table })).toEqual([undefined, "mua", "good"]);
  });

  it("come from phy's tables and from an array", async () => {
    expect(await labelsOf({ "cluster_KSLabel.tsv": utf8("cluster_id\tKSLabel\n0\tgood\n2\tmua\n4\tgood\n") })).toEqual([
      "good",
      "mua",
      "good",
    ]);
    expect(await labelsOf({ "clusters.labels.npy": f8([1, 0, 0.666, 0, 0]) })).toEqual(["1", "0.67", "0"]);
  });
});

describe("ALF drift", () => {
  it("of iblsorter is turned round, of a copy of SpikeInterface's motion it is not", async () => {
    const turned = motionOf(await open(sorterDrift));
    expect([...turned.displacementUm]).toEqual([10, 5, -4, -2]);
    expect([...turned.depthBinCentersUm]).toEqual([0, 400]);
    const copied = motionOf(await open({ ...sorterDrift, "drift_depths.um.npy": f8([0, 400]) }));
    expect([...copied.displacementUm]).toEqual([-10, -5, 4, 2]);
  });

  it("that the sorter took off is put back, and its motion takes it off again", async () => {
    const opened = await open({ ...fourSpikes, ...sorterDrift });
    const spikes = spikesOf(opened);
    expect(spikes.depthUm[0]).toBeCloseTo(100 + 10 - 5 * (spikes.depthUm[0] / 400), 9);
    const corrected = correctDepths(motionOf(opened), spikes.timeSec, spikes.depthUm);
    for (const [i, depth] of [100, 220, 340, 60].entries()) expect(corrected[i]).toBeCloseTo(depth, 8);
    const copied = await open({ ...fourSpikes, ...sorterDrift, "drift_depths.um.npy": f8([0, 400]) });
    expect([...spikesOf(copied).depthUm]).toEqual([100, 220, 340, 60]);
  });

  it("is moved onto the clock of the session", async () => {
    const late = {
      ...fourSpikes,
      ...sorterDrift,
      "spikes.times.npy": f8([12, 13, 14, 15]),
      "spikes.samples.npy": i4([60_000, 90_000, 120_000, 150_000]),
    };
    const opened = await open(late);
    expect([...motionOf(opened).timeBinCentersSec]).toEqual([11, 13]);
    expect(opened[1].info.warnings[1]).toBe(
      "drift.times.npy: counts from the start of the recording and was moved by 10 s onto the clock of spikes.times.",
    );
    const same = await open({ ...sorted, ...sorterDrift });
    expect([...motionOf(same).timeBinCentersSec]).toEqual([1, 3]);
  });

  it("keeps the readers' contract", () => checkReader("ibl-alf", sorterDrift, zipOf(sorterDrift)));
});

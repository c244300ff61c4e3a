import { describe, expect, it } from "vitest";
import { openSources } from "../../../src/io/open.ts";
import { npyBytes } from "../../../src/io/write/npy.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import {
  type Files,
  featureChannels,
  features,
  fortranNpy,
  kilosort4Files,
  paramsBytes,
  phyFiles,
  templates,
} from "../../cases/sorterFiles.ts";
import { checkReader, sourcesOf, spikesOf, utf8 } from "../support.ts";

const open = (files: Files) => openSources(sourcesOf(files));
const archive = (files: Files) => zipBytes(Object.entries(files).map(([path, bytes]) => ({ path, bytes })));

describe("Kilosort4", () => {
  it("gives times, positions, amplitudes, units and the nearest contact of each spike", async () => {
    const opened = await open(kilosort4Files());
    const spikes = spikesOf(opened);
    expect([...spikes.timeSec]).toEqual([100, 3100, 6100, 9100, 12100, 15100].map((s) => s / 30000));
    expect([...spikes.depthUm]).toEqual([0, 10.5, 21, 1.5, 12, 22.5]);
    expect([...(spikes.xUm ?? [])]).toEqual([1, 30, 1, 30, 1, 30]);
    expect([...spikes.ampUv]).toEqual([10, 11, 12, 13, 14, 15]);
    expect([...(spikes.unit ?? [])]).toEqual([0, 1, 2, 0, 1, 2]);
    // (30, 10.5) is nearer to the row at 20 µm
    expect([...(spikes.channel ?? [])]).toEqual([0, 3, 2, 1, 2, 3]);
    expect(spikes.shank).toBeUndefined();
    const [{ info }] = opened;
    expect(info.amplitudeUnit).toBe("L2 norm of PC features");
    expect(info.units).toEqual([
      { id: 0, nSpikes: 2, label: "good" },
      { id: 1, nSpikes: 2, label: "mua" },
      { id: 2, nSpikes: 2, label: "good" },
    ]);
    expect(info.probe?.positionsUm).toEqual([
      [0, 0],
      [32, 0],
      [0, 20],
      [32, 20],
    ]);
    expect(info.warnings.filter((text) => text.includes("not recognised"))).toEqual([]);
  });

  it("is the same under any name, loose and in an archive, and names a file that is cut short", async () => {
    const files = kilosort4Files();
    await checkReader("kilosort", files, archive(files));
  });

  it("knows params.py by its text", async () => {
    const { "params.py": params, ...files } = kilosort4Files();
    const [{ info }] = await open({ ...files, "settings of phy.txt": params });
    expect(info.nSpikes).toBe(6);
  });

  it("tells shanks by the contact, however they are numbered", async () => {
    const spikes = spikesOf(
      await open({ ...kilosort4Files(), "channel_shanks.npy": npyBytes([1, 3, 1, 3], [4], "<f8") }),
    );
    expect([...(spikes.shank ?? [])]).toEqual([0, 1, 0, 1, 0, 1]);
  });

  it("opens on first sight without spike_clusters and without contacts", async () => {
    const { "spike_clusters.npy": clusters, "channel_positions.npy": _, ...files } = kilosort4Files();
    const spikes = spikesOf(await open({ ...files, "spike_templates.npy": clusters }));
    expect([...(spikes.unit ?? [])]).toEqual([0, 1, 2, 0, 1, 2]);
    expect(spikes.channel).toBeUndefined();
  });

  it("leaves out rows of spikes that kept_spikes.npy says were removed", async () => {
    const files: Files = {
      ...kilosort4Files(),
      "kept_spikes.npy": npyBytes([1, 1, 0, 1, 1, 1, 1], [7], "<i4"),
      "amplitudes.npy": npyBytes([10, 11, 99, 12, 13, 14, 15], [7], "<f4"),
    };
    const opened = await open(files);
    expect([...spikesOf(opened).ampUv]).toEqual([10, 11, 12, 13, 14, 15]);
    expect(opened[0].info.warnings).toContain(
      "amplitudes.npy: 1 of 7 rows were left out: kept_spikes.npy says their spikes were removed.",
    );
  });

  it("leaves out spikes without a position", async () => {
    const files = kilosort4Files(3);
    const opened = await open({
      ...files,
      "spike_positions.npy": npyBytes([1, 2, Number.NaN, Number.NaN, 5, 6], [3, 2], "<f4"),
    });
    const spikes = spikesOf(opened);
    expect([...spikes.depthUm]).toEqual([2, 6]);
    expect([...(spikes.unit ?? [])]).toEqual([0, 2]);
    expect([...(spikes.sampleIndex ?? [])]).toEqual([100, 6100]);
    expect(opened[0].info.warnings).toContain(
      "spike_positions.npy: 1 of 3 spikes have no position (NaN) and were left out.",
    );
  });

  it("opens one of several folders, or says that there are several", async () => {
    const two = Object.fromEntries(
      ["probe0/kilosort4", "probe1/kilosort4"].flatMap((folder) =>
        Object.entries(kilosort4Files()).map(([name, bytes]) => [`${folder}/${name}`, bytes]),
      ),
    );
    await expect(open(two)).rejects.toThrow(
      /found 2: Kilosort4 in probe0\/kilosort4 and Kilosort4 in probe1\/kilosort4/,
    );
  });
});

describe("Kilosort 2 and phy", () => {
  it("places spikes at their templates and says what that cannot show", async () => {
    const opened = await open(phyFiles());
    const spikes = spikesOf(opened);
    expect([...spikes.depthUm]).toEqual([0, 20, 20, 0]);
    const x = (32 * 2) / (3 + 2);
    expect([...(spikes.xUm ?? [])]).toEqual([0, x, x, 0].map((v) => expect.closeTo(v, 12)));
    expect([...(spikes.channel ?? [])]).toEqual([0, 2, 2, 0]);
    expect([...(spikes.unit ?? [])]).toEqual([0, 1, 1, 0]);
    expect(opened[0].info.amplitudeUnit).toBe("scale of a unit-norm template");
    expect(opened[0].info.warnings.some((text) => text.includes("drift cannot be seen"))).toBe(true);
  });

  it("is the same under any name, loose and in an archive, and names a file that is cut short", async () => {
    await checkReader("kilosort", phyFiles(), archive(phyFiles()));
  });

  it("reads templates in Fortran order, sparse ones by their channels, and takes whitening back", async () => {
    const dense = spikesOf(await open(phyFiles()));
    const flat = templates.flat(2);
    const fortran = await open(phyFiles({ "templates.npy": fortranNpy(flat, [2, 3, 4]) }));
    expect(spikesOf(fortran)).toEqual(dense);
    const sparse = await open(
      phyFiles({
        "templates.npy": npyBytes([0, 0, -4, 0, 2, 0, 1, 0, -2, -2, 0, 0], [2, 3, 2], "<f4"),
        "template_ind.npy": npyBytes([0, -1, 2, 3], [2, 2], "<i8"),
      }),
    );
    expect(spikesOf(sparse)).toEqual(dense);
    // channels 2 and 3 twice as large and channel 2 also seen on channel 3: 6 and 4 + 3 parts
    const inverse = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 1, 0, 0, 0, 2];
    const unwhitened = spikesOf(await open(phyFiles({ "whitening_mat_inv.npy": npyBytes(inverse, [4, 4], "<f8") })));
    // on channel 3: samples 0, 1 and 2 are 1, −6 and 0
    expect(unwhitened.xUm?.[1]).toBeCloseTo((32 * 7) / (6 + 7), 12);
    expect(unwhitened.channel?.[1]).toBe(3);
  });

  it.each(["C", "MATLAB"])("places spikes by the first component of their features, in %s order", async (order) => {
    const values = features.flat(2);
    const opened = await open(
      phyFiles({
        "pc_features.npy": order === "C" ? npyBytes(values, [4, 2, 3], "<f4") : fortranNpy(values, [4, 2, 3]),
        "pc_feature_ind.npy": npyBytes(featureChannels, [2, 3], "<i8"),
      }),
    );
    const spikes = spikesOf(opened);
    // weights: 9, 1, 0 on channels 0, 2, 1; 1, 4, 4 on 3, 2, 0; 16 on 0; none, so the middle of 0, 2, 1
    const depths = [20 / 10, (20 + 80) / 9, 0, 20 / 3];
    expect([...spikes.depthUm]).toEqual(depths.map((v) => expect.closeTo(v, 12)));
    expect(spikes.xUm?.[1]).toBeCloseTo(32 / 9, 12);
    expect([...(spikes.channel ?? [])].slice(0, 3)).toEqual([0, 2, 0]);
    expect(opened[0].info.warnings.some((text) => text.includes("1 of 4 spikes have no first component above 0"))).toBe(
      true,
    );
  });

  it("knows features whose last two dimensions are exchanged", async () => {
    const turned = features.flatMap(([first, second]) => first.flatMap((value, k) => [value, second[k]]));
    const ind = { "pc_feature_ind.npy": npyBytes(featureChannels, [2, 3], "<i8") };
    const straight = phyFiles({ ...ind, "pc_features.npy": npyBytes(features.flat(2), [4, 2, 3], "<f4") });
    const exchanged = phyFiles({ ...ind, "pc_features.npy": npyBytes(turned, [4, 3, 2], "<f4") });
    expect(spikesOf(await open(exchanged))).toEqual(spikesOf(await open(straight)));
    const matlab = phyFiles({ ...ind, "pc_features.npy": fortranNpy(turned, [4, 3, 2]) });
    expect(spikesOf(await open(matlab))).toEqual(spikesOf(await open(straight)));
  });

  it("takes how large templates are where there is no amplitudes.npy", async () => {
    const { "amplitudes.npy": _, ...files } = phyFiles();
    const opened = await open(files);
    expect([...spikesOf(opened).ampUv]).toEqual([6, 3, 3, 6]);
    expect(opened[0].info.amplitudeUnit).toBe("peak to peak of its template");
  });

  it("knows an export of SpikeInterface: µV, and features that tell nothing of depth", async () => {
    const opened = await open(
      phyFiles({
        "params.py": paramsBytes({ dat_path: "r'None'" }),
        "cluster_si_unit_ids.tsv": utf8("cluster_id\tsi_unit_id\n0\t#7\n1\t#9\n"),
        "cluster_group.tsv": utf8("cluster_id\tgroup\n0\tunsorted\n1\tnoise\n"),
        "pc_features.npy": npyBytes(features.flat(2), [4, 2, 3], "<f4"),
        "pc_feature_ind.npy": npyBytes(featureChannels, [2, 3], "<i8"),
      }),
    );
    expect([...spikesOf(opened).depthUm]).toEqual([0, 20, 20, 0]);
    expect(opened[0].info.amplitudeUnit).toBeUndefined();
    expect(opened[0].info.units).toEqual([
      { id: 0, nSpikes: 2 },
      { id: 1, nSpikes: 2, label: "noise" },
    ]);
  });

  it("lets a person's word count before Kilosort's and that before Bombcell's", async () => {
    const opened = await open(
      phyFiles({
        "cluster_group.tsv": utf8("cluster_id\tgroup\r\n1\tgood\r\n"),
        "cluster_KSLabel.csv": utf8("cluster_id,KSLabel\n0,mua\n1,mua\n"),
        "cluster_bc_unitType.tsv": utf8("cluster_id\tbc_unitType\n0\tNOISE\n1\tNOISE\n"),
        "cluster_info.tsv": utf8("id\tAmplitude\tn_spikes\n0\t3\t2\n"),
      }),
    );
    expect(opened[0].info.units).toEqual([
      { id: 0, nSpikes: 2, label: "mua" },
      { id: 1, nSpikes: 2, label: "good" },
    ]);
    expect(opened[0].info.warnings.filter((text) => text.includes("labels"))).toEqual([]);
  });
});

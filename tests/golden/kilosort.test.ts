import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { displacementAt } from "../../src/core/motion.ts";
import { openSources } from "../../src/io/open.ts";
import { motionOf, spikesOf } from "../io/support.ts";

/** Real folders beside the checkout. Numbers of templates and nearest contacts: numpy and scipy, by the formulas stated. */
const open = async (name: string) => openSources(await nodeSources([`../shared/samples/${name}`]));
const sum = (values: ArrayLike<number> = []) => Array.from(values).reduce((total, v) => total + v, 0);

describe("Kilosort4, ZFM-02370", () => {
  it("opens with positions, contacts, units and the drift beside it", async () => {
    const opened = await open("kilosort4_ZFM-02370_mini");
    const spikes = spikesOf(opened);
    const [{ info }] = opened;
    expect(opened.map((one) => one.info.format)).toEqual(["kilosort", "kilosort-drift"]);
    expect(spikes.nSpikes).toBe(290_360);
    expect(info.durationSec).toBeCloseTo(90, 2);
    expect([spikes.sampleIndex?.[0], spikes.sampleIndex?.[290_359]]).toEqual([58, 2_699_982]);
    expect(info.probe?.positionsUm).toHaveLength(383);
    expect(info.probe?.positionsUm[191]).toEqual([43, 1940]);
    // the drift that Kilosort had taken off is put back: without it, depths are those of the file
    const motion = motionOf(opened);
    const stated = spikes.depthUm.map((depth, i) => depth - displacementAt(motion, spikes.timeSec[i], depth));
    expect([spikes.xUm?.[0], spikes.depthUm[0]]).toEqual([Math.fround(38.566097), Math.fround(62.571053) - 0.5]);
    expect(stated[0]).toBe(Math.fround(62.571053));
    expect(sum(spikes.xUm)).toBeCloseTo(1.05410297e7, -1);
    expect(sum(stated)).toBeCloseTo(4.68527789e8, -1);
    expect([...(spikes.channel ?? [])].slice(0, 10)).toEqual([4, 235, 351, 359, 155, 329, 61, 57, 65, 78]);
    expect(sum(spikes.channel)).toBe(46_308_759);
    expect(info.units).toHaveLength(403);
    expect(info.units?.slice(0, 2)).toEqual([
      { id: 0, nSpikes: 1974, label: "mua" },
      { id: 1, nSpikes: 392, label: "mua" },
    ]);
    expect(info.units?.filter(({ label }) => label === "good")).toHaveLength(253);
    expect(info.units?.find(({ id }) => id === 126)?.nSpikes).toBe(8159);
    expect(info.warnings).toHaveLength(3);
    expect(info.warnings[2]).toContain("from channel 191 on (column 192 of the raw file by channel_map.npy)");
  });

  it("gives its drift with the sign turned", async () => {
    const motion = motionOf(await open("kilosort4_ZFM-02370_mini"));
    expect(motion.depthBinCentersUm).toEqual(Float64Array.of(1929));
    expect([...motion.timeBinCentersSec]).toEqual(Array.from({ length: 45 }, (_, b) => 2 * b + 1));
    expect(motion.displacementUm[0]).toBe(-0.5);
    expect(motion.displacementUm[20]).toBe(0.5);
    expect(sum(motion.displacementUm)).toBe(-1);
  });
});

describe("Kilosort 2.5, 32 channels", () => {
  it("opens with spikes where their templates lie", async () => {
    const opened = await open("phy_kilosort25_32ch");
    const spikes = spikesOf(opened);
    expect(spikes.nSpikes).toBe(788);
    expect(spikes.timeSec[0]).toBe(380 / 32000);
    const depths = [-119.58132903, 98.60007935, -42.24358357, -53.47617339, 139.23158416];
    expect([...spikes.depthUm].slice(0, 5)).toEqual(depths.map((v) => expect.closeTo(v, 5)));
    expect(sum(spikes.depthUm) / 788).toBeCloseTo(-6.126713985, 6);
    expect(sum(spikes.xUm) / 788).toBeCloseTo(-2.823979083, 6);
    expect(sum(spikes.channel)).toBe(11_341);
    expect(opened[0].info.units?.filter(({ label }) => label === "good").map(({ id }) => id)).toEqual([9, 10, 11]);
  });
});

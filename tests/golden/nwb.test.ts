import { expect, it } from "vitest";
import { inspect } from "../../src/cli/commands/inspect.ts";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { openRecordings } from "../../src/io/open.ts";
import type { DatasetInfo } from "../../src/protocol/datasets.ts";

const sample = "../shared/samples/nwb/ecephys_tutorial_v2.5.0.nwb";
const name = "ecephys_tutorial_v2.5.0.nwb";

/** Samples 0 and 49 of the two series, by h5py. */
const RAW = [
  -0.36041305301366466, 1.4429401631239425, 1.0421788506530973, -0.3148518409337818, -2.1268062101280534,
  -1.8855573966581438, -0.7905024477937153, -0.24462827947588167,
];
const LFP = [
  -1.4623039285262232, -1.2156931605675991, -0.9197054993286051, 1.5991630391219447, 0.41815757528330916,
  -0.784619295541159, 2.69122778828188, -0.045955074298294256,
];

it("a file of another writer is two recordings, and says what it leaves out", async () => {
  const startMs = performance.now();
  const infos = (await inspect([sample])).output as DatasetInfo[];
  console.info(`inspect: ${(performance.now() - startMs).toFixed(0)} ms`);
  expect(infos).toMatchObject([
    { title: "NWB ElectricalSeries", kind: "recording", rateHz: 20000, nChannels: 4, nSamples: 50, uvPerBit: 1e6 },
    { title: "NWB LFP ElectricalSeries", kind: "recording", rateHz: 200, nChannels: 4, nSamples: 50, uvPerBit: 1e6 },
  ]);
  expect(infos[0].warnings.slice(0, 2)).toEqual([
    `${name}/units: expected a depth of spikes or of units (spike_depths, electrodes with rel_y and waveform_mean, peak_channel_id or depth), found none.`,
    `${name}/acquisition/ElectricalSeries/electrodes: expected one electrode for each of 4 channels, found 12; which sites the channels are is unknown.`,
  ]);
  expect(infos[0].warnings).toHaveLength(3);
  expect(infos[1].warnings).toHaveLength(2);
});

it("has the values that h5py reads", async () => {
  const [raw, lfp] = await openRecordings(await nodeSources([sample]));
  const rows = async ({ readSamples }: typeof raw) => [
    ...(await readSamples(0, 0, 1)),
    ...(await readSamples(0, 49, 50)),
  ];
  expect(await rows(raw)).toEqual(RAW.map(Math.fround));
  expect(await rows(lfp)).toEqual(LFP.map(Math.fround));
});

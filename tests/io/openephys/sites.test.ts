import { describe, expect, it } from "vitest";
import { memorySource } from "../../../src/io/byteSource.ts";
import { openRecordings } from "../../../src/io/open.ts";
import { isSettings, readSettings } from "../../../src/io/openephys/settings.ts";
import {
  NP1_PROBE,
  numbersFrom,
  oebinBytes,
  type ProbeText,
  type SettingsOptions,
  type StreamOptions,
  settingsBytes,
  streamEntry,
} from "../../cases/openephysFiles.ts";
import { binaryBytes } from "../../cases/spikeglxFiles.ts";
import { sourcesOf } from "../support.ts";

const names = (numbers: readonly number[], prefix = "CH") => [...numbers.map((n) => `${prefix}${n}`), "CH_SYNC"];
const row = (...values: (string | number)[]) => Object.fromEntries(values.map((value, i) => [`CH${i}`, String(value)]));

/** Streams of four channels with a sync word, in one folder, and the settings of their chain. */
async function opened(streams: StreamOptions[], settings: SettingsOptions, version = settings.version ?? "0.6.0") {
  const files: Record<string, Uint8Array> = {
    "settings.xml": settingsBytes(settings),
    "r/structure.oebin": oebinBytes(streams.map(streamEntry), version),
  };
  for (const { folderName = "Neuropix-PXI-100.ProbeA-AP", names: all } of streams) {
    files[`r/continuous/${folderName}/continuous.dat`] = binaryBytes(10, all?.length ?? 5);
    files[`r/continuous/${folderName}/sample_numbers.npy`] = numbersFrom(1);
  }
  const found = await openRecordings(sourcesOf(files));
  return found.map(({ recording, warnings }) => ({ ...recording, warnings }));
}

const one = async (stream: StreamOptions, settings: SettingsOptions, version?: string) =>
  (await opened([stream], settings, version))[0];

describe("sites of a probe in settings.xml", () => {
  it("go by the name of each channel, whatever their order in either file", async () => {
    const stream = { names: names([3, 0, 2, 1]), folderName: "OneBox-100.ProbeA", streamName: "ProbeA" };
    const { probe, delaySamples, warnings } = await one(stream, { processor: "OneBox", streams: ["ProbeA"] });
    expect(probe.positionsUm).toEqual([
      [43, 20],
      [27, 0],
      [11, 20],
      [59, 0],
    ]);
    expect([...delaySamples]).toEqual([1 / 13, 0, 1 / 13, 0]);
    expect(warnings).toEqual([]);
  });

  it.each([
    ["all from 1", [1, 2, 3, 4], "0.6.7", 27],
    ["all from 0", [0, 1, 2, 3], "0.6.7", 27],
    ["a part, before version 1.0 from 1", [2, 3], "0.6.7", 59],
    ["a part, from version 1.0 on from 0", [2, 3], "1.0.1", 11],
  ])("count channels: %s", async (_, numbers, version, xUm) => {
    const { probe } = await one({ names: names(numbers) }, { version });
    expect(probe.positionsUm).toHaveLength(numbers.length);
    expect(probe.positionsUm[0][0]).toBe(xUm);
  });

  it("leave out channels that have none", async () => {
    const { probe, nChannels, nSavedChannels, warnings } = await one({ names: ["AP1", "AP2", "AP5", "AP_SYNC"] }, {});
    expect([nChannels, nSavedChannels, probe.positionsUm.length]).toEqual([2, 3, 2]);
    expect(warnings).toEqual(["settings.xml: expected a site for every channel, found none for AP5; left out."]);
  });

  it("go in order where names number nothing", async () => {
    const { probe, warnings } = await one({ names: ["left", "right", "CH_SYNC"] }, {});
    expect(probe.positionsUm).toEqual([
      [27, 0],
      [59, 0],
    ]);
    expect(warnings).toHaveLength(1);
  });

  it("are those SpikeGLX would tell, wherever the plugin put its first column", async () => {
    const at = async (partNumber: string, x: number[], y: number[]) => {
      const probes = [{ partNumber, channels: row(0, 0, 0, 0), x: row(...x), y: row(...y) }];
      const { probe, warnings } = await one({}, { probes });
      expect(warnings).toEqual([]);
      return probe.positionsUm.map(([xUm]) => xUm);
    };
    expect(await at("NP2003", [8, 40, 8, 40], [0, 0, 15, 15])).toEqual([27, 59, 27, 59]);
    expect(await at("NP2003", [40, 40, 40, 40], [0, 15, 30, 45])).toEqual([59, 59, 59, 59]);
    expect(await at("NP2003", [27, 59, 27, 59], [0, 0, 15, 15])).toEqual([27, 59, 27, 59]);
    expect(await at("NP1100", [12, 18, 24, 54], [0, 0, 0, 6])).toEqual([14, 20, 26, 56]);
    expect(await at("NP1121", [6, 6, 6, 6], [0, 3, 6, 9])).toEqual([6.25, 6.25, 6.25, 6.25]);
  });

  it("lose the shank's pitch that early versions added to their depth", async () => {
    const probes = [
      {
        partNumber: "NP2010",
        channels: row("0:0", "0:1", "0:2", "0:3"),
        x: row(8, 290, 508, 790),
        y: row(0, 250, 515, 765),
      },
    ];
    const older = { version: "0.5.5.4", probes, streams: [] };
    const { probe } = await one({ folderName: "Neuropix-PXI-100.0", streamName: "" }, older);
    expect(probe).toMatchObject({ nShanks: 4, shank: [0, 1, 2, 3] });
    expect(probe.positionsUm).toEqual([
      [27, 0],
      [309, 0],
      [527, 15],
      [809, 15],
    ]);
  });

  it("are taken as they stand where they are not the probe's", async () => {
    const { probe, warnings } = await one({}, { probes: [{ ...NP1_PROBE, partNumber: "NP2003" }] });
    expect(probe.positionsUm[3]).toEqual([43, 20]);
    expect(warnings).toEqual([
      "settings.xml: expected the positions of Neuropixels 2.0, 1 shank (NP2003), found others; they are taken as they stand.",
    ]);
  });

  it("are those of the recording where settings were changed since", async () => {
    const { probe, warnings } = await one({ electrodes: [0, 1, 386, 387] }, {});
    expect(probe.positionsUm[2]).toEqual([11, 3860]);
    expect(warnings).toEqual([
      "settings.xml: 2 channels have other sites there than by r/structure.oebin, which counts.",
    ]);
  });

  it("mark the reference", async () => {
    const channels = { CH190: "0", CH191: "0" };
    const probe: ProbeText = {
      ...NP1_PROBE,
      channels,
      x: { CH190: "11", CH191: "43" },
      y: { CH190: "1900", CH191: "1900" },
    };
    const found = await one({ names: ["AP191", "AP192", "AP_SYNC"] }, { probes: [probe] });
    expect(found.probe.connected).toEqual([true, false]);
  });

  it("are numbers in newer versions and on ONIX", async () => {
    const probe: ProbeText = { partNumber: "NP2013", electrodes: row(0, 1, 1280, 3841) };
    const sites = [
      [27, 0],
      [59, 0],
      [277, 0],
      [809, 0],
    ];
    const pxi = await one({ names: names([0, 1, 2, 3]) }, { version: "1.0.1", probes: [probe] });
    expect(pxi.probe.positionsUm).toEqual(sites);
    for (const tag of ["NEUROPIXELSV1E", "NEUROPIXELSV1F"]) {
      const streams = ["BreakoutBoard-DigitalIO", "PortB-Headstage-Probe-AP", "PortB-Headstage-Probe-LFP"];
      const settings = { version: "1.0.1", processor: "ONIX Source", probes: [{ ...probe, tag }], streams };
      const stream = { names: names([0, 1, 2, 3]), streamName: streams[1], folderName: "ONIX_Source-100.Probe-AP" };
      expect((await one(stream, settings)).probe.positionsUm).toEqual(sites);
    }
  });
});

describe("the probe of a stream", () => {
  const probes: ProbeText[] = ["NP1000", "NP1300"].map((partNumber, i) => ({
    ...NP1_PROBE,
    partNumber,
    serial: `900${i}`,
    more: `slot="2" port="${i + 1}" dock="1" custom_probe_name="900${i}"`,
  }));
  const stream = (streamName: string): StreamOptions => ({ streamName, folderName: `Neuropix-PXI-100.${streamName}` });
  const parts = async (streams: StreamOptions[], settings: SettingsOptions) =>
    (await opened(streams, settings)).map(({ probe }) => probe.partNumber);

  it.each([
    ["its place among the streams", ["ProbeA-AP", "ProbeA-LFP", "ProbeB-AP", "ProbeB-LFP"], "ProbeA-AP", "ProbeB-AP"],
    ["its serial number", [], "9000-AP", "9001-AP"],
    ["slot, port and dock", [], "slot2-port1-1-AP", "slot2-port2-1-AP"],
  ])("is found by %s", async (_, streams, first, second) => {
    expect(await parts([stream(second), stream(first)], { probes, streams })).toEqual(["NP1300", "NP1000"]);
  });

  it("is found by the name a person gave", async () => {
    const named = probes.map((probe, i) => ({ ...probe, more: `custom_probe_name="${["V1", "CA1"][i]}"` }));
    expect(await parts([stream("CA1-AP")], { probes: named, streams: [] })).toEqual(["NP1300"]);
  });

  it("is not one that was switched off", async () => {
    const [off, on] = probes;
    const settings = { probes: [{ ...off, more: 'isEnabled="0"' }, on], streams: ["ProbeA-AP"] };
    expect(await parts([stream("ProbeA-AP")], settings)).toEqual(["NP1300"]);
  });

  it("is counted before version 0.6, AP and LFP of each", async () => {
    const numbered = [30000, 2500, 30000, 2500].map((rateHz, i) => {
      return { folderName: `Neuropix-PXI-100.${i}`, streamName: "", rateHz };
    });
    const found = await parts(numbered, { version: "0.5.5", probes, streams: [] });
    expect(found).toEqual(["NP1000", "NP1000", "NP1300", "NP1300"]);
  });

  it("is not guessed", async () => {
    const [{ probe, warnings }] = await opened([stream("elsewhere")], { probes, streams: [] });
    expect(probe).toMatchObject({ model: "unknown probe", positionsUm: [] });
    expect(warnings).toContain(
      "settings.xml: expected the probe of the stream elsewhere, found 2 that do not tell which.",
    );
  });

  it("may be one shank of a Quad Base", async () => {
    const shanks = [0, 1].map((shank) => ({
      partNumber: "NP2020",
      serial: "77",
      more: `shank="${shank}" custom_probe_name="77"`,
      channels: { [`CH0_${shank}`]: "0", [`CH1_${shank}`]: "0" },
      x: { [`CH0_${shank}`]: `${27 + 250 * shank}`, [`CH1_${shank}`]: `${59 + 250 * shank}` },
      y: { [`CH0_${shank}`]: "0", [`CH1_${shank}`]: "0" },
    }));
    const settings = { version: "1.0.1", probes: shanks, streams: ["77-1", "77-2"] };
    const { probe } = await one({ ...stream("77-2"), names: names([0, 1]) }, settings);
    expect(probe.positionsUm).toEqual([
      [277, 0],
      [309, 0],
    ]);
    expect(probe.shank).toEqual([1, 1]);
  });
});

describe("settings.xml", () => {
  it("is known by its root, and two probes of one headstage of ONIX are two", async () => {
    const text = `<SETTINGS><INFO><VERSION>1.0.1</VERSION></INFO><SIGNALCHAIN><PROCESSOR name="ONIX Source" nodeId="3">
      <STREAM name="A-Probe0"/><STREAM name="A-Probe1"/><STREAM name="A-BNO055"/><EDITOR><CUSTOM_PARAMETERS>
      <NEUROPIXELSV2E isEnabled="1"><PROBE0 probePartNumber="NP2003"/><PROBE1 probePartNumber="NP2013"/></NEUROPIXELSV2E>
      </CUSTOM_PARAMETERS></EDITOR></PROCESSOR></SIGNALCHAIN></SETTINGS>`;
    const source = memorySource("a.txt", new TextEncoder().encode(text));
    expect(await isSettings(source)).toBe(true);
    const { probes, version } = await readSettings(source);
    expect(version).toBe("1.0.1");
    expect(probes.map(({ partNumber, names: all }) => [partNumber, all])).toEqual([
      ["NP2003", ["A-Probe0"]],
      ["NP2013", ["A-Probe1"]],
    ]);
    expect(await isSettings(memorySource("b.xml", new TextEncoder().encode("<html/>")))).toBe(false);
  });
});

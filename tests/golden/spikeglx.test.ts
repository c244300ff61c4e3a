import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inspect } from "../../src/cli/commands/inspect.ts";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { openRecordings } from "../../src/io/open.ts";
import type { DatasetInfo } from "../../src/protocol/datasets.ts";

/** Real files beside the checkout, with the facts their description states. */
const samples = "../shared/samples/spikeglx";

interface Facts {
  path: string;
  rateHz: number;
  nChannels: number;
  uv: number;
  model: string;
  nShanks: number;
  /** [channel, x, y] */
  sites: [number, number, number][];
  /** channels that are not connected */
  off: number[];
  samples: number[];
  sync?: number;
  title?: string;
  /** samples: delays of channels 0, 1, 2, 3 and of the last; unlike Neuropixels 1.0's where given */
  delays?: number[];
  /** how many warnings beside that of a missing or cut binary */
  nWarnings?: number;
}

const ap = { rateHz: 30000, nChannels: 384, uv: 2.34375, model: "Neuropixels 1.0", nShanks: 1, samples: [0], sync: 1 };
const np1Sites: Facts["sites"] = [
  [0, 27, 0],
  [1, 59, 0],
  [2, 11, 20],
  [3, 43, 20],
  [383, 43, 3820],
];
const np1Delays = [0, 0, 1 / 13, 1 / 13, 11 / 13];
const np2Delays = [0, 0, 1 / 16, 1 / 16, 15 / 16];
const aligned = { delays: [0, 0, 0, 0, 0], nWarnings: 1 };
const np2Old = { delays: np2Delays, uv: 0.762939453125 };
const refs3a = [36, 75, 112, 151, 188, 227, 264, 303, 340, 379];

const facts: Facts[] = [
  {
    ...ap,
    path: "np_ultra_NP1100",
    model: "Neuropixels Ultra, phase 1",
    sites: [
      [0, 14, 0],
      [7, 56, 0],
      [8, 14, 6],
      [383, 56, 282],
    ],
    off: [191],
    samples: [5000],
  },
  {
    ...ap,
    path: "np2_NP2013_with_sync",
    uv: 3.02734375,
    delays: np2Delays,
    model: "Neuropixels 2.0, 4 shanks",
    nShanks: 4,
    sites: [
      [0, 27, 0],
      [1, 59, 0],
      [2, 27, 15],
    ],
    off: [],
    samples: [1000],
  },
  { ...ap, path: "np1_Noise4Sam", sites: np1Sites, off: [191], samples: [1155] },
  { ...ap, ...aligned, path: "np1_catgt", rateHz: 30000.061088, sites: np1Sites, off: [191], samples: [599] },
  {
    ...ap,
    path: "meta_only/NP1110_bank0_g0_t0.imec0.ap.meta",
    model: "Neuropixels Ultra, phase 2",
    sites: [
      [0, 15.5, 0],
      [1, 57.5, 42],
      [383, 39.5, 240],
    ],
    off: [],
  },
  {
    ...ap,
    path: "meta_only/NP1_saved_only_subset_of_channels.meta",
    nChannels: 151,
    delays: [...np1Delays.slice(0, 4), 3 / 13],
    sites: [...np1Sites.slice(0, 4), [150, 11, 1500]],
    off: [],
  },
  {
    ...ap,
    path: "meta_only/NP2_2013_subset_channels.imec0.ap.meta",
    nChannels: 120,
    uv: 3.02734375,
    delays: [...np2Delays.slice(0, 4), 15 / 16],
    model: "Neuropixels 2.0, 4 shanks",
    nShanks: 4,
    sites: [
      [0, 27, 0],
      [24, 527, 900],
      [119, 809, 345],
    ],
    off: [],
  },
  {
    ...ap,
    ...np2Old,
    path: "meta_only/NP2_4_shanks.imec0.ap.meta",
    model: "Neuropixels 2.0 prototype, 4 shanks",
    nShanks: 4,
    sites: [
      [0, 27, 0],
      [1, 59, 0],
      [2, 27, 15],
    ],
    off: [127],
  },
  {
    ...ap,
    path: "meta_only/allan-longcol_g0_t0.imec0.ap.meta",
    rateHz: 29999.941586,
    sites: [
      [0, 27, 0],
      [1, 59, 3840],
      [2, 11, 20],
    ],
    off: [191],
  },
  { ...ap, ...aligned, path: "meta_only/catgt.meta", rateHz: 30000.149579831934, sites: np1Sites, off: [191] },
  {
    ...ap,
    path: "meta_only/ibl_sample3B_g0_t0.imec1.lf.meta",
    title: "SpikeGLX LF",
    delays: [0, 0, 1 / 12, 1 / 12, 11 / 12],
    rateHz: 2500.0325532900833,
    uv: 4.6875,
    sites: np1Sites,
    off: [191],
  },
  {
    ...ap,
    ...np2Old,
    path: "meta_only/ibl_sampleNP2.1_g0_t0.imec.ap.meta",
    model: "Neuropixels 2.0 prototype, 1 shank",
    sites: [
      [0, 27, 0],
      [1, 59, 0],
      [2, 27, 15],
    ],
    off: [127],
  },
  {
    ...ap,
    path: "meta_only/non_human_primate_short_linear_probe_type_0.meta",
    model: "Neuropixels 1.0 NHP short, linear",
    sites: [
      [0, 27, 0],
      [1, 59, 0],
      [2, 27, 20],
      [383, 59, 3820],
    ],
    off: [191],
  },
  {
    ...ap,
    path: "meta_only/phase3a.imec.ap.meta",
    model: "Neuropixels Phase 3A, option 3",
    sites: np1Sites,
    off: refs3a,
  },
];

const inspected = async (path: string) => (await inspect([`${samples}/${path}`])).output as DatasetInfo | DatasetInfo[];

function check(info: DatasetInfo, expected: Omit<Facts, "path">): void {
  const { probe, segments = [], delaySamples = [] } = info;
  expect(info).toMatchObject({
    format: "spikeglx",
    kind: "recording",
    title: expected.title ?? "SpikeGLX AP",
    rateHz: expected.rateHz,
    nChannels: expected.nChannels,
    sync: expected.sync,
    probe: { model: expected.model, nShanks: expected.nShanks },
  });
  expect(info.uvPerBit).toBeCloseTo(expected.uv, 9);
  expect(segments.map((s) => s.nSamples)).toEqual(expected.samples);
  expect(probe?.positionsUm).toHaveLength(expected.nChannels);
  for (const [channel, x, y] of expected.sites) expect(probe?.positionsUm[channel], `site ${channel}`).toEqual([x, y]);
  expect(probe?.connected.flatMap((on, i) => (on ? [] : [i]))).toEqual(expected.off);
  expect(delaySamples).toHaveLength(expected.nChannels);
  expect([0, 1, 2, 3, expected.nChannels - 1].map((c) => delaySamples[c])).toEqual(expected.delays ?? np1Delays);
}

function row(name: string, { warnings, ...info }: DatasetInfo): string {
  const { probe, segments } = info;
  const off = probe?.connected.filter((on) => !on).length;
  const cells = [name, info.title, info.rateHz, info.nChannels, info.uvPerBit, probe?.model, probe?.nShanks, off];
  return [...cells, segments?.map((s) => s.nSamples).join("+"), warnings.length].join(" | ");
}

describe("inspect on real recordings", () => {
  it.each(facts)("$path", async ({ path, ...expected }) => {
    const startMs = performance.now();
    const info = await inspected(path);
    const tookMs = performance.now() - startMs;
    expect(Array.isArray(info)).toBe(false);
    console.info(`${row(path, info as DatasetInfo)} | ${tookMs.toFixed(0)} ms`);
    check(info as DatasetInfo, expected);
    const others = (info as DatasetInfo).warnings.filter((text) => !/expected the binary|is cut short/.test(text));
    expect(others).toHaveLength(expected.nWarnings ?? 0);
  });

  it("two probes of two triggers", async () => {
    const infos = (await inspected("np1_two_probes_two_triggers")) as DatasetInfo[];
    expect(infos).toHaveLength(2);
    const rates = [30000.061088, 29999.762343096234];
    infos.forEach((info, probe) => {
      console.info(row(`two probes, ${probe}`, info));
      const n = 300 - probe;
      check(info, { ...ap, rateHz: rates[probe], sites: np1Sites, off: [191], samples: [n, n] });
      expect(info.segments?.map((s) => s.startSec)).toEqual([0, 299 / rates[probe]]);
      expect(info.warnings).toEqual([]);
    });
  });

  it("a folder of descriptions alone", async () => {
    const infos = (await inspected("meta_only")) as DatasetInfo[];
    expect(infos).toHaveLength(readdirSync(`${samples}/meta_only`).length);
    for (const { warnings } of infos) expect(warnings[0]).toMatch(/expected the binary it describes .* found none/);
  });

  it("tells a file cut short, with both sizes", async () => {
    const { warnings } = (await inspected("np2_NP2013_with_sync")) as DatasetInfo;
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/is cut short: expected 186155200 bytes .*, found 770000; read as 1000 samples/);
  });
});

describe("samples of a real recording", () => {
  it("are the bytes of its file", async () => {
    const folder = `${samples}/np_ultra_NP1100`;
    const [source] = await openRecordings(await nodeSources([folder]));
    const bytes = readFileSync(`${folder}/p5_g0_t0.imec0.ap.bin`);
    const found = await source.readSamples(0, 1234, 1240);
    expect(found).toHaveLength(6 * 385);
    expect([...found]).toEqual(Array.from(found, (_, i) => bytes.readInt16LE(2 * (1234 * 385 + i))));
  });
});

import { expect, it } from "vitest";
import { openSources } from "../../src/io/open.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { metaBytes } from "../cases/spikeglxFiles.ts";
import { fixtureBytes } from "../fixture.ts";
import { fuzzHeaders, fuzzMetas } from "./fuzz.ts";
import { budgeted, opensOrExplains } from "./mutations.ts";
import { f8 } from "./support.ts";

const n = 24;
const each = (entry: (i: number) => string) => Array.from({ length: n }, (_, i) => entry(i)).join("");
const geom = `(NP2013,4,250,70)${each((i) => `(${i % 4}:27:${15 * i}:1)`)}`;
const mux = "(2,12)(0 1)(2 3)(4 5)(6 7)(8 9)(10 11)(12 13)(14 15)(16 17)(18 19)(20 21)(22 23)";
const subset = { snsApLfSy: "4,0,1", nSavedChans: 5, snsSaveChanSubset: "0:1,7,20,48" };
const unnamed = { imDatPrb_pn: undefined, imDatPrb_type: undefined, imProbeOpt: 3 };

/** One description of each kind that real recordings have. */
const metas = [
  metaBytes({}, n),
  metaBytes({ "~muxTbl": mux, "~snsGeomMap": geom, imDatPrb_pn: "NP2013", imMaxInt: 2048, imChan0apGain: 100 }, n),
  metaBytes({ ...subset, "~snsShankMap": undefined }, n),
  metaBytes({ snsApLfSy: `0,${n},1`, snsSaveChanSubset: `${n}:${2 * n}`, imSampRate: 2500 }, n),
  metaBytes({ ...unnamed, catGTCmdline0: "<CatGT -ap -gblcar>" }, n),
];

it("ten thousand damaged descriptions open or explain themselves", async () => {
  const { nOpened } = await fuzzMetas(metas, 10_000);
  expect(nOpened).toBeGreaterThan(500);
}, 120_000);

it("ten thousand damaged .npy headers open or explain themselves", async () => {
  const fixtures = ["peaks", "fortran_3d", "version_2", "version_3", "f4_big"];
  const seeds = [
    f8([1, 2, 3]),
    npyBytes(new Float32Array(3 * 2 * 4), [3, 2, 4], "<f4"),
    ...(await Promise.all(fixtures.map(async (name) => new Uint8Array(await fixtureBytes(`io/npy/${name}.npy`))))),
  ];
  const others = {
    "spike_times.npy": f8([10, 20, 30]),
    "spike_amplitudes.npy": f8([-1, -2, -3]),
    "fs.npy": f8([30000]),
    "spike_locs_y.npy": f8([1, 2, 3]),
    "channel_locations.npy": f8([0, 0, 0, 20], [2, 2]),
    "waveforms_all.npy": npyBytes(new Float32Array(3 * 2 * 4), [3, 2, 4], "<f4"),
  };
  const { nOpened } = await fuzzHeaders(seeds, others, 10_000);
  expect(nOpened).toBeGreaterThan(500);
}, 120_000);

it.each(["(", ")", "(1 ", ":", ",", "=", "\n", "9", "(0:0:0:1)"])(
  "a megabyte of %j in a list is no burden",
  async (piece) => {
    const filler = piece.repeat(Math.floor(1e6 / piece.length));
    for (const key of [
      "~imroTbl",
      "~snsGeomMap",
      "~snsShankMap",
      "~muxTbl",
      "snsSaveChanSubset",
      "fileName",
      "catGTCmdline0",
    ]) {
      const files = { "a.ap.meta": metaBytes({ [key]: filler }, n), "a.ap.bin": new Uint8Array(100) };
      await opensOrExplains(() => openSources(budgeted(files)));
    }
  },
);

import { expect, it } from "vitest";
import { openSources } from "../../src/io/open.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { metaBytes } from "../cases/spikeglxFiles.ts";
import { fixtureBytes } from "../fixture.ts";
import { fuzzHeaders } from "./fuzz.ts";
import { budgeted, opensOrExplains } from "./mutations.ts";
import { f8 } from "./support.ts";

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
      const files = { "a.ap.meta": metaBytes({ [key]: filler }, 24), "a.ap.bin": new Uint8Array(100) };
      await opensOrExplains(() => openSources(budgeted(files)));
    }
  },
);

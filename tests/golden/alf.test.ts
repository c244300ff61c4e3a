import { expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { openSources } from "../../src/io/open.ts";
import { spikesOf } from "../io/support.ts";

/** Made of the first 4 s of a Kilosort4 folder; its amplitudes are placeholders. */
const sample = "../shared/samples/ibl_alf_derived";

it("the derived ALF folder opens with units and contacts", async () => {
  const opened = await openSources(await nodeSources([sample]));
  const [{ info }] = opened;
  const spikes = spikesOf(opened);
  expect(info).toMatchObject({ format: "ibl-alf", nSpikes: 9263 });
  expect(info.warnings).toEqual([expect.stringContaining("no drift.um lies beside")]);
  expect(info.has).toEqual(["times", "depths", "amplitudes", "units"]);
  expect(info.probe?.positionsUm).toHaveLength(383);
  expect(info.probe?.positionsUm.slice(0, 3)).toEqual([
    [43, 20],
    [11, 20],
    [59, 40],
  ]);
  expect(spikes.timeSec[0]).toBeCloseTo(0.0019333, 7);
  expect(spikes.depthUm[1]).toBeCloseTo(2381.3374, 4);
  expect(spikes.ampUv[0]).toBeCloseTo(19.52775, 4);
  expect(spikes.unit?.[1]).toBe(277);
});

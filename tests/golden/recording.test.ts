import { beforeAll, describe, expect, it } from "vitest";
import { type LocationScore, scoreLocations } from "../../src/core/spikeScore.ts";
import { openRecordings } from "../../src/io/open.ts";
import type { SpikeTruth } from "../../src/io/truth.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { fixtureNpy } from "../fixture.ts";
import { detect, type Finished, scoreAgainst } from "../methods/detectRuns.ts";
import { simRawSources, simRawTruth } from "./simRaw.ts";

const golden = "../shared/golden";
/** The reference's settings: the recording is band-passed already, and all its channels were sampled at the same moment. */
const asReference = {
  filter: "none",
  reference: "none",
  phase_shift: "off",
  bad_channels: "keep",
  detect_threshold: 8,
  exclude_sweep_ms: 0.8,
  radius_um: 80,
};
/** What the reference says of the same spikes, and its columns. */
const referenceFiles: Record<string, [file: string, nColumns: number]> = {
  monopolar: ["si_mono_ptp_r75", 4],
  grid: ["si_grid_exp3d", 3],
  com: ["si_com_ptp_r75", 2],
};

let truth: SpikeTruth;
let found: Finished;

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
  truth = await simRawTruth();
  const [source] = await openRecordings(await simRawSources());
  found = await detect(source, { params: asReference });
});

const goldenValues = async (name: string) => (await fixtureNpy(`${name}.npy`, golden)).values;

/** [N] our row of each of the reference's spikes; −1 where we have none. */
async function rowsOfReference(): Promise<number[]> {
  const sample = await goldenValues("detection/preset_dredge_sample_index");
  const channel = await goldenValues("detection/preset_dredge_channel_index");
  const own = found.result.spikes!;
  const rows = new Map(Array.from(own.sampleIndex!, (s, n) => [`${s} ${own.channel![n]}`, n]));
  return Array.from(sample, (s, n) => rows.get(`${s} ${channel[n]}`) ?? -1);
}

describe("the method on the reference's simulated recording, with the noise it measures itself", () => {
  it("finds the reference's spikes and no others", async () => {
    const rows = await rowsOfReference();
    const { nSpikes } = found.result.spikes!;
    const nSame = rows.filter((row) => row >= 0).length;
    console.info(`reference ${rows.length} spikes, ours ${nSpikes}, same sample and channel ${nSame}`);
    expect(nSame / rows.length).toBeGreaterThanOrEqual(0.99);
    expect(nSame / nSpikes).toBeGreaterThanOrEqual(0.99);
  });

  it("finds the true spikes", () => {
    const { score } = scoreAgainst(truth, found);
    const [recall, precision] = [score.recall, score.precision].map((share) => share.toFixed(4));
    console.info(`recall ${recall}, precision ${precision} of ${score.nTrue} true spikes`);
    expect(score.recall).toBeGreaterThan(0.94); // spikes that coincide within 0.8 ms and 80 µm are one
    expect(score.precision).toBeGreaterThan(0.94);
  });

  it("places them as near to their sources as the reference's localizers do", async () => {
    const { match } = scoreAgainst(truth, found);
    const rows = await rowsOfReference();
    for (const [localizer, values] of Object.entries(found.result.locations!)) {
      const own = scoreLocations(truth.spikes, match, values, 4);
      console.info(`${localizer}: ${own.n} spikes, |dx dy dz| ${inWords(own)}`);
      if (!(localizer in referenceFiles)) continue;
      const [file, nColumns] = referenceFiles[localizer];
      const theirs = await goldenValues(`localization/${file}`);
      const table = new Float64Array(found.result.spikes!.nSpikes * nColumns).fill(Number.NaN);
      rows.forEach((row, n) => {
        if (row >= 0) table.set(Array.from(theirs.slice(n * nColumns, (n + 1) * nColumns)), row * nColumns);
      });
      const reference = scoreLocations(truth.spikes, match, table, nColumns);
      console.info(`  reference: ${reference.n} spikes, ${inWords(reference)}`);
      expect(own.medianAbsUm[1], localizer).toBeLessThan(1.1 * reference.medianAbsUm[1]);
      expect(own.p95AbsUm[1], localizer).toBeLessThan(1.1 * reference.p95AbsUm[1]);
    }
  });
});

function inWords({ medianAbsUm, p95AbsUm }: LocationScore): string {
  const [median, p95] = [medianAbsUm, p95AbsUm].map((each) => each.map((um) => um.toFixed(2)).join(" "));
  return `median ${median} µm, 95 % ${p95} µm`;
}

import { beforeAll, describe, expect, it } from "vitest";
import { dredge } from "../../src/core/dredge/dredge.ts";
import { dredgeDefaults } from "../../src/core/dredge/options.ts";
import { slidingProductsBySpectrum } from "../../src/core/dredge/slidingProducts.ts";
import { displacementAt, median } from "../../src/core/motion.ts";
import { scoreMotion } from "../../src/core/motionScore.ts";
import { matchSpikes } from "../../src/core/spikeScore.ts";
import type { Motion, SampleReader, SpikeTable } from "../../src/core/types.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { openRecordings } from "../../src/io/open.ts";
import type { RecordingSource } from "../../src/io/recordingSource.ts";
import { correctedFiles } from "../../src/io/write/correctedSpikeglx.ts";
import { correctionSink } from "../../src/io/write/correctionSinks.ts";
import { correctRecording } from "../../src/methods/correctRecording/correctRecording.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { fixtureJson, fixtureNpy } from "../fixture.ts";
import { detect } from "../methods/detectRuns.ts";
import { memoryPlace } from "../methods/memorySink.ts";
import { simRawMotion, simRawSources, simRawTruth } from "./simRaw.ts";

/** The reference's settings: the recording is band-passed already, and all its channels were sampled at the same moment. */
const asReference = {
  filter: "none",
  reference: "none",
  phase_shift: "off",
  bad_channels: "keep",
  detect_threshold: 8,
  exclude_sweep_ms: 0.8,
  radius_um: 80,
  localizer: "monopolar",
  other_localizers: "none",
};
/** And its windows. */
const windows = { ...dredgeDefaults, windowStepUm: 200, windowScaleUm: 250 };
const durationSec = 24;

let source: RecordingSource;
let spikes: SpikeTable;
let truth: Motion;
let estimated: Motion;

function estimate(found: SpikeTable, rigid = false): Motion {
  return dredge(found, [0, 620], durationSec, { ...windows, rigid }, slidingProductsBySpectrum).motion;
}

async function spikesOf(reader: SampleReader): Promise<SpikeTable> {
  const { result } = await detect(reader, { params: asReference });
  return result.spikes!;
}

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
  [source] = await openRecordings(await simRawSources());
  truth = await simRawMotion();
  spikes = await spikesOf(source);
  estimated = estimate(spikes);
}, 300_000);

/** µm: error at the time bins and windows as the reference measures its own, medians over time removed before and after. */
async function rmseUm({ displacementUm, timeBinCentersSec, depthBinCentersUm }: Motion): Promise<number> {
  const [common, grad] = await Promise.all(
    ["motion_common_um", "motion_grad_um"].map(
      async (name) => (await fixtureNpy(`${name}.npy`, "../shared/golden/sim_raw")).values,
    ),
  );
  const at = (values: ArrayLike<number>, sec: number) => values[Math.round(10 * sec)]; // a time grid of 0.1 s
  const nDepths = depthBinCentersUm.length;
  const errors = Array.from(depthBinCentersUm, (y, b) => {
    const own = Array.from(timeBinCentersSec, (_, t) => displacementUm[t * nDepths + b]);
    const known = Array.from(timeBinCentersSec, (t) => at(common, t) + (at(grad, t) * (y - 310)) / 620);
    const [m, n] = [median(own), median(known)];
    const difference = own.map((v, t) => v - m - (known[t] - n));
    const level = median(difference);
    return difference.map((e) => e - level);
  }).flat();
  return Math.hypot(...errors) / Math.sqrt(errors.length);
}

/** The recording after a motion, written as SpikeGLX files and opened again. */
async function corrected(motion: Motion): Promise<RecordingSource> {
  const place = memoryPlace();
  const sink = correctionSink(place, await correctedFiles(source));
  const { signal } = new AbortController();
  const params = { bad_channels: "keep", border: "force_extrapolate" };
  const run = correctRecording({ reader: source, path: "sim_raw", motion, params, sink, signal });
  for (let next = await run.next(); !next.done; next = await run.next());
  const [opened] = await openRecordings([...place.files].map(([path, bytes]) => memorySource(path, bytes)));
  expect(opened.warnings).toEqual([]);
  return opened;
}

/** µm: rms over spikes of how far each lies from the median depth of its true unit. */
async function spreadUm(found: SpikeTable): Promise<number> {
  const { spikes: known, rateHz, positionsUm } = await simRawTruth();
  const unit = (await fixtureNpy("spike_unit.npy", "../shared/golden/sim_raw")).values;
  const detected = { sample: found.sampleIndex!, channel: found.channel! };
  const match = matchSpikes(known, detected, { rateHz, positionsUm });
  const depths = new Map<number, number[]>();
  match.forEach((row, i) => {
    if (row >= 0) depths.set(unit[i], [...(depths.get(unit[i]) ?? []), found.depthUm[row]]);
  });
  const distances = [...depths.values()].flatMap((own) => {
    const middle = median(own);
    return own
      .map((y) => Math.abs(y - middle))
      .sort((a, b) => a - b)
      .slice(0, Math.floor(0.95 * own.length));
  });
  return Math.hypot(...distances) / Math.sqrt(distances.length);
}

/** µm: rms over time and depths of what DREDge still finds to move. */
function residualUm(found: SpikeTable): number {
  const { displacementUm, depthBinCentersUm } = estimate(found);
  const n = depthBinCentersUm.length;
  let sum = 0;
  for (let b = 0; b < n; b++) {
    const own = displacementUm.filter((_, at) => at % n === b);
    const middle = median(own);
    sum += own.reduce((s, v) => s + (v - middle) ** 2, 0) / own.length / n;
  }
  return Math.sqrt(sum);
}

describe("from a raw recording to its motion", () => {
  it.each(["rigid", "nonrigid"] as const)("%s: as near to the truth as the reference", async (kind) => {
    const folder = "../shared/golden/sim_raw/ref_end_to_end_dredge";
    const accuracy = await fixtureJson<Record<typeof kind, { rmse_um: number }>>("accuracy.json", folder);
    const values = async (name: string) => Float64Array.from((await fixtureNpy(`${name}.npy`, folder)).values);
    const reference: Motion = {
      displacementUm: await values(`${kind}_displacement_TxB`),
      timeBinCentersSec: await values("temporal_bins_s"),
      depthBinCentersUm: await values(`${kind}_spatial_bins_um`),
    };
    const own = kind === "rigid" ? estimate(spikes, true) : estimated;
    expect([...own.depthBinCentersUm]).toEqual([...reference.depthBinCentersUm]);
    const [ours, theirs] = [await rmseUm(own), await rmseUm(reference)];
    const apart = scoreMotion(own, reference).rmseUm;
    console.info(
      `${kind}: ours ${ours.toFixed(3)} µm rms from the truth, the reference ${theirs.toFixed(3)}, apart ${apart.toFixed(3)}`,
    );
    expect(theirs).toBeCloseTo(accuracy[kind].rmse_um, 6);
    expect(ours).toBeLessThan(1.2 * theirs);
    expect(apart).toBeLessThan(0.2);
  });
});

describe("spikes found again on the corrected recording", () => {
  it("drift less, by the true motion and by our own", async () => {
    const shift = Array.from({ length: 24 }, (_, t) => displacementAt(truth, t + 0.5, 310));
    const rows: string[] = [];
    const score = async (what: string, found: SpikeTable) => {
      const [spread, residual] = [await spreadUm(found), residualUm(found)];
      rows.push(
        `${what}: ${found.nSpikes} spikes, units spread ${spread.toFixed(2)} µm, DREDge finds ${residual.toFixed(2)} µm rms`,
      );
      return { spread, residual };
    };
    const before = await score("as recorded", spikes);
    const byTruth = await score("by the true motion", await spikesOf(await corrected(truth)));
    const byOwn = await score("by our own motion", await spikesOf(await corrected(estimated)));
    console.info(
      `true motion ${Math.min(...shift).toFixed(1)} to ${Math.max(...shift).toFixed(1)} µm\n${rows.join("\n")}`,
    );
    for (const after of [byTruth, byOwn]) {
      expect(after.spread).toBeLessThan(0.5 * before.spread);
      expect(after.residual).toBeLessThan(0.25 * before.residual);
    }
  }, 300_000);
});

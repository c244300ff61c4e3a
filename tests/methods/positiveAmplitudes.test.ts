import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { SpikeTable } from "../../src/core/types.ts";
import { prepareData } from "../../src/methods/medicine/data.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { runDredge, spikesOf } from "./dredgeRuns.ts";

// a sorter's amplitudes are positive and in no unit of voltage, e.g. a median of about 12

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

const random = new Random(11);
const units = Array.from({ length: 40 }, () => [300 * random.uniform(), 6 + 12 * random.uniform()]);
const rows = Array.from({ length: 4000 }, (_, i): [number, number, number] => {
  const timeSec = (30 * i) / 4000;
  const [depthUm, amp] = units[random.integer(units.length)];
  return [timeSec, depthUm + (timeSec < 15 ? 0 : 12) + 0.5 * random.normal(), amp];
});
const turned = (table: SpikeTable): SpikeTable => ({ ...table, ampUv: table.ampUv.map((amp) => -amp) });

describe("amplitudes of a sorter", () => {
  it("give DREDge the motion that negative ones of the same size give, without a warning", async () => {
    const params = { rigid: true, probe_low_um: 0, probe_high_um: 320, max_disp_um: 30 };
    const [positive, negative] = [
      await runDredge(spikesOf(rows), params),
      await runDredge(turned(spikesOf(rows)), params),
    ];
    expect(positive.warnings).toEqual([]);
    expect(positive.result.motion).toEqual(negative.result.motion);
    expect(positive.result.summary.cold_time_bins).toBe(0);
    const { displacementUm, timeBinCentersSec } = positive.result.motion!;
    const at = (sec: number) => displacementUm[timeBinCentersSec.findIndex((t) => t > sec)];
    expect(Math.abs(at(25) - at(5) - 12)).toBeLessThan(1);
  });

  it("are scaled for MEDiCINe as they are, and weak ones are left out by a quantile above 0", () => {
    const settings = { binSec: 1, marginSec: 0.1, amplitudeQuantile: 0 };
    const positive = prepareData(spikesOf(rows), settings);
    const negative = prepareData(turned(spikesOf(rows)), settings);
    expect(positive.ampRangeUv[0]).toBeGreaterThan(0);
    positive.amp.forEach((amp, i) => {
      expect(amp).toBeCloseTo(1 - negative.amp[i], 6);
    });
    expect(Math.min(...positive.amp, ...positive.depth)).toBe(0);
    const strong = prepareData(spikesOf(rows), { ...settings, amplitudeQuantile: 0.25 });
    expect(strong.ampRangeUv[1]).toBe(positive.ampRangeUv[1]);
    expect(strong.ampRangeUv[0]).toBeGreaterThan(positive.ampRangeUv[0]);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { slnPretrain } from "../../src/methods/slnPretrain/slnPretrain.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { detect, keptRecording } from "./detectRuns.ts";
import { runMethod } from "./slnRuns.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

describe("from a recording to a network", () => {
  it("the waveforms that a detection kept teach it more than their anchors tell", async () => {
    const reader = keptRecording({ nChannels: 24, durationSec: 12, nUnits: 20, seed: 3 });
    const { result: found, scratch } = await detect(reader, { params: { reference: "none" } });
    const { spikes, waveforms: stored, locations } = found;
    const { probe } = reader.recording;
    const inputs = {
      spikes: spikes!,
      recording: null,
      waveforms: null,
      stored,
      locations,
      scratch,
      probe,
      durationSec: 12,
    };
    const { result } = await runMethod(slnPretrain, inputs, { epochs: 6, batch_size: 32 });
    const { summary, finalMetrics } = result;
    console.info(JSON.stringify(summary), JSON.stringify(finalMetrics));
    expect(summary.val_rmse_xyz).toBeLessThan(0.7 * summary.anchor_rmse_xyz);
    expect(summary.waveform_scale).toBeGreaterThan(5);
    expect(result.spikes!.sampleIndex).toEqual(spikes!.sampleIndex);
  });
});

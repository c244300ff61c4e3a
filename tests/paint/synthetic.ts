import type { Motion, SpikeTable } from "../../src/core/types.ts";
import type { StepResult } from "../../src/protocol/methods.ts";
import type { PictureView } from "../../src/protocol/pictures.ts";

/** Spikes of one unit at `homeUm` that follows a motion exactly, one every `everySec`, amplitude −100 µV. */
export function unitSpikes(
  motionAt: (timeSec: number) => number,
  homeUm: number,
  durationSec = 100,
  everySec = 0.05,
): SpikeTable {
  const nSpikes = Math.floor(durationSec / everySec);
  const timeSec = Float64Array.from({ length: nSpikes }, (_, i) => (i + 0.5) * everySec);
  const depthUm = timeSec.map((t) => homeUm + motionAt(t));
  return { nSpikes, timeSec, depthUm, ampUv: new Float32Array(nSpikes).fill(-100) };
}

/** Spikes over 100 s, 0 to 1000 µm and −200 to −50 µV, by a fixed recurrence. */
export function scatteredSpikes(nSpikes: number): SpikeTable {
  let state = 7;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    nSpikes,
    timeSec: Float64Array.from({ length: nSpikes }, () => 100 * uniform()).sort(),
    depthUm: Float64Array.from({ length: nSpikes }, () => 1000 * uniform()),
    ampUv: Float32Array.from({ length: nSpikes }, () => -50 - 150 * uniform()),
  };
}

/** A motion of `depths` bins over 100 s, 1 s bins. */
export function motionOf(at: (timeSec: number, depthUm: number) => number, depths: number[]): Motion {
  const timeBinCentersSec = Float64Array.from({ length: 100 }, (_, i) => i + 0.5);
  const displacementUm = Float64Array.from([...timeBinCentersSec].flatMap((t) => depths.map((d) => at(t, d))));
  return { displacementUm, timeBinCentersSec, depthBinCentersUm: Float64Array.from(depths) };
}

export const view: PictureView = {
  timeRangeSec: [0, 100],
  depthRangeUm: [0, 1000],
  ampRangeUv: [-200, 0],
  freeRanges: {},
  rasterColour: "count",
  colourMap: "inferno",
  theme: "dark",
  showMotion: false,
  cursorTimeSec: null,
  selectedSpike: null,
  selectedChannel: null,
  traceStyle: "lines",
};

/** What a short MEDiCINe run leaves behind. */
export function medicineStep(): StepResult {
  const step = Float64Array.from({ length: 50 }, (_, i) => i);
  const falling = (scale: number) => Float32Array.from(step, (s) => scale * Math.exp(-s / 20));
  const activity = [25, 50, 75].map((timeSec) => ({
    probability: Float32Array.from({ length: 20 * 10 }, (_, i) => (i % 10) / 10),
    nDepth: 20,
    nAmp: 10,
    depthRangeUm: [0, 1000] as const,
    ampRangeUv: [-200, -50] as const,
    timeSec,
  }));
  return {
    method: "medicine",
    params: {},
    stageSeconds: {},
    motion: motionOf((t, d) => (t / 10) * (d / 1000), [0, 1000]),
    metrics: {
      loss: { step, value: falling(1.4) },
      loss_real: { step, value: falling(0.8) },
      loss_fake: { step, value: falling(0.6) },
    },
    activity,
    summary: {},
    complete: true,
  };
}

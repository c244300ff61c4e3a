import { describe, expect, it } from "vitest";
import { fillEmpty, type IterativeTemplateOptions, iterativeTemplate } from "../../src/core/iterativeTemplate.ts";
import { motionHistogram } from "../../src/core/motionHistogram.ts";
import { type MotionWindowOptions, motionWindows } from "../../src/core/motionWindows.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { fixtureNpy } from "../fixture.ts";

const lastSec = 40 - 1 / 30000;
const spikes = await estimatorSpikes();
const defaults: IterativeTemplateOptions = {
  nShiftsGlobal: 15,
  nIterations: 10,
  nShiftsBlock: 5,
  smoothingSigma: 0.5,
  krigingSigma: 1,
  krigingP: 2,
  krigingD: 2,
};
const gaussian: MotionWindowOptions = {
  rigid: false,
  windowShape: "gaussian",
  windowStepUm: 100,
  windowScaleUm: 150,
  windowMarginUm: null,
};

async function estimatorSpikes(): Promise<SpikeTable> {
  const { shape, values } = await fixtureNpy("estimators/spikes.npy");
  const column = (k: number) => Float64Array.from({ length: shape[0] }, (_, i) => values[3 * i + k]);
  return { nSpikes: shape[0], timeSec: column(0), depthUm: column(1), ampUv: Float32Array.from(column(2)) };
}

function finish<Result>(work: Generator<number, Result>): Result {
  let last = 0;
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
    expect(next.value).toBeGreaterThanOrEqual(last);
    last = next.value;
  }
}

function estimate(
  windowOptions: MotionWindowOptions,
  options: Partial<IterativeTemplateOptions> = {},
  binUm = 10,
): Motion {
  const histogram = motionHistogram(spikes, [0, 600], lastSec, { binSec: 2, binUm, nAmpBins: 20 });
  const edges = histogram.depthEdgesUm;
  const depthUm = edges.slice(1).map((edge, d) => (edge + edges[d]) / 2);
  const { windows } = motionWindows(depthUm, [0, 600], windowOptions);
  return finish(iterativeTemplate(histogram, windows, { ...defaults, ...options }));
}

describe("the iterative template against SpikeInterface", () => {
  it.each([
    ["gaussian", gaussian, {}, 10],
    ["rect", { ...gaussian, windowShape: "rect", windowScaleUm: 200 }, { nIterations: 4 }, 5],
    ["rigid", { ...gaussian, rigid: true }, {}, 10],
  ] as const)("gives its displacements: %s", async (name, windowOptions, options, binUm) => {
    const motion = estimate(windowOptions, options, binUm);
    const reference = await fixtureNpy(`estimators/iterative_${name}.npy`);
    expect([motion.timeBinCentersSec.length, motion.depthBinCentersUm.length]).toEqual(reference.shape);
    const worst = motion.displacementUm.reduce((most, d, at) => Math.max(most, Math.abs(d - reference.values[at])), 0);
    expect(worst).toBeLessThan(1e-9); // tenths of a bin: the same one everywhere
  });

  it("puts time bins at their middle and windows at their centres", () => {
    const motion = estimate(gaussian);
    expect([...motion.timeBinCentersSec.slice(0, 2)]).toEqual([1, 3]);
    expect([...motion.depthBinCentersUm]).toEqual([100, 200, 300, 400, 500]);
  });
});

describe("windows over depth", () => {
  const depthUm = Float64Array.from({ length: 60 }, (_, d) => 10 * d + 5);

  it("are cut at 1e-5, without their last bin, and peak at 1", () => {
    const { windows } = motionWindows(depthUm, [0, 600], { ...gaussian, windowShape: "triangle", windowScaleUm: 200 });
    expect(windows.every(({ weights }) => Math.max(...weights) === 1)).toBe(true);
    const rigid = motionWindows(depthUm, [0, 600], { ...gaussian, rigid: true }).windows[0];
    expect([rigid.start, rigid.stop, rigid.centerUm]).toEqual([0, 59, 300]);
  });

  it("become one when the range is short, and are refused when they cover nothing", () => {
    expect(motionWindows(depthUm, [0, 600], { ...gaussian, windowStepUm: 700 })).toMatchObject({ reduced: true });
    expect(() =>
      motionWindows(depthUm, [0, 600], { ...gaussian, windowShape: "rect", windowScaleUm: 1, windowMarginUm: 500 }),
    ).toThrow("Expected every window to cover a depth bin");
  });
});

describe("frames without spikes", () => {
  it("take the displacement between their neighbours, at the ends that of the nearest", () => {
    const displacement = Float64Array.of(9, 9, 10, 9, 9, 40, 9);
    fillEmpty(displacement, 1, Int32Array.of(0, 0, 3, 0, 0, 1, 0));
    expect([...displacement]).toEqual([10, 10, 10, 20, 30, 40, 40]);
  });
});

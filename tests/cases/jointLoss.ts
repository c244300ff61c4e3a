import { type JointWeights, jointLoss } from "../../src/core/jointLoss.ts";
import { monopolarResidual } from "../../src/core/monopolarResidual.ts";
import { Random } from "../../src/core/random.ts";
import type { Motion } from "../../src/core/types.ts";
import { blockLoss, correctedPositions, type LossBlock } from "../../src/methods/slnJoint/loss.ts";
import { type OpCase, uniforms } from "./opCase.ts";

const n = 400;
const nBins = 6;
const nSlots = 10;
export const jointGrid = { x0: -40, nx: 31, y0: 0, ny: 120, pitchUm: 4, sigmaUm: 4 };
const random = new Random(2);

export const jointMotion: Motion = {
  displacementUm: Float64Array.from({ length: 2 * nBins }, () => 8 * random.normal()),
  timeBinCentersSec: Float64Array.from({ length: nBins }, (_, t) => t + 0.5),
  depthBinCentersUm: Float64Array.of(100, 400),
  lateralUm: Float64Array.from({ length: nBins }, () => 2 * random.normal()),
};
const bin = Int32Array.from({ length: n }, (_, i) => i % nBins);
export const jointBlock: LossBlock = {
  bin,
  nBins,
  valid: Float32Array.of(1, 1, 0, 1, 1, 1),
  maxPerBin: Math.ceil(n / nBins),
  timeSec: Float64Array.from(bin, (b) => b + 0.5),
  anchorsUm: Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 ? 60 + 340 * random.uniform() : 24)),
  baseline: uniforms(random, 4 * n, -20, 20),
  amplitudes: {
    amplitude: uniforms(random, nSlots * n, 10, 100),
    contactUm: uniforms(random, 2 * nSlots * n, -50, 50),
    nSlots,
  },
};
export const jointOut = Float32Array.from(jointBlock.baseline, (b) => b + 3 * random.normal());
export const jointWeights = (changes: Partial<JointWeights>): JointWeights => ({
  rho: 1,
  entropy: 0.1,
  tether: 0.01,
  residual: 30,
  tetherScale: [1, 1, 1, 30],
  window: 3,
  ...changes,
});

/** What the oracle says of the same block, the residual added to it. */
function expected(w: JointWeights) {
  const { xUm, yUm } = correctedPositions(jointOut, 4, jointBlock, jointMotion);
  const moved = jointOut.map((v, at) => v - jointBlock.baseline[at]);
  const found = jointLoss({ xUm, yUm, bin, nBins, valid: jointBlock.valid }, moved, jointGrid, w);
  const { amplitude, contactUm } = jointBlock.amplitudes!;
  const offset = Float64Array.from({ length: 3 * n }, (_, at) => jointOut[4 * Math.floor(at / 3) + (at % 3)]);
  const point = monopolarResidual(offset, amplitude, contactUm, nSlots);
  const mean = point.reduce((sum, v, at) => (at % 4 === 0 ? sum + v / n : sum), 0);
  const outGrad = found.outGrad.map((g, at) =>
    at % 4 < 3 ? g + (w.residual / n) * point[4 * Math.floor(at / 4) + (at % 4) + 1] : g,
  );
  return { ...found, residual: mean, outGrad };
}

/** Columns apart: log α has a gradient a thousand times that of the others. */
const columns = (grad: ArrayLike<number>) =>
  Object.fromEntries([0, 1, 2, 3].map((k) => [`grad${k}`, Array.from(grad).filter((_, at) => at % 4 === k)]));

const cases = [
  { name: "all terms", weights: jointWeights({}) },
  {
    name: "x and y held, all pairs",
    weights: jointWeights({ residual: 0, tetherScale: [1, 1, 0, 0], window: Infinity }),
  },
];

export const jointLossCases: OpCase[] = cases.map(({ name, weights }) => ({
  name: `jointLoss, ${name}`,
  tolerance: 2e-4,
  because: "float32 positions, 1e-5 µm coarse, and sums over thousands of voxels of differences between bins",
  async run() {
    const { terms, tether, outGrad, positionGrad } = blockLoss(jointOut, jointBlock, jointMotion, jointGrid, weights);
    const [rho, entropy, residual] = await terms.data();
    const grad = await outGrad.data();
    for (const tensor of [terms, outGrad, positionGrad]) tensor.dispose();
    return { rho: [rho], entropy: [entropy], residual: [residual], tether: [tether], ...columns(grad) };
  },
  oracle() {
    const { rho, entropy, residual, tether, outGrad } = expected(weights);
    const point = weights.residual > 0 ? residual : 0;
    return { rho: [rho], entropy: [entropy], residual: [point], tether: [tether], ...columns(outGrad) };
  },
}));

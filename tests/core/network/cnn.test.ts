import { expect, it } from "vitest";
import { cnn } from "../../../src/core/network/cnn.ts";
import { type NetworkSpec, networkLayout, placeOf } from "../../../src/core/network/layout.ts";
import { evaluation, type NetworkBatch, type NetworkLoss, type NetworkPass } from "../../../src/core/network/types.ts";
import { largestDifference, networkFixture } from "../../cases/networkFixture.ts";

const spec: NetworkSpec = { kind: "cnn", nOut: 3 };
const training: NetworkPass = { batchStatistics: true, dropout: 0.1, seed: 11, firstRow: 40 };
const huber: NetworkLoss = { kind: "huber", beta: 5, scale: [1, 1, 0.5], count: 3 };

const rows = (values: ArrayLike<number>, width: number, from: number, to: number) =>
  Array.from(values).slice(from * width, to * width);

/** The batch's spikes [from, to). */
function part(batch: NetworkBatch, from: number, to: number): NetworkBatch {
  return {
    ...batch,
    waveforms: rows(batch.waveforms, 900, from, to),
    centroids: rows(batch.centroids, 2, from, to),
  };
}

it.each([
  ["frozen moments", { ...training, batchStatistics: false }],
  ["the batch's moments", training],
])("has the gradient finite differences give, %s", (_, pass) => {
  const { batch, target } = networkFixture(spec, 3, 5);
  const weights = Float64Array.from(batch.weights);
  const lossAt = (w: Float64Array) => cnn.gradient({ ...batch, weights: w }, target, spec, pass, huber).loss;
  const { weightGrad } = cnn.gradient(batch, target, spec, pass, huber);
  for (const { name, offset, shape } of networkLayout(spec).weights) {
    if (pass.batchStatistics && /features\.[048]\.bias/.test(name)) {
      expect(Math.abs(weightGrad[offset])).toBeLessThan(1e-12); // a shift of a channel is taken out again
      continue;
    }
    const at = offset + Math.floor(shape.reduce((n, d) => n * d, 1) / 3);
    const moved = (d: number) => lossAt(weights.map((v, i) => (i === at ? v + d : v)));
    const numeric = (moved(1e-5) - moved(-1e-5)) / 2e-5;
    expect(Math.abs(weightGrad[at] - numeric), name).toBeLessThan(1e-7 * (1 + Math.abs(numeric)));
  }
});

it("gives for a block in parts, dropout on, what it gives for the whole", () => {
  const { batch, target } = networkFixture(spec, 5, 6);
  const pass: NetworkPass = { ...training, batchStatistics: false };
  const loss: NetworkLoss = { ...huber, count: 5 };
  const whole = cnn.gradient(batch, target, spec, pass, loss);
  const cuts = [0, 2, 5];
  const parts = [0, 1].map((i) => {
    const [from, to] = [cuts[i], cuts[i + 1]];
    return cnn.gradient(
      part(batch, from, to),
      rows(target, 3, from, to),
      spec,
      { ...pass, firstRow: pass.firstRow + from },
      loss,
    );
  });
  expect(
    largestDifference(
      parts[0].weightGrad.map((g, i) => g + parts[1].weightGrad[i]),
      whole.weightGrad,
    ),
  ).toBeLessThan(1e-12);
  expect(parts[0].loss + parts[1].loss).toBeCloseTo(whole.loss, 12);
  expect(parts.flatMap(({ out }) => [...out])).toEqual([...whole.out]);
});

it("moves the running moments a tenth towards the batch's, and leaves them in evaluation", () => {
  const { batch } = networkFixture(spec, 2, 7);
  const { offset, shape } = placeOf(networkLayout(spec).statistics, "features.1.running_var");
  // no waveform: the first convolution gives its bias, whose variance is 0
  const silent = { ...batch, waveforms: new Float32Array(1800) };
  const moved = cnn.output(silent, spec, training).statistics;
  for (let i = offset; i < offset + shape[0]; i++) expect(moved[i]).toBeCloseTo(0.9 * batch.statistics[i], 12);
  expect([...cnn.output(batch, spec, evaluation).statistics]).toEqual(Array.from(batch.statistics));
});

it("drops a tenth of the units, the same for the same seed, others for another", () => {
  const { batch } = networkFixture(spec, 2, 8);
  const out = (pass: NetworkPass) => [...cnn.output(batch, spec, pass).out];
  expect(out(training)).toEqual(out(training));
  expect(out({ ...training, seed: 12 })).not.toEqual(out(training));
  expect(out({ ...training, firstRow: 41 })).not.toEqual(out(training));
});

/** Evenly spread numbers in [−1, 1): the fractional parts of multiples of an irrational. */
const spread = (i: number, step: number) => 2 * (((i + 1) * step) % 1) - 1;

it("gives what PyTorch 1.13 gives in float64 for weights and waveforms written as formulas", () => {
  const layout = networkLayout(spec);
  const weights = new Float32Array(layout.nWeights);
  for (const { name, offset, shape } of layout.weights) {
    const size = shape.reduce((n, d) => n * d, 1);
    const limit = shape.length > 1 ? 2 / Math.sqrt(size / shape[0]) : 0.3;
    const middle = /features\.[159]\.weight/.test(name) ? 1 : 0;
    for (let i = offset; i < offset + size; i++) weights[i] = spread(i, 0.6180339887498949) * limit + middle;
  }
  const statistics = new Float32Array(layout.nStatistics);
  for (const { name, offset, shape } of layout.statistics) {
    const middle = name.endsWith("var") ? 0.8 : 0;
    for (let i = offset; i < offset + shape[0]; i++) statistics[i] = spread(i, 0.7548776662466927) * 0.3 + middle;
  }
  const waveforms = Float32Array.from(
    { length: 1800 },
    (_, i) => 3 * Math.sin(0.37 * i) * Math.exp(-((((i % 90) - 30) / 12) ** 2)),
  );
  const batch: NetworkBatch = { weights, statistics, waveforms, centroids: [0, 0, 0, 0] };
  const out = [0.1885139937831944, 0.2897236387848517, 0.03933833819706334];
  out.push(0.18927693457985717, 0.28997991425118946, 0.03990380586629236);
  expect(largestDifference(cnn.output(batch, spec, evaluation).out, out)).toBeLessThan(1e-12);
  const loss: NetworkLoss = { kind: "huber", beta: 5, scale: [1, 1, 1], count: 2 };
  const found = cnn.gradient(batch, [3, -7, 12, -1, 20, 0.5], spec, { ...evaluation, batchStatistics: true }, loss);
  const trained = [0.07251417184328127, 0.28792156994273466, 0.12285144872924782];
  trained.push(0.07100677305208804, 0.2867245915305008, 0.1250566309945409);
  expect(largestDifference(found.out, trained)).toBeLessThan(1e-11);
  expect(found.loss).toBeCloseTo(5.394021110146215, 11);
  const { offset } = placeOf(layout.statistics, "features.9.running_var");
  const moved = [0.5024947613895308, 0.9156620781009973, 0.7763413010558712];
  expect(largestDifference(found.statistics.subarray(offset, offset + 3), moved)).toBeLessThan(1e-12);
  const norms = {
    "features.0.weight": 1.2217587896450801,
    "features.5.weight": 0.037690960083525515,
    "head.1.weight": 1.567395352856937,
    "head.7.bias": 0.18955072819127378,
  };
  for (const [name, norm] of Object.entries(norms)) {
    const place = placeOf(layout.weights, name);
    const tensor = found.weightGrad.subarray(place.offset, place.offset + place.shape.reduce((n, d) => n * d, 1));
    expect(Math.abs(Math.sqrt(tensor.reduce((sum, g) => sum + g * g, 0)) / norm - 1), name).toBeLessThan(1e-9);
  }
});

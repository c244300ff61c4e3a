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

import { type Tensor2D, type Tensor3D, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { assert } from "../core/errors.ts";
import {
  type FeatureWindow,
  waveformFeatures as oracle,
  prototypeProjection as projectionOracle,
} from "../core/waveformFeatures.ts";
import { defineOp } from "./defineOp.ts";
import { prototypeProjectionProgram, striding, waveformFeaturesProgram } from "./webgpu/detectionPrograms.ts";
import { dispatch } from "./webgpu/program.ts";

const featuresOp = defineOp<FeatureWindow>({
  name: "WaveformFeatures",
  host({ waveforms }, window, shapes) {
    const [n, nSlots, nSamples] = shapes.waveforms;
    const { ptp, energy, peakVoltage } = oracle(waveforms, nSamples, window);
    return [ptp, energy, peakVoltage].map((values) => ({ shape: [n, nSlots], values }));
  },
  webgpu(backend, { waveforms }, { from, to, samplesBefore }) {
    const [n, nSlots, nSamples] = waveforms.shape;
    const outputs = [0, 1, 2].map(() => backend.makeTensorInfo([n, nSlots], "float32"));
    const nTraces = n * nSlots;
    const { groups, nThreads } = striding(nTraces);
    const params = { nTraces, nSamples, fromSample: from, toSample: to, peakSample: samplesBefore, nThreads };
    dispatch(backend, waveformFeaturesProgram, params, [waveforms, ...outputs], groups);
    return outputs;
  },
});

/**
 * ptp, energy and peakVoltage [n, K] of waveforms [n, K, L], in their unit. `window` bounds ptp and energy to samples
 * [from, to) and names the peak's sample. A slot without a channel holds zeros and gets zeros. See core/waveformFeatures.
 */
export function waveformFeatures(
  waveforms: Tensor3D,
  window: FeatureWindow,
): { ptp: Tensor2D; energy: Tensor2D; peakVoltage: Tensor2D } {
  const nSamples = waveforms.shape[2];
  const { from, to, samplesBefore } = window;
  assert(0 <= from && from < to && to <= nSamples, "a window inside the waveform");
  assert(0 <= samplesBefore && samplesBefore < nSamples, "a peak inside the waveform");
  const [ptp, energy, peakVoltage] = featuresOp({ waveforms }, window) as Tensor2D[];
  return { ptp, energy, peakVoltage };
}

const projectionOp = defineOp<{ from: number }>({
  name: "PrototypeProjection",
  host({ waveforms, prototype }, { from }, shapes) {
    const [n, nSlots, nSamples] = shapes.waveforms;
    return [{ shape: [n, nSlots], values: projectionOracle(waveforms, nSamples, prototype, from) }];
  },
  webgpu(backend, { waveforms, prototype }, { from }) {
    const [n, nSlots, nSamples] = waveforms.shape;
    const projection = backend.makeTensorInfo([n, nSlots], "float32");
    const nTraces = n * nSlots;
    const { groups, nThreads } = striding(nTraces);
    const params = { nTraces, nSamples, nPrototype: prototype.shape[0], fromSample: from, nThreads };
    dispatch(backend, prototypeProjectionProgram, params, [waveforms, prototype, projection], groups);
    return [projection];
  },
});

/** [n, K]: Σ_t v(from + t) · prototype(t) over waveforms [n, K, L]. See core/waveformFeatures. */
export function prototypeProjection(waveforms: Tensor3D, prototype: Float32Array, from: number): Tensor2D {
  assert(from >= 0 && from + prototype.length <= waveforms.shape[2], "a prototype inside the waveform");
  return tidy(() => projectionOp({ waveforms, prototype: tensor1d(prototype) }, { from })[0] as Tensor2D);
}

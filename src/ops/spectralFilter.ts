import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { assert } from "../core/errors.ts";
import { spectralFilter as oracle, type SpectralFrame } from "../core/spectralFilter.ts";
import { type Arrays, defineOp } from "./defineOp.ts";
import { spectralTiles, transformTables } from "./simd/signalTiles.ts";
import { dispatch, groupsFor } from "./webgpu/program.ts";
import {
  spectralFilterBackProgram,
  spectralFilterProgram,
  spectralFilterRowsProgram,
} from "./webgpu/signalPrograms.ts";

/** Pairs of channels that a workgroup takes. */
const pairsPerGroup = 8;

const op = defineOp<SpectralFrame>({
  name: "SpectralFilter",
  host({ samples, columns, gains, delays, response, window }, frame) {
    const values = oracle(unpacked(samples), { columns, gains, delays }, response, window, frame);
    return [{ shape: [frame.to - frame.from, columns.length], values }];
  },
  simd(pool, inputs: Arrays, frame) {
    const shape = [frame.to - frame.from, inputs.columns.length];
    return [{ shape, values: spectralTiles(pool, inputs, frame) }];
  },
  webgpu(backend, { samples, columns, gains, delays, response, window }, { nRows, nColumns, nFft, from, to }) {
    const nChannels = columns.shape[0];
    const nPairs = Math.ceil(nChannels / 2);
    const log2 = Math.round(Math.log2(nFft));
    const nCols = 2 ** Math.floor(log2 / 2); // frame as [nLong, nCols]; both fit workgroup memory
    const nLong = nFft / nCols;
    const sizes = { nPairs, nChannels, nLong, nCols };
    const groups = groupsFor(nPairs, pairsPerGroup);
    const spectrum = backend.makeTensorInfo([2 * nFft * nPairs], "float32");
    const twiddles = backend.makeTensorInfo([2 * nFft], "float32", transformTables(nFft).twiddles);
    const isFloat = samples.dtype === "float32" ? 1 : 0;
    const taken = [samples, columns, gains, window, twiddles, spectrum];
    dispatch(backend, spectralFilterProgram, { ...sizes, nRows, nColumns, isFloat }, taken, [nCols, groups]);
    const kept = [delays, response, twiddles, spectrum];
    dispatch(backend, spectralFilterRowsProgram, sizes, kept, [nLong / 2 + 1, groups]);
    const out = backend.makeTensorInfo([to - from, nChannels], "float32");
    const rows = { ...sizes, firstRow: from, endRow: to };
    dispatch(backend, spectralFilterBackProgram, rows, [spectrum, twiddles, out], [nCols, groups]);
    backend.disposeData(spectrum.dataId);
    backend.disposeData(twiddles.dataId);
    return [out];
  },
});

/** Two int16 per word, the first in the lower half, as the file has them; floats stay what they are. */
function unpacked(samples: Float32Array | Int32Array): Float32Array | Int16Array {
  if (samples instanceof Float32Array) return samples;
  return new Int16Array(samples.buffer, samples.byteOffset, 2 * samples.length);
}

export interface SpectralInputs {
  /** int32 [⌈nRows·nColumns/2⌉]: int16 samples two to a word; or float32 [nRows, nColumns] */
  samples: Tensor;
  /** [C] int32 column of each channel */
  columns: Tensor1D;
  /** [C] µV of one unit of the samples */
  gains: Tensor1D;
  /** [C] samples, |delay| ≤ 4 */
  delays: Tensor1D;
  /** [nFft/2 + 1] */
  response: Tensor1D;
  /** [nRows] */
  window: Tensor1D;
}

/** Filter and delay channels through their spectrum: [to − from, C] µV. nFft: a power of two, 16 to 32768. See core/spectralFilter. */
export function spectralFilter(inputs: SpectralInputs, frame: SpectralFrame): Tensor2D {
  const { nFft, nRows, from, to } = frame;
  assert(nFft >= 16 && nFft <= 32768 && Number.isInteger(Math.log2(nFft)), "the transform is a power of two");
  assert(nRows <= nFft && from >= 0 && from < to && to <= nRows, "the rows lie in the frame");
  return op({ ...inputs }, frame)[0] as Tensor2D;
}

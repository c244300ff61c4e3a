import { assert } from "./errors.ts";

/**
 * Columns of numbers as whole steps, laid out so that a general compressor finds what is regular in them: all first bytes, then
 * all second bytes and so on, of the steps themselves or of their differences from one row to the next. The differences are
 * folded, 0 −1 1 −2 2 … → 0 1 2 3 4 …, so that small ones of either sign have zeros for their higher bytes. Folding is that
 * of Protocol Buffers (encoding of sint64), byte planes are the shuffle of Blosc.
 */
export interface PackedColumn {
  /** of the values, in their unit: a value is kept to half of it */
  step: number;
  /** differences were packed; else the values */
  isDelta: boolean;
  nRows: number;
  /** bytes per row */
  nPlanes: number;
  /** [nPlanes, nRows], lowest bytes first */
  bytes: Uint8Array;
}

const largest = 2 ** 47;

/** Pack [nRows] values. What is not finite comes back as NaN. Values beyond 2^47 steps are a mistake of ours. */
export function packColumn(values: ArrayLike<number>, step: number, isDelta = false): PackedColumn {
  const nRows = values.length;
  const folded = new Float64Array(nRows);
  let before = 0;
  let most = 0;
  for (let i = 0; i < nRows; i++) {
    const steps = Math.round(values[i] / step);
    if (!Number.isFinite(steps)) continue; // 0 stands for none
    const kept = isDelta ? steps - before : steps;
    before = steps;
    folded[i] = 1 + (kept < 0 ? -2 * kept - 1 : 2 * kept);
    if (folded[i] > most) most = folded[i];
  }
  assert(most < largest, "a packed value has at most 47 bits of steps");
  const nPlanes = Math.max(1, Math.ceil(Math.log2(most + 1) / 8));
  const bytes = new Uint8Array(nPlanes * nRows);
  for (let i = 0; i < nRows; i++) {
    for (let plane = 0, left = folded[i]; plane < nPlanes; plane++, left = Math.floor(left / 256))
      bytes[plane * nRows + i] = left % 256;
  }
  return { step, isDelta, nRows, nPlanes, bytes };
}

/** [nRows] the values, each to half a step. */
export function unpackColumn({ step, isDelta, nRows, nPlanes, bytes }: PackedColumn): Float64Array {
  assert(bytes.length === nPlanes * nRows, "as many bytes as planes and rows");
  const values = new Float64Array(nRows);
  // a step of 0.01 is no binary fraction: dividing by its whole inverse gives the same digits that a person would write
  const inverse = Math.round(1 / step);
  const isFraction = step < 1 && Math.abs(inverse * step - 1) < 1e-9;
  let before = 0;
  for (let i = 0; i < nRows; i++) {
    let folded = 0;
    for (let plane = nPlanes - 1; plane >= 0; plane--) folded = 256 * folded + bytes[plane * nRows + i];
    if (folded === 0) {
      values[i] = Number.NaN;
      continue;
    }
    const code = folded - 1;
    const kept = code % 2 === 0 ? code / 2 : -(code + 1) / 2;
    const steps = isDelta ? before + kept : kept;
    before = steps;
    values[i] = isFraction ? steps / inverse : steps * step;
  }
  return values;
}

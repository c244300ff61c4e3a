import { CNN_BLOCKS, CNN_HEAD, networkLayout, placeOf } from "../../core/network/layout.ts";

/**
 * The CNN's weights as the SIMD kernel wants them: convolutions as matrices [taps · nIn, nOut] over traces whose rows are
 * channels, the head's first layer over channels that stand time after time, and what the backward pass multiplies by, turned.
 * Order and padding are those of assembly/cnnShape.ts.
 */
export interface CnnPacking {
  /** where each packed number stands among the flat weights; −1 where it is padding */
  from: Int32Array;
  /** packed numbers that have a gradient; the turned copies follow */
  nGrads: number;
}

const flatSteps = 22;
const flatChannels = 64;

/** Places of a matrix [nRows, nColumns], row by row. */
function matrix(nRows: number, nColumns: number, place: (row: number, column: number) => number): number[] {
  return Array.from({ length: nRows * nColumns }, (_, i) => place(Math.floor(i / nColumns), i % nColumns));
}

function pack(nOut: number): CnnPacking {
  const { weights } = networkLayout({ kind: "cnn", nOut });
  const offset = (name: string) => placeOf(weights, name).offset;
  const [wide, narrow] = CNN_HEAD;
  const convolutions = CNN_BLOCKS.map(({ at, nIn, nOut: n, taps }) =>
    matrix(
      taps * nIn,
      n,
      (row, o) => offset(`features.${at}.weight`) + (o * nIn + (row % nIn)) * taps + Math.floor(row / nIn),
    ),
  );
  const turned = CNN_BLOCKS.slice(1).map(({ at, nIn, nOut: n, taps }) =>
    matrix(
      taps * n,
      nIn,
      (row, i) => offset(`features.${at}.weight`) + ((row % n) * nIn + i) * taps + taps - 1 - Math.floor(row / n),
    ),
  );
  /** entry `flat` of the head's input, time by time, and the o-th unit it goes to */
  const fromFlat = (flat: number, o: number) =>
    offset("head.1.weight") + o * wide.nIn + (flat % flatChannels) * flatSteps + Math.floor(flat / flatChannels);
  const bias = (name: string, n: number) => matrix(1, n, (_, o) => offset(`${name}.bias`) + o);
  const last = [
    ...matrix(nOut, narrow.nOut, (o, k) => offset("head.7.weight") + o * narrow.nOut + k),
    ...bias("head.7", nOut),
  ];
  const trained = [
    ...convolutions,
    matrix(wide.nIn, wide.nOut, fromFlat),
    bias("head.1", wide.nOut),
    matrix(narrow.nIn, narrow.nOut, (k, o) => offset("head.4.weight") + o * narrow.nIn + k),
    bias("head.4", narrow.nOut),
    [...last, ...new Array<number>(4 * (narrow.nOut + 1) - last.length).fill(-1)],
  ].flat();
  const headTurned = [
    matrix(wide.nOut, wide.nIn, (o, flat) => fromFlat(flat, o)),
    matrix(narrow.nOut, narrow.nIn, (o, k) => offset("head.4.weight") + o * narrow.nIn + k),
  ];
  return { from: Int32Array.from([...trained, ...turned.flat(), ...headTurned.flat()]), nGrads: trained.length };
}

const packings = new Map<number, CnnPacking>();

export function cnnPacking(nOut: number): CnnPacking {
  const known = packings.get(nOut) ?? pack(nOut);
  packings.set(nOut, known);
  return known;
}

/** out[i] = the weight that packed number i is; without a backward pass the turned copies are left out. */
export function packWeights({ from }: CnnPacking, weights: ArrayLike<number>, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = from[i] < 0 ? 0 : weights[from[i]];
}

/** Add a thread's packed gradient to the flat one. */
export function addPackedGrad({ from, nGrads }: CnnPacking, grad: Float32Array, flat: Float32Array): void {
  for (let i = 0; i < nGrads; i++) if (from[i] >= 0) flat[from[i]] += grad[i];
}

import { tensor2d } from "@tensorflow/tfjs-core";
import {
  globalGroups,
  localGroups,
  commonReference as oracle,
  type ReferenceGroups,
  shankGroups,
} from "../../src/core/commonReference.ts";
import { Random } from "../../src/core/random.ts";
import type { ProbeSites } from "../../src/core/types.ts";
import { commonReference } from "../../src/ops/commonReference.ts";
import { normals, type OpCase } from "./opCase.ts";

/** Two shanks of a staggered probe. */
export function twoShanks(nChannels: number): ProbeSites {
  const shank = Array.from({ length: nChannels }, (_, c) => (c >= 0.6 * nChannels ? 1 : 0));
  const first = shank.indexOf(1);
  const onShank = (c: number) => (shank[c] === 1 ? c - first : c);
  return {
    model: "synthetic",
    partNumber: "",
    nShanks: 2,
    shank,
    positionsUm: shank.map((s, c) => [250 * s + [11, 43, 27, 59][onShank(c) % 4], 20 * Math.floor(onShank(c) / 2)]),
    connected: shank.map(() => true),
  };
}

const all = (n: number) => Array.from({ length: n }, (_, c) => c);
const sets: { name: string; nRows: number; groups: ReferenceGroups; whole?: boolean }[] = [
  { name: "one channel", nRows: 3, groups: globalGroups(1) },
  { name: "an even few", nRows: 5, groups: globalGroups(6) },
  { name: "many, even", nRows: 130, groups: globalGroups(64) },
  { name: "many, odd", nRows: 67, groups: globalGroups(71) },
  { name: "equal values", nRows: 66, groups: globalGroups(40), whole: true },
  { name: "shanks", nRows: 9, groups: shankGroups(twoShanks(75), all(75)) },
  { name: "rings", nRows: 70, groups: localGroups(twoShanks(75), all(75)) },
];

export const commonReferenceCases: OpCase[] = sets.map(({ name, nRows, groups, whole }) => {
  const nChannels = groups.groupOf.length;
  const noise = normals(new Random(nRows), nRows * nChannels, whole ? 1.5 : 20);
  const values = whole ? noise.map((v) => Math.round(v)) : noise;
  return {
    name: `commonReference of ${nChannels} channels: ${name}`,
    tolerance: 2e-7,
    because: "selection is exact; one float32 sum and one difference",
    run: async () => ({
      out: await commonReference(tensor2d(values, [nRows, nChannels]), groups).data(),
    }),
    oracle: () => ({ out: oracle(values, groups) }),
  };
});

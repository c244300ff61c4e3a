import type { ScoreRow } from "../../protocol/scoreboard.ts";
import type { Measured, Measuring } from "./measure.ts";

const noNumbers = {
  rho: Number.NaN,
  entropyNats: Number.NaN,
  flatnessUm: Number.NaN,
  sdXUm: Number.NaN,
  sdZUm: Number.NaN,
  pitchLock: Number.NaN,
  nSpikes: 0,
  positionTruth: null,
};

/** `about` says what the row is; without `measured` it says why there are no numbers. */
export function rowOf(
  positions: string,
  { grid, first }: Measuring,
  about: Partial<ScoreRow>,
  measured: Measured | null,
  before: Measured | null,
): ScoreRow {
  return {
    kind: "corrected",
    label: "",
    motion: null,
    notPossible: null,
    truth: null,
    agreement: null,
    ...about,
    positions,
    grid,
    ...(measured ?? { ...noNumbers, nBins: first.length - 1 }),
    deltaRho: measured && before ? measured.rho - before.rho : Number.NaN,
  };
}

import { expect, it } from "vitest";
import { scoreChart } from "../../src/panels/compare/scoreChart.ts";
import type { ScoreRow } from "../../src/protocol/scoreboard.ts";

function row(kind: ScoreRow["kind"], label: string, rho: number, deltaRho: number, motion: string | null): ScoreRow {
  const grid = { binSec: 2, pitchUm: 20, sigmaUm: 20, xRangeUm: null, yRangeUm: [0, 800] as const, nx: 1, ny: 40 };
  return {
    ...{ kind, label, rho, deltaRho, motion, grid, positions: "monopolar", notPossible: null },
    ...{ entropyNats: 3, flatnessUm: 4, sdXUm: 5, sdZUm: 6, pitchLock: 0.1, nSpikes: 100, nBins: 10 },
    ...{ truth: null, positionTruth: null, agreement: null },
  };
}

it("the plot of scores: controls grey, pairs in the colours of their motions, the diagonal, Δρ̄ under the pointer", () => {
  const rows = [
    row("uncorrected", "no correction", 0.2, 0, null),
    row("corrected", "corrected by DREDge", 0.6, 0.4, "DREDge"),
    row("sign-turned", "sign turned", 0.1, -0.1, "DREDge"),
    { ...row("anchor", "on contacts", Number.NaN, Number.NaN, "DREDge"), notPossible: "The contacts are not known." },
  ];
  const colours = new Map([["DREDge", { dark: "#123456", light: "#654321" }]]);
  const { data } = scoreChart(rows, colours, { theme: "dark", widthPx: 400, heightPx: 300, isFile: false });
  expect(data.map(({ name }) => name)).toEqual(["no change", "controls", "DREDge"]);
  const [diagonal, controls, pair] = data;
  expect(diagonal).toMatchObject({ x: [0.1, 0.6], y: [0.1, 0.6] });
  expect(controls).toMatchObject({ x: [0.2], y: [0.1], text: [expect.stringContaining("sign turned (DREDge)")] });
  expect(pair).toMatchObject({ y: [0.6], text: [expect.stringContaining("Δρ̄ +0.400")], marker: { color: "#123456" } });
  const empty = scoreChart([], colours, { theme: "light", widthPx: 400, heightPx: 300, isFile: false });
  expect(empty.data).toMatchObject([{ x: [0, 1], y: [0, 1] }]);
});

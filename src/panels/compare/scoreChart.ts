import type { MotionColour } from "../../app/motionColours.ts";
import type { ScoreRow } from "../../protocol/scoreboard.ts";
import type { Chart, ChartLook, Data } from "../../ui/PlotlyChart.tsx";
import { decimals, signed } from "./decimals.ts";

/** The scoreboard as a plotly figure: ρ̄ after correction over ρ̄ of the same positions without it. */

const GREY: MotionColour = { dark: "#98a4b3", light: "#545d6b" };

const isPair = ({ kind }: ScoreRow) => kind === "corrected" || kind === "true-motion";

/** Rows that have both numbers; "no correction" lies on the diagonal by definition and is not drawn. */
function drawn(rows: readonly ScoreRow[]): readonly ScoreRow[] {
  return rows.filter(
    ({ kind, notPossible, rho, deltaRho }) =>
      kind !== "uncorrected" && notPossible === null && Number.isFinite(rho) && Number.isFinite(deltaRho),
  );
}

const uncorrected = ({ rho, deltaRho }: ScoreRow) => rho - deltaRho;

function pointsOf(name: string, rows: readonly ScoreRow[], color: string, isControl: boolean): Data {
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: rows.map(uncorrected),
    y: rows.map(({ rho }) => rho),
    text: rows.map(
      (row) =>
        `${row.label}${row.motion && !row.label.includes(row.motion) ? ` (${row.motion})` : ""}<br>` +
        `positions ${row.positions}<br>ρ̄ ${decimals(uncorrected(row), 3)} → ${decimals(row.rho, 3)}, ` +
        `Δρ̄ ${signed(row.deltaRho, 3)}`,
    ),
    hovertemplate: "%{text}<extra></extra>",
    marker: {
      color,
      size: isControl ? 8 : 11,
      symbol: isControl ? "circle-open" : rows.map(({ kind }) => (kind === "true-motion" ? "diamond" : "circle")),
    },
  };
}

/** Pairs in the colours of their motions, `colours` by title; controls grey. */
export function scoreChart(
  all: readonly ScoreRow[],
  colours: ReadonlyMap<string, MotionColour>,
  { theme }: ChartLook,
): Chart {
  const rows = drawn(all);
  const motions = [...new Set(rows.filter(isPair).map(({ motion }) => motion ?? ""))];
  const pairs = motions.map((motion) =>
    pointsOf(
      motion,
      rows.filter((row) => isPair(row) && row.motion === motion),
      (colours.get(motion) ?? GREY)[theme],
      false,
    ),
  );
  const controls = rows.filter((row) => !isPair(row));
  const values = rows.flatMap((row) => [row.rho, uncorrected(row)]);
  const ends = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const diagonal: Data = {
    type: "scatter",
    mode: "lines",
    name: "no change",
    x: ends,
    y: ends,
    line: { width: 1, dash: "dash", color: GREY[theme] },
    hoverinfo: "skip",
  };
  return {
    data: [diagonal, ...(controls.length > 0 ? [pointsOf("controls", controls, GREY[theme], true)] : []), ...pairs],
    layout: {
      xaxis: { title: { text: "ρ̄ without correction", standoff: 6 } },
      yaxis: { title: { text: "ρ̄ after correction", standoff: 6 } },
      showlegend: true,
      // which rows there are is the table's to say: a legend that is no switch
      legend: { itemclick: false, itemdoubleclick: false },
      hovermode: "closest",
      uirevision: "scores",
      margin: { l: 58, r: 14, t: 32, b: 42 },
    },
  };
}

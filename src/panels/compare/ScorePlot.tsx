import { useCallback, useMemo } from "react";
import type { MotionColour } from "../../app/motionColours.ts";
import { useMotions } from "../../app/motions.ts";
import type { ScoreRow } from "../../protocol/scoreboard.ts";
import { type ChartLook, PlotlyChart } from "../../ui/PlotlyChart.tsx";
import { scoreChart } from "./scoreChart.ts";

/** The scoreboard as points: what each correction makes of ρ̄. */
export function ScorePlot({ rows }: { rows: readonly ScoreRow[] }) {
  const entries = useMotions((motions) => motions.entries);
  const colours = useMemo(
    () => new Map<string, MotionColour>(entries.map(({ title, colour }) => [title, colour])),
    [entries],
  );
  const chartOf = useCallback((look: ChartLook) => scoreChart(rows, colours, look), [rows, colours]);
  return (
    <PlotlyChart
      chartOf={chartOf}
      label="ρ̄ after correction over ρ̄ without correction, a point per row of the table below; above the diagonal, correction raises ρ̄."
      testId="score-chart"
    />
  );
}

import { useCallback, useRef, useState } from "react";
import { saveBlob, svgToPng } from "../../app/saveFile.ts";
import { notifyError } from "../../app/sessionStore.ts";
import { useView } from "../../app/viewStore.ts";
import type { TrainingChart } from "../../protocol/pictures.ts";
import { type ChartHandle, type ChartLook, PlotlyChart } from "../../ui/PlotlyChart.tsx";
import { colourOf, curvesChart, isPositive, keyOf } from "./curvesChart.ts";

interface ExploreProps {
  charts: readonly TrainingChart[];
  /** every value of the curves */
  csv(): string;
}

interface LegendProps {
  charts: readonly TrainingChart[];
  hidden: ReadonlySet<string>;
  onToggle(key: string): void;
}

/** The curves by name, each a switch. */
function Legend({ charts, hidden, onToggle }: LegendProps) {
  const theme = useView((state) => state.theme);
  return charts.map((chart) => (
    <fieldset key={chart.title} className="curve-legend">
      <legend>{chart.title}</legend>
      {chart.curves.map((curve, i) => {
        const key = keyOf(chart, curve);
        return (
          <button
            key={key}
            type="button"
            className="quiet"
            aria-pressed={!hidden.has(key)}
            title={hidden.has(key) ? "Show this curve" : "Hide this curve"}
            onClick={() => onToggle(key)}
            data-testid={`curve-${key}`}
          >
            <i className={curve.style} style={{ color: colourOf(chart, i, theme) }} />
            {curve.label}
          </button>
        );
      })}
    </fieldset>
  ));
}

function LogSwitch({
  charts,
  isLog,
  onChange,
}: {
  charts: readonly TrainingChart[];
  isLog: boolean;
  onChange(on: boolean): void;
}) {
  const can = charts.some(isPositive);
  const about = can
    ? "Logarithmic axis wherever all values are positive; the other charts stay as they are"
    : "No chart here has positive values alone";
  return (
    <label title={about}>
      <input
        type="checkbox"
        checked={can && isLog}
        disabled={!can}
        onChange={(event) => onChange(event.target.checked)}
        data-testid="explore-log"
      />{" "}
      log axis
    </label>
  );
}

/** Save the chart as it is on screen, light. Never rejects. */
async function saveChart(chart: ChartHandle | null, format: "svg" | "png"): Promise<void> {
  try {
    const svg = (await chart?.svg()) ?? "";
    if (svg === "") return; // nothing is drawn yet
    const blob = format === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await svgToPng(svg, 2);
    saveBlob(blob, `training.${format}`);
  } catch (error) {
    notifyError(error);
  }
}

/** The curves of a training to be read closely, once the training has ended. */
export function Explore({ charts, csv }: ExploreProps) {
  const chart = useRef<ChartHandle>(null);
  const [isLog, setLog] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string) =>
    setHidden((now) => (now.has(key) ? new Set([...now].filter((one) => one !== key)) : new Set([...now, key])));
  const chartOf = useCallback(
    (look: ChartLook) => curvesChart(charts, { isLog, hidden }, look),
    [charts, isLog, hidden],
  );
  return (
    <>
      <div className="explore-bar">
        <Legend charts={charts} hidden={hidden} onToggle={toggle} />
        <span className="explore-files">
          <LogSwitch charts={charts} isLog={isLog} onChange={setLog} />
          {(["png", "svg"] as const).map((format) => (
            <button
              key={format}
              type="button"
              className="quiet"
              onClick={() => void saveChart(chart.current, format)}
              aria-label={`Curves as ${format.toUpperCase()}`}
              data-testid={`explore-${format}`}
            >
              {format.toUpperCase()}
            </button>
          ))}
          <button
            type="button"
            className="quiet"
            onClick={() => saveBlob(new Blob([csv()], { type: "text/csv" }), "training.csv")}
            aria-label="Curves as CSV"
            data-testid="explore-csv"
          >
            CSV
          </button>
        </span>
      </div>
      <PlotlyChart
        ref={chart}
        chartOf={chartOf}
        label={`Over training steps: ${charts.map(({ title, unit }) => (unit ? `${title} in ${unit}` : title)).join(", ")}. The values are in the CSV.`}
        testId="explore-chart"
      />
    </>
  );
}

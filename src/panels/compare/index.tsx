import { type CompareView, pictureOfView, useCompareView } from "../../app/compareView.ts";
import { exportPicture } from "../../app/exportActions.ts";
import { useMotions } from "../../app/motions.ts";
import { useSession } from "../../app/sessionStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import "./compare.css";
import { Pairs } from "./Pairs.tsx";
import { Scores } from "./Scores.tsx";

const VIEWS: readonly { view: CompareView; title: string; label: string }[] = [
  {
    view: "fields",
    title: "Fields",
    label: "Every shown motion as a map of displacement in µm over time in s and depth in µm, on common limits.",
  },
  {
    view: "differences",
    title: "Differences",
    label: "The difference of every pair of shown motions in µm, over time and depth; the numbers stand in the table.",
  },
  {
    view: "traces",
    title: "Traces",
    label: "Displacement of every shown motion in µm over time in s, one plot per depth.",
  },
  { view: "rasters", title: "Rasters", label: "The spikes as recorded, and corrected by each of the shown motions." },
  { view: "scores", title: "Scores", label: "" },
];

function Toolbar() {
  const { view } = useCompareView();
  const nShown = useMotions(({ entries }) => entries.filter((entry) => entry.shown).length);
  const kind = pictureOfView(view);
  return (
    <div className="panel-toolbar">
      <fieldset className="segments" aria-label="What to compare">
        {VIEWS.map(({ view: one, title }) => (
          <button
            key={one}
            type="button"
            className="quiet outlined"
            aria-pressed={view === one}
            onClick={() => useCompareView.setState({ view: one })}
            data-testid={`compare-${one}`}
          >
            {title}
          </button>
        ))}
      </fieldset>
      <span className="compare-count">{nShown === 1 ? "1 motion" : `${nShown} motions`}</span>
      <span className="grow" />
      {kind &&
        (["svg", "png"] as const).map((format) => (
          <button
            key={format}
            type="button"
            className="quiet"
            onClick={() => void exportPicture(kind, "Compare", format)}
            aria-label={`Comparison as ${format.toUpperCase()}`}
            data-testid={`compare-export-${format}`}
          >
            {format.toUpperCase()}
          </button>
        ))}
    </div>
  );
}

function Compare() {
  const { view } = useCompareView();
  const hasMotion = useMotions(({ entries }) => entries.length > 0);
  const hasSpikes = useSession((state) => state.spikes !== null);
  const kind = pictureOfView(view);
  if (!hasMotion)
    return (
      <Empty>
        Run a step that estimates motion, or drop motions: every one of the session is shown here beside the others.
      </Empty>
    );
  return (
    <div className="panel-body">
      <Toolbar />
      {view === "differences" && <Pairs />}
      {kind ? (
        // a canvas shows one kind of picture for good
        <CanvasHost key={kind} kind={kind} label={VIEWS.find((one) => one.view === view)?.label ?? ""} />
      ) : hasSpikes ? (
        <Scores />
      ) : (
        <Empty>A motion is scored by the spikes it corrects: drop the spikes, or find them in a recording.</Empty>
      )}
    </div>
  );
}

export const compare: PanelDef = {
  id: "compare",
  title: "Compare",
  help: "The shown motions of the session side by side, on common limits. A motion has no zero of its own, so each has its median over time taken out at every depth. Two estimates that agree may both be wrong: the corrected rasters and the controls of the scoreboard tell more than a small difference does. Choose what is shown in the list below the recipe.",
  place: { beside: "raster-corrected", where: "within" },
  component: Compare,
};

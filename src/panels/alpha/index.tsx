import { useEffect, useState } from "react";
import { followAnchors } from "../../app/anchors.ts";
import { useMotions } from "../../app/motions.ts";
import { getResults, useResultVersion } from "../../app/results.ts";
import { useSession } from "../../app/sessionStore.ts";
import { chooseFigures, useView } from "../../app/viewStore.ts";
import { BrushTools } from "../../ui/BrushTools.tsx";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

const VIEWS = [
  {
    kind: "alpha-axes",
    title: "along the axes",
    label: "log10 of the source amplitude α of every spike over x, depth and z, in µm.",
  },
  {
    kind: "alpha-local",
    title: "around the anchor",
    label: "Spikes around their anchors from three sides, in µm, coloured by log10 of the source amplitude α.",
  },
  {
    kind: "alpha-variability",
    title: "over time",
    label:
      "Mean log10 of the source amplitude α over time in s and depth in µm, and its standard deviation over time at each depth.",
  },
] as const;

const BINS_SEC = [1, 2, 5, 10, 30, 60];

function Corrected() {
  const hasMotion = useMotions(({ entries }) => entries.length > 0);
  const isCorrected = useView((state) => state.projectCorrected) && hasMotion;
  return (
    <label>
      <input
        type="checkbox"
        checked={isCorrected}
        disabled={!hasMotion}
        onChange={(event) => useView.setState({ projectCorrected: event.target.checked })}
      />{" "}
      motion corrected
    </label>
  );
}

function BinSec() {
  const binSec = useView((state) => state.figures.alphaBinSec);
  return (
    <label>
      time bins{" "}
      <select
        value={binSec}
        onChange={(event) => chooseFigures({ alphaBinSec: Number(event.target.value) })}
        data-testid="alpha-bin"
      >
        {BINS_SEC.map((sec) => (
          <option key={sec} value={sec}>
            {sec} s
          </option>
        ))}
      </select>
    </label>
  );
}

function Alpha() {
  const [chosen, choose] = useState(0);
  const hasSpikes = useSession((state) => state.spikes !== null);
  useResultVersion("spikes");
  useEffect(followAnchors, []);
  const isLocalized = getResults().spikes?.xUm !== undefined;
  if (!hasSpikes || !isLocalized)
    return <Empty>Localized spikes fill this panel: how strong their sources are, and where.</Empty>;
  const { kind, label } = VIEWS[chosen];
  return (
    <div className="panel-body">
      <div className="panel-toolbar wraps">
        <fieldset className="segments" aria-label="α against what">
          {VIEWS.map(({ title, kind: own }, i) => (
            <button
              key={own}
              type="button"
              className="quiet outlined"
              aria-pressed={i === chosen}
              onClick={() => choose(i)}
              data-testid={`show-${own}`}
            >
              {title}
            </button>
          ))}
        </fieldset>
        {kind !== "alpha-local" && <Corrected />}
        {kind === "alpha-variability" && <BinSec />}
        {kind !== "alpha-variability" && <BrushTools kind={kind} />}
      </div>
      <CanvasHost key={kind} kind={kind} label={label} />
    </div>
  );
}

export const alpha: PanelDef = {
  id: "alpha",
  title: "α",
  help: "α is how strong a source is, whatever its distance: the amplitude it would have at 1 µm, on a scale of powers of ten. Along the axes: α should not depend on x; rising with z is what distance does to a threshold, since far sources are found only when they are strong, and stripes over depth are neurons. Around the anchor: where sources lie relative to the contacts that saw them; clusters on contacts mean that positions stick to them. Over time: the mean of each time and depth, and beside it how much it changes: where it is steady the same neurons are seen all along, where it is not, drift brings others or they are lost below the threshold.",
  place: { beside: "projections", where: "within" },
  component: Alpha,
};

import { useMotions } from "../../app/motions.ts";
import { useSession } from "../../app/sessionStore.ts";
import { useView } from "../../app/viewStore.ts";
import { BrushedLine, BrushTools } from "../../ui/BrushTools.tsx";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

function Projections() {
  const hasSpikes = useSession((state) => state.spikes !== null);
  const hasMotion = useMotions(({ entries }) => entries.length > 0);
  const isCorrected = useView((state) => state.projectCorrected);
  if (!hasSpikes)
    return <Empty>Find spikes in a recording, or drop localized ones, and they are drawn here from three sides.</Empty>;
  return (
    <div className="panel-body">
      <div className="panel-toolbar">
        <fieldset className="segments" aria-label="Positions as recorded or corrected">
          {[false, true].map((corrected) => (
            <button
              key={String(corrected)}
              type="button"
              className="quiet outlined"
              aria-pressed={(isCorrected && hasMotion) === corrected}
              disabled={corrected && !hasMotion}
              onClick={() => useView.setState({ projectCorrected: corrected })}
              data-testid={`project-${corrected ? "corrected" : "raw"}`}
            >
              {corrected ? "corrected" : "raw"}
            </button>
          ))}
        </fieldset>
        <BrushTools kind="projections" />
      </div>
      <BrushedLine kind="projections" />
      <CanvasHost
        kind="projections"
        label="Spikes from three sides, in µm: x over depth, x over z, z over depth, with the contacts of the probe."
      />
    </div>
  );
}

export const projections: PanelDef = {
  id: "projections",
  title: "Projections",
  help: "Where the spikes of the time on screen are: along the probe to the right, across it (x) above and away from it (z) below. Squares are contacts. Clouds that become narrower with correction are neurons that were smeared by drift. Stripes at the contacts' distance mean that positions keep to the rows of contacts; everything in one place means that a network has collapsed.",
  place: { beside: "raster-raw", where: "within" },
  frontOnTraining: "any",
  component: Projections,
};

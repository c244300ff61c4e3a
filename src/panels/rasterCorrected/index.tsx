import { useMotions } from "../../app/motions.ts";
import { useSession } from "../../app/sessionStore.ts";
import { BrushedLine, BrushTools } from "../../ui/BrushTools.tsx";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

function RasterCorrected() {
  const hasSpikes = useSession((state) => state.spikes !== null);
  const hasMotion = useMotions(({ entries }) => entries.length > 0);
  if (!hasSpikes)
    return (
      <Empty>Spikes and a motion fill this panel: drop spikes, then run the recipe or drop a motion folder.</Empty>
    );
  if (!hasMotion)
    return (
      <Empty>Run the recipe or drop a motion folder, and the spikes are drawn here with the motion taken out.</Empty>
    );
  return (
    <div className="panel-body">
      <div className="panel-toolbar">
        <BrushTools kind="raster-corrected" />
      </div>
      <BrushedLine kind="raster-corrected" />
      <CanvasHost
        kind="raster-corrected"
        label="Spikes after correction: depth minus displacement in µm over time in s."
      />
    </div>
  );
}

export const rasterCorrected: PanelDef = {
  id: "raster-corrected",
  title: "Raster (corrected)",
  help: "The same spikes with the motion taken out: corrected depth is observed depth minus displacement. Bands should run level. Bands that were level and now wave mean that the motion was overestimated there; bands that still wave mean that it was underestimated.",
  place: { beside: "raster-raw", where: "below" },
  frontOnMotion: "any",
  component: RasterCorrected,
};

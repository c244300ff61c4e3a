import { isActive } from "../../app/jobReducer.ts";
import { useRun } from "../../app/runStore.ts";
import { useSession } from "../../app/sessionStore.ts";
import { BrushedLine, BrushTools } from "../../ui/BrushTools.tsx";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

function RasterRaw() {
  const hasSpikes = useSession((state) => state.spikes !== null);
  const hasRecording = useSession((state) => state.recording !== null);
  const isRunning = useRun((state) => isActive(state.job));
  if (!hasSpikes && isRunning) return <Empty>Spikes are drawn here as soon as the first are found.</Empty>;
  if (!hasSpikes && hasRecording)
    return <Empty>Run the step that detects spikes, and they are drawn here as they are found.</Empty>;
  if (!hasSpikes)
    return <Empty>Drop spikes with times and depths, and they are drawn here as they were recorded.</Empty>;
  return (
    <div className="panel-body">
      <div className="panel-toolbar">
        <BrushTools kind="raster-raw" />
      </div>
      <BrushedLine kind="raster-raw" />
      <CanvasHost
        kind="raster-raw"
        label="Spikes as recorded: depth in µm over time in s, coloured by what the view bar says."
      />
    </div>
  );
}

export const rasterRaw: PanelDef = {
  id: "raster-raw",
  title: "Raster (raw)",
  help: "Every spike at the depth where it was detected: time to the right, depth up from the tip. A cell that holds several spikes shows their mean amplitude, their number or, of sorted spikes, the unit with the most (such spikes open so; colour by amplitude shows drift of all bands best). Drift is what all bands do together; a band that moves alone is not drift. Lines are the motion at several depths.",
  component: RasterRaw,
};

import { comparisonSummary, motionSummary } from "../../app/motionSummary.ts";
import { getResults } from "../../app/results.ts";
import { useRun } from "../../app/runStore.ts";
import { useSession } from "../../app/sessionStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { Troubleshooting } from "../../ui/Troubleshooting.tsx";
import { useThrottledVersion } from "../../ui/useThrottledVersion.ts";

const SUMMARY_EVERY_MS = 250;

function Motion() {
  useThrottledVersion("motion", SUMMARY_EVERY_MS);
  const source = useSession((state) => state.motionSource);
  const methods = useRun((state) => state.methods)?.filter((method) => method.gives.includes("motion"));
  const { motion, reference } = getResults();
  if (!motion || !source) {
    return (
      <Empty>
        Run the recipe, or drop a SpikeInterface Motion folder or a saved run, and the motion is drawn here.
      </Empty>
    );
  }
  const from = source.from === "run" ? `by ${source.title}` : `from ${source.info.title}`;
  const compared = source.from === "run" && reference ? comparisonSummary(motion, reference) : null;
  return (
    <div className="panel-body">
      <p className="panel-note" data-testid="motion-summary">
        {from}: {motionSummary(motion)}
      </p>
      {compared && (
        <p className="panel-note" data-testid="motion-comparison">
          {compared}
        </p>
      )}
      <CanvasHost kind="motion" label={`Motion ${from}: ${motionSummary(motion)}.`} />
      {source.from === "run" && methods?.map((method) => <Troubleshooting key={method.id} method={method} />)}
    </div>
  );
}

export const motion: PanelDef = {
  id: "motion",
  title: "Motion",
  help: "How far the tissue has moved up the probe, in µm, over time; one curve per depth. A motion has no zero of its own: only changes over time mean something. Curves that jump where the raster does not are noise; curves flatter than the raster's bands underestimate.",
  place: { beside: "raster-raw", where: "right" },
  initialWidth: 0.39,
  component: Motion,
};

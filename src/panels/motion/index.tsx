import { comparisonSummary, motionSummary } from "../../app/motionSummary.ts";
import { activeOf, truthOf } from "../../app/motions.ts";
import { useRun } from "../../app/runStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { Troubleshooting } from "../../ui/Troubleshooting.tsx";
import { useThrottledMotions } from "../../ui/useThrottledMotions.ts";

const SUMMARY_EVERY_MS = 250;

function Motion() {
  const motions = useThrottledMotions(SUMMARY_EVERY_MS);
  const [active, truth] = [activeOf(motions), truthOf(motions)];
  const methods = useRun((state) => state.methods);
  if (!active) {
    return (
      <Empty>
        Run the recipe, or drop a SpikeInterface Motion folder or a saved run, and the motion is drawn here.
      </Empty>
    );
  }
  const { title, motion, from } = active;
  const compared = truth && truth !== active ? comparisonSummary(motion, truth) : null;
  const method = from.kind === "run" ? methods?.find(({ id }) => id === from.method) : undefined;
  return (
    <div className="panel-body">
      <p className="panel-note" data-testid="motion-summary">
        {title}: {motionSummary(motion)}
      </p>
      {compared && (
        <p className="panel-note" data-testid="motion-comparison">
          {compared}
        </p>
      )}
      <CanvasHost kind="motion" label={`Motion ${title}: ${motionSummary(motion)}.`} />
      {method && <Troubleshooting method={method} />}
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

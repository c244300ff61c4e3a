import { isActive } from "../../app/jobReducer.ts";
import {
  addCurve,
  addMask,
  type EditTool,
  toggleEditing,
  useMotionEditing,
  whyNotEdit,
} from "../../app/motionEditing.ts";
import { comparisonSummary, motionSummary } from "../../app/motionSummary.ts";
import { activeOf, type MotionEntry, truthOf } from "../../app/motions.ts";
import { useRun } from "../../app/runStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import type { PictureTool } from "../../ui/stroke.ts";
import { Troubleshooting } from "../../ui/Troubleshooting.tsx";
import { useThrottledMotions } from "../../ui/useThrottledMotions.ts";

const SUMMARY_EVERY_MS = 250;

/** Tools of which a drag on the picture is a part; with the others a drag moves the picture. */
const POINTER_TOOLS: Partial<Record<EditTool, PictureTool>> = {
  mask: { shape: "range", finish: ([a, b]) => addMask(a.x, b.x) },
  draw: {
    shape: "line",
    finish: (points) =>
      addCurve(
        { timeSec: points.map(({ x }) => x), displacementUm: points.map(({ y }) => y) },
        { timeSec: points[0].x, displacementUm: points[0].y },
      ),
  },
};

function EditButton({ active, isEdited }: { active: MotionEntry; isEdited: boolean }) {
  useRun((state) => isActive(state.job)); // whether it can be edited may change with the run
  const reason = whyNotEdit(active);
  return (
    <button
      type="button"
      className="button"
      disabled={reason !== null}
      title={reason ?? (isEdited ? "End the editing (e)" : "Clean, mask or draw on a copy of this motion (e)")}
      onClick={toggleEditing}
      data-testid="motion-edit"
    >
      {isEdited ? "Done" : "Edit"}
    </button>
  );
}

function Motion() {
  const motions = useThrottledMotions(SUMMARY_EVERY_MS);
  const [active, truth] = [activeOf(motions), truthOf(motions)];
  const methods = useRun((state) => state.methods);
  const editing = useMotionEditing();
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
  const isEdited = editing.id === active.id;
  return (
    <div className="panel-body">
      <div className="motion-head">
        <p className="panel-note" data-testid="motion-summary">
          {title}: {motionSummary(motion)}
        </p>
        <EditButton active={active} isEdited={isEdited} />
      </div>
      {compared && (
        <p className="panel-note" data-testid="motion-comparison">
          {compared}
        </p>
      )}
      <CanvasHost
        kind="motion"
        label={`Motion ${title}: ${motionSummary(motion)}.`}
        tool={isEdited ? POINTER_TOOLS[editing.tool] : null}
      />
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

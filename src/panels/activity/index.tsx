import { finalActivity, getResults, useResultVersion } from "../../app/results.ts";
import { useRun } from "../../app/runStore.ts";
import { useAmplitudeUnit } from "../../app/units.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

function Activity() {
  useResultVersion("run");
  const ampUnit = useAmplitudeUnit();
  const learns = useRun((state) => state.job.steps.medicine !== undefined);
  const idle = !learns && finalActivity(getResults().run) === null;
  if (idle) {
    return (
      <Empty>Run MEDiCINe, and what it has learned about depths and amplitudes is drawn here while it learns.</Empty>
    );
  }
  return (
    <CanvasHost kind="activity" label={`Learned probability of a spike, by depth in µm and amplitude in ${ampUnit}.`} />
  );
}

export const activity: PanelDef = {
  id: "activity",
  title: "Activity distribution",
  help: "What MEDiCINe believes the recording would look like without drift: the probability of a spike at each depth (up) and amplitude (right). Sharp bands are neurons it follows. One blur over everything means that it has not learned yet, or that there is little to follow.",
  place: { beside: "motion", where: "below" },
  frontOnMotion: "medicine",
  component: Activity,
};

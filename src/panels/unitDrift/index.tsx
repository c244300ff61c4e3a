import { isSorted, useSession } from "../../app/sessionStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { Numbers } from "./Numbers.tsx";
import "./unitDrift.css";

function UnitDrift() {
  const isOfUnits = useSession(isSorted);
  if (!isOfUnits)
    return (
      <Empty>Open sorted spikes (Kilosort, phy and others), and any one unit can be followed over time here.</Empty>
    );
  return (
    <div className="panel-body">
      <Numbers />
      <CanvasHost
        kind="unit-drift"
        label="Depth in µm over time in s of the spikes of one unit, with their running median and the motion at the unit; below, corrected by the motion on screen."
      />
    </div>
  );
}

export const unitDriftPanel: PanelDef = {
  id: "unit-drift",
  title: "Unit drift",
  help: "One unit is one neuron at one place of the tissue, so what its depth does over minutes is the motion there, seen without any estimator. Above: its spikes, their running median (bins of equally many spikes, at least 20), and the motion at that depth. Below: corrected by the motion on screen; a motion that fits leaves a flat band. Drift is the range of the running median from its 5th to its 95th percentile; scatter is what the spread of the spikes alone would make of that, so a drift near it is none. r says whether unit and motion move together, gain how many µm the unit moves per µm of motion: 1 is right, above 1 the motion falls short. One unit that disagrees may be a bad unit (two cells, a part of one); many units that disagree mean a wrong motion, which the sentence on all units shows at once. Where depths come from templates alone they do not move, and show no drift. Choose a unit in the list of units or by a click on one of its spikes; g and shift + g go to the next and the previous one.",
  place: { beside: "spike-3d", where: "within" },
  frontOnUnit: true,
  component: UnitDrift,
};

import { useSession } from "../../app/sessionStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

function Amplitudes() {
  const hasSpikes = useSession((state) => state.spikes !== null);
  if (!hasSpikes)
    return (
      <Empty>Drop spikes with amplitudes, or detect them in a recording, and their distribution is drawn here.</Empty>
    );
  return <CanvasHost kind="amplitudes" label="Amplitudes of the spikes." />;
}

export const amplitudes: PanelDef = {
  id: "amplitudes",
  title: "Amplitudes",
  help: "How large the spikes are, as the file states them: in µV, or in what the axis says, such as the amplitudes of a sorter, which have no unit of voltage and no sign. A distribution cut off on one side shows the detection threshold; amplitudes that sink over the recording show that cells are lost, which no motion can bring back.",
  place: { beside: "motion", where: "within" },
  component: Amplitudes,
};

import { hasGeometry } from "../../app/recordingChoice.ts";
import { useSession } from "../../app/sessionStore.ts";
import { AttachProbe } from "../../ui/AttachProbe.tsx";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

function Probe() {
  const recording = useSession((state) => state.recording);
  if (!recording) return <Empty>Drop a raw recording, and the contacts of its probe are drawn here.</Empty>;
  if (!hasGeometry(recording.info)) return <AttachProbe />;
  return (
    <CanvasHost kind="probe" label="Contacts of the probe: depth in µm up, coloured by the number of spikes found." />
  );
}

export const probe: PanelDef = {
  id: "probe",
  title: "Probe",
  help: "Every contact that was recorded, where it sits on its shank, coloured by how many spikes were found there. Crossed-out contacts are not connected and are left out. Click one to select its channel: the traces mark it. Bright bands are layers with many spikes; a dark contact between bright ones is probably dead.",
  place: { where: "left" },
  initialWidth: 0.155,
  ofRecording: true,
  component: Probe,
};

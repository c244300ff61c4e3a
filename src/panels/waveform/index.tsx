import { useView } from "../../app/viewStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { SpikeStage } from "../../ui/SpikeStage.tsx";
import { Facts } from "./Facts.tsx";

function Waveform() {
  const picked = useView((state) => state.selected);
  const invitation = "Click a spike on a raster: its waveform stands here, with what every localizer says about it.";
  return (
    <SpikeStage invitation={invitation} above={picked && <Facts picked={picked} />}>
      <CanvasHost kind="waveform" label="Waveform of the selected spike on the channels around it." />
    </SpikeStage>
  );
}

export const waveform: PanelDef = {
  id: "waveform",
  title: "Waveform",
  help: "The selected spike on the channels around its peak, each at its contact: thin as read and preprocessed, thick as the principal components describe it. To scale, a µm is as long across as up, each waveform is 14 µm wide and the largest value 17 µm high; on dense probes, where waveforms would lie over each other, roomy gives each contact room. Waveforms that came with their spikes are in the unit of their file. The marks are where each localizer puts it; l_x, l_y and l_z count from the anchor, the middle of the contacts. Localizers that disagree by tens of µm mean a spike that is small, far from the probe or overlaps another.",
  place: { beside: "activity", where: "within" },
  ofRecording: true,
  ofWaveforms: true,
  component: Waveform,
};

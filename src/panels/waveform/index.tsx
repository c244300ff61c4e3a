import { useWaveform } from "../../app/spikeWaveform.ts";
import { useView } from "../../app/viewStore.ts";
import { isToScale } from "../../protocol/waveformLayout.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { SpikeStage } from "../../ui/SpikeStage.tsx";
import { Facts } from "./Facts.tsx";

const LAYOUTS = [
  { layout: "to-scale", title: "to scale", about: "µm on equal axes, the anchor ± 60 µm" },
  { layout: "roomy", title: "roomy", about: "room for every contact, axes on scales of their own" },
] as const;

function Layouts() {
  const layout = useView((state) => state.waveformLayout);
  const shown = useWaveform((state) => state.shown);
  const now = isToScale(layout, shown?.positionsUm ?? []) ? "to-scale" : "roomy";
  return (
    <fieldset className="segments" aria-label="Layout of the waveforms">
      {LAYOUTS.map(({ layout: one, title, about }) => (
        <button
          key={one}
          type="button"
          className="quiet outlined"
          aria-pressed={now === one}
          title={about}
          onClick={() => useView.setState({ waveformLayout: one })}
          data-testid={`waveform-${one}`}
        >
          {title}
        </button>
      ))}
    </fieldset>
  );
}

function Waveform() {
  const picked = useView((state) => state.selected);
  const shown = useWaveform((state) => state.shown);
  // of another spike, it says nothing of this one
  const own = picked && shown?.index === picked.index ? shown : null;
  const invitation = "Click a spike on a raster: its waveform stands here, with what every localizer says about it.";
  return (
    <SpikeStage invitation={invitation} above={picked && <Facts picked={picked} waveform={own} />}>
      <div className="panel-toolbar">
        <Layouts />
        {own?.note && <span data-testid="waveform-note">{own.note}</span>}
      </div>
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

import { useEffect } from "react";
import { useResultVersion } from "../../app/results.ts";
import { useRun } from "../../app/runStore.ts";
import { useSession } from "../../app/sessionStore.ts";
import { readWaveform, slotOrder, useWaveform, whyNoWaveform } from "../../app/spikeWaveform.ts";
import { useView } from "../../app/viewStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

function Waveform() {
  const run = useResultVersion("run");
  const why = useSession(whyNoWaveform);
  const selected = useView((state) => state.selected?.index ?? null);
  const order = useRun(slotOrder);
  const { index, reason, note } = useWaveform();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them is a reason to read again
  useEffect(readWaveform, [selected, why, run, order]);
  if (why) return <Empty>{why}</Empty>;
  if (selected === null) {
    return <Empty>Click a spike on a raster: its waveform stands here, with what every localizer says about it.</Empty>;
  }
  if (reason) return <Empty>{reason}</Empty>;
  if (index === null) return <Empty>Reading the waveform…</Empty>;
  return (
    <>
      {note && (
        <p className="panel-note" data-testid="waveform-note">
          {note}
        </p>
      )}
      <CanvasHost kind="waveform" label="Waveform of the selected spike on the channels around it." />
    </>
  );
}

export const waveform: PanelDef = {
  id: "waveform",
  title: "Waveform",
  help: "The selected spike on the channels around its peak, each at its contact: thin as read and preprocessed, thick as the principal components describe it. Waveforms that came with their spikes are in the unit of their file. The marks are where each localizer puts it. Localizers that disagree by tens of µm mean a spike that is small, far from the probe or overlaps another.",
  place: { beside: "activity", where: "within" },
  ofRecording: true,
  ofWaveforms: true,
  component: Waveform,
};

import { useEffect } from "react";
import { followAnchors, useAnchors } from "../../app/anchors.ts";
import { getResults, useResultVersion } from "../../app/results.ts";
import { useSession } from "../../app/sessionStore.ts";
import { BrushedLine, BrushTools } from "../../ui/BrushTools.tsx";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

function LocalPairs() {
  const hasSpikes = useSession((state) => state.spikes !== null);
  const missing = useAnchors((state) => state.missing);
  useResultVersion("spikes");
  useEffect(followAnchors, []);
  if (!hasSpikes)
    return <Empty>Find spikes in a recording, or drop localized ones, to see each from its own channels.</Empty>;
  if (missing && getResults().spikes?.xUm) return <Empty>{missing}</Empty>;
  return (
    <div className="panel-body">
      <div className="panel-toolbar">
        <BrushTools kind="local-pairs" />
      </div>
      <BrushedLine kind="local-pairs" />
      <CanvasHost
        kind="local-pairs"
        label="Six scatter plots of spikes as seen from the middle of their channels: local x, local y and z in µm and log α, each over each."
      />
    </div>
  );
}

export const localPairs: PanelDef = {
  id: "local-pairs",
  title: "Local pairs",
  help: "Where the positions on screen put each spike as seen from its anchor, the middle of its ten channels, before any motion is taken out. Smooth clouds are what neurons around a probe give. Lines or lattices mean that a localizer prefers some places relative to its contacts; everything on one line or point, that a network has collapsed; a sharp edge, that a fit has run into its bounds; far sources (large z) go with large α.",
  place: { beside: "projections", where: "within" },
  component: LocalPairs,
};

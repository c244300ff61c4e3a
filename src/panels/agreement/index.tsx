import { useEffect, useRef } from "react";
import { followAnchors } from "../../app/anchors.ts";
import { useSession } from "../../app/sessionStore.ts";
import { chooseFigures } from "../../app/viewStore.ts";
import type { FigureChoices } from "../../protocol/pictures.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import { PlaceSelect } from "../../ui/PlaceSelect.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { usePlaces } from "../../ui/usePlaces.ts";

function Agreement() {
  const element = useRef<HTMLDivElement>(null);
  const choice = usePlaces("agreement", element);
  const hasSpikes = useSession((state) => state.spikes !== null);
  useEffect(followAnchors, []);
  const change = (next: Partial<FigureChoices["agreement"]>) =>
    chooseFigures({ agreement: { ...choice, isChosen: true, ...next } });
  if (!hasSpikes) return <Empty>Spikes with positions of two localizers fill this panel: how far the two agree.</Empty>;
  return (
    <div className="panel-body" ref={element}>
      <div className="panel-toolbar wraps">
        <PlaceSelect label="positions" choice={choice.own} onChange={(own) => change({ own })} testId="agreement-own" />
        <PlaceSelect
          label="against"
          choice={choice.reference}
          onChange={(reference) => change({ reference })}
          testId="agreement-reference"
        />
      </div>
      <CanvasHost
        kind="agreement"
        label="Positions of every spike by one localizer over those by another, in µm: x, depth and z above, the same counted from each spike's anchor below, with the line on which both agree."
      />
    </div>
  );
}

export const agreement: PanelDef = {
  id: "agreement",
  title: "Agreement",
  help: "Every spike's position by one localizer (up) over that by another (to the right). On the dashed line both say the same. Above: x, depth and z as chosen, with or without the motion; below: the same counted from each spike's own anchor, as recorded, which shows what depth alone hides, for it is nearly the same for every localizer. RMS is the usual distance between the two, bias the mean of position minus reference, ρ the Pearson correlation, all of every spike of the session. A flat cloud means that the localizer says the same place whatever the reference says. A click selects a spike, the keys l and b brush spikes.",
  place: { beside: "projections", where: "within" },
  component: Agreement,
};

import { useRef } from "react";
import { useSession } from "../../app/sessionStore.ts";
import { chooseFigures } from "../../app/viewStore.ts";
import type { FigureChoices, WheelName } from "../../protocol/pictures.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import { PlaceSelect } from "../../ui/PlaceSelect.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { usePlaces } from "../../ui/usePlaces.ts";

const WHEELS: readonly { name: WheelName; title: string }[] = [
  { name: "hue", title: "hue" },
  { name: "safe", title: "blue–yellow (colour-blind safe)" },
];

function Displacement() {
  const element = useRef<HTMLDivElement>(null);
  const choice = usePlaces("displacement", element);
  const hasSpikes = useSession((state) => state.spikes !== null);
  const change = (next: Partial<FigureChoices["displacement"]>) =>
    chooseFigures({ displacement: { ...choice, isChosen: true, ...next } });
  if (!hasSpikes)
    return <Empty>Spikes with positions fill this panel: where each goes from one localizer to another.</Empty>;
  return (
    <div className="panel-body" ref={element}>
      <div className="panel-toolbar wraps">
        <PlaceSelect
          label="from"
          choice={choice.source}
          onChange={(source) => change({ source })}
          testId="displacement-source"
        />
        <PlaceSelect
          label="to"
          choice={choice.target}
          onChange={(target) => change({ target })}
          testId="displacement-target"
        />
        <label>
          colours{" "}
          <select
            value={choice.wheel}
            onChange={(event) => change({ wheel: event.target.value === "safe" ? "safe" : "hue" })}
            data-testid="displacement-wheel"
          >
            {WHEELS.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className="displacement-pictures">
        <CanvasHost
          kind="displacement"
          label="Spikes at their source positions from three sides, in µm; colour says in which direction and how far the target positions lie from them, as the wheel in the corner shows."
        />
        <CanvasHost
          kind="displacement-lengths"
          label="Histogram of how far spikes go from source to target positions, in µm, with median and 95th percentile."
        />
      </div>
    </div>
  );
}

export const displacement: PanelDef = {
  id: "displacement",
  title: "Displacement",
  help: "Where each spike goes from one set of positions (from) to another (to), in the plane of the probe. Spikes stand at their source positions; the wheel says what a colour means: its direction on the map is the direction of the displacement, and colour is full from the 95th percentile of all lengths on. Long displacements lie on top. One colour all over is a shift, colours that change with the depth of the row of contacts are bias of one localizer. The histogram is a guard: a network that has collapsed sends most spikes far, to the same few places. “Blue–yellow” can be read with every kind of colour vision: yellow is up the probe, blue down it, light and dark are across. A click selects a spike, the keys l and b brush spikes.",
  place: { beside: "projections", where: "within" },
  component: Displacement,
};

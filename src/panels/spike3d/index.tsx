import { lookFrom, resetOrbit } from "../../app/orbit.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { OrbitArea } from "../../ui/OrbitArea.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { SpikeStage } from "../../ui/SpikeStage.tsx";

const SIDES = [
  { side: "front", title: "front", about: "Look straight at the contacts: x to the right, depth upwards" },
  { side: "below", title: "from below", about: "Look up along the probe: x to the right, distance upwards" },
  { side: "right", title: "from the right", about: "Look across the probe: depth to the right, distance upwards" },
] as const;

function Spike3d() {
  return (
    <SpikeStage invitation="Click a spike on a raster: it stands here in space, and you can walk round it.">
      <div className="panel-toolbar">
        {SIDES.map(({ side, title, about }) => (
          <button
            key={side}
            type="button"
            className="quiet outlined"
            title={about}
            onClick={() => lookFrom(side)}
            data-testid={`orbit-${side}`}
          >
            {title}
          </button>
        ))}
        <button
          type="button"
          className="quiet outlined"
          title="As at the start (double click)"
          onClick={resetOrbit}
          data-testid="orbit-reset"
        >
          reset
        </button>
      </div>
      <OrbitArea label="Local frame of the selected spike. Drag or arrow keys turn it, wheel or + and − zoom, 0 resets.">
        <CanvasHost
          kind="spike-3d"
          label="The selected spike in space: contacts and waveforms in the plane of the probe, each localizer's place at its distance."
        />
      </OrbitArea>
    </SpikeStage>
  );
}

export const spike3d: PanelDef = {
  id: "spike-3d",
  title: "Local frame, 3-D",
  help: "The selected spike in space, from its anchor (the middle of its contacts): l_x across the probe, l_y up it, l_z away from it. Contacts and waveforms lie in the plane of the probe; each localizer's place stands above its foot, on a dashed line. The star of the network has the colour of log₁₀ α on the scale of all recordings; where it predicts none, α is that of the monopolar fit, as the scale says. Largest amplitude and centre of mass know no distance and lie in the plane. Drag or arrow keys turn it, the wheel zooms, a double click brings it back. A place below the plane, or far above where the others are, is one that the amplitudes do not tell.",
  place: { beside: "activity", where: "within" },
  component: Spike3d,
};

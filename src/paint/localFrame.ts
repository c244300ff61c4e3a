import { type AnchorResult, anchorPositions } from "../core/scoreboard/controls.ts";
import type { ProbeSites } from "../core/types.ts";
import type { ChosenPlaces, Missing } from "./chosenPlaces.ts";
import type { PaintData } from "./pictureData.ts";

/** Positions counted from the anchor of each spike. [N] µm, NaN where there is none. */
export interface LocalPlaces {
  localXUm: Float32Array;
  localYUm: Float32Array;
  localZUm: ArrayLike<number> | null;
}

const places = new WeakMap<Float64Array, { anchor: object; local: LocalPlaces }>();

/**
 * l_x = x − anchor x, l_y = depth − anchor depth, l_z = z of positions as recorded: a spike and its anchor move together, so a
 * correction would tear them apart.
 */
export function localPlaces(data: PaintData, { xUm, depthUm, zUm }: ChosenPlaces): LocalPlaces | Missing {
  const found = anchorsOf(data);
  if ("notPossible" in found) {
    const needed = "Positions within a spike's own frame need peak channels and the contacts of the probe";
    return { missing: `${needed}: open the recording, or spikes that say both.` };
  }
  const anchor = found.positions;
  const known = places.get(depthUm);
  if (known?.anchor === anchor) return known.local;
  const local: LocalPlaces = {
    localXUm: Float32Array.from(depthUm, (_, i) => xUm[i] - (anchor.xUm?.[i] ?? Number.NaN)),
    localYUm: Float32Array.from(depthUm, (y, i) => y - anchor.yUm[i]),
    localZUm: zUm,
  };
  places.set(depthUm, { anchor, local });
  return local;
}

const anchors = new WeakMap<Int32Array, { probe: ProbeSites; found: AnchorResult }>();

function anchorsOf({ ownPlaces, probe }: PaintData): AnchorResult {
  const channel = ownPlaces?.spikes.channel;
  if (!channel || !probe) return { notPossible: "" };
  const known = anchors.get(channel);
  if (known?.probe === probe) return known.found;
  const found = anchorPositions(channel, probe);
  anchors.set(channel, { probe, found });
  return found;
}

import { firstOrbit, type Orbit, turned, zoomed } from "../protocol/orbit.ts";
import { useView } from "./viewStore.ts";

/** From where the local frame is seen: part of the view, so that every picture of space turns together. */

function change(next: (orbit: Orbit) => Orbit): void {
  useView.setState(({ orbit }) => ({ orbit: next(orbit) }));
}

/** Turn it by so many degrees round, and towards being seen from above. */
export function turnOrbit(byAzimuthDeg: number, byElevationDeg: number): void {
  change((orbit) => turned(orbit, byAzimuthDeg, byElevationDeg));
}

export function zoomOrbit(factor: number): void {
  change((orbit) => zoomed(orbit, factor));
}

/** As at the start. */
export function resetOrbit(): void {
  change(() => firstOrbit);
}

/** Look straight at the contacts (x to the right, depth upwards), along the probe or across it; the zoom stays. */
export function lookFrom(side: "front" | "below" | "right"): void {
  const at = {
    front: { azimuthDeg: 0, elevationDeg: 90 },
    below: { azimuthDeg: 0, elevationDeg: 0 },
    right: { azimuthDeg: 90, elevationDeg: 0 },
  }[side];
  change(({ zoom }) => ({ ...at, zoom }));
}

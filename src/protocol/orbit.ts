/** From where a picture of space is seen. */
export interface Orbit {
  /** turn about the axis away from the probe, degrees: 0 looks up the probe, 90 across it from the right */
  azimuthDeg: number;
  /** 90 looks straight at the contacts, 0 along the probe's face, below 0 from behind it */
  elevationDeg: number;
  /** how many times larger than what shows everything */
  zoom: number;
}

/** A little from the right and from above: all three axes are seen. */
export const firstOrbit: Orbit = { azimuthDeg: 28, elevationDeg: 32, zoom: 1 };

const zoomRange = [0.5, 8] as const;

/** Turned by so many degrees: round as often as one likes, and up or down until it is seen from straight above or below. */
export function turned({ azimuthDeg, elevationDeg, zoom }: Orbit, byAzimuthDeg: number, byElevationDeg: number): Orbit {
  const round = azimuthDeg + byAzimuthDeg;
  return {
    azimuthDeg: round - 360 * Math.floor((round + 180) / 360),
    elevationDeg: Math.min(90, Math.max(-90, elevationDeg + byElevationDeg)),
    zoom,
  };
}

/** Zoomed by a factor, within half and eight times. */
export function zoomed(orbit: Orbit, factor: number): Orbit {
  return { ...orbit, zoom: Math.min(zoomRange[1], Math.max(zoomRange[0], orbit.zoom * factor)) };
}

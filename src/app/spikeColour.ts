import type { SpikeColour } from "../protocol/pictures.ts";
import { useView } from "./viewStore.ts";

/** The map that a colour starts with: distance from the probe in Viridis, as evarol/spikeLocalizationNetwork shows it. */
function usualMap(colour: SpikeColour): string {
  return colour === "z" ? "viridis" : "inferno";
}

/**
 * Spikes were opened: sorted ones are shown by unit, which is what a sorting is opened for, and others not, unless a person has
 * chosen something else than the colours that a page starts with.
 */
export function startSpikeColour(isSorted: boolean): void {
  const { rasterColour } = useView.getState();
  if (isSorted && rasterColour === "amplitude") chooseSpikeColour("unit");
  else if (!isSorted && rasterColour === "unit") chooseSpikeColour("amplitude");
}

/** Colour spikes by something else; a map that nobody has chosen changes with it. */
export function chooseSpikeColour(rasterColour: SpikeColour): void {
  useView.setState((state) => {
    const isUsual = state.colourMap === usualMap(state.rasterColour);
    return isUsual ? { rasterColour, colourMap: usualMap(rasterColour) } : { rasterColour };
  });
}

import type { SpikeColour } from "../protocol/pictures.ts";
import { useView } from "./viewStore.ts";

/** The map that a colour starts with: distance from the probe in Viridis, as evarol/spikeLocalizationNetwork shows it. */
function usualMap(colour: SpikeColour): string {
  return colour === "z" ? "viridis" : "inferno";
}

/** Colour spikes by something else; a map that nobody has chosen changes with it. */
export function chooseSpikeColour(rasterColour: SpikeColour): void {
  useView.setState((state) => {
    const isUsual = state.colourMap === usualMap(state.rasterColour);
    return isUsual ? { rasterColour, colourMap: usualMap(rasterColour) } : { rasterColour };
  });
}

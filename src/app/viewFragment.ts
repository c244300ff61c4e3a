import type { Range } from "../core/types.ts";
import type { LinkedQuantity } from "../protocol/pictures.ts";
import { isSpikeColour } from "../protocol/pictures.ts";
import { COLOUR_MAPS, type Ranges, type ViewState } from "./viewStore.ts";

/** The part of the view that a link carries: never data, only where to look and in which colours. */
export type LinkedView = Pick<ViewState, "rasterColour" | "colourMap" | "theme" | "showMotion"> & { ranges: Ranges };

const KEYS: Record<LinkedQuantity, string> = { time: "t", depth: "d", amp: "a" };
const QUANTITIES: readonly LinkedQuantity[] = ["time", "depth", "amp"];

function short(value: number): string {
  return String(Number(value.toFixed(4)));
}

/** View → URL fragment without its "#", e.g. "t=0..1800&d=0..3840&a=-200..0&by=amplitude&map=inferno&theme=dark&motion=1". */
export function toFragment(view: LinkedView): string {
  const parts = QUANTITIES.map((q) => `${KEYS[q]}=${short(view.ranges[q][0])}..${short(view.ranges[q][1])}`);
  parts.push(`by=${view.rasterColour}`, `map=${encodeURIComponent(view.colourMap)}`);
  parts.push(`theme=${view.theme}`, `motion=${view.showMotion ? 1 : 0}`);
  return parts.join("&");
}

function parseRange(text: string | null): Range | null {
  const found = text?.match(/^(-?[\d.]+(?:e[+-]?\d+)?)\.\.(-?[\d.]+(?:e[+-]?\d+)?)$/);
  if (!found) return null;
  const low = Number(found[1]);
  const high = Number(found[2]);
  return Number.isFinite(low) && Number.isFinite(high) && high > low ? [low, high] : null;
}

/**
 * URL fragment → the fields it holds. Unknown keys and values that do not parse are left out, so that a link from
 * another version still opens: what it does not say stays as it is.
 */
export function fromFragment(fragment: string): Partial<Omit<LinkedView, "ranges">> & { ranges: Partial<Ranges> } {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const view: ReturnType<typeof fromFragment> = { ranges: {} };
  for (const q of QUANTITIES) {
    const range = parseRange(given.get(KEYS[q]));
    if (range) view.ranges[q] = range;
  }
  const by = given.get("by");
  if (isSpikeColour(by)) view.rasterColour = by;
  const map = COLOUR_MAPS.find((name) => name === given.get("map"));
  if (map) view.colourMap = map;
  const theme = given.get("theme");
  if (theme === "dark" || theme === "light") view.theme = theme;
  const motion = given.get("motion");
  if (motion === "0" || motion === "1") view.showMotion = motion === "1";
  return view;
}

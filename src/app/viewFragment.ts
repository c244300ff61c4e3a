import type { Range } from "../core/types.ts";
import { firstOrbit, type Orbit, turned, zoomed } from "../protocol/orbit.ts";
import { isSpikeColour, type Quantity } from "../protocol/pictures.ts";
import { COLOUR_MAPS, type SomeRanges, type ViewState } from "./viewStore.ts";

/** The part of the page that a link carries: never data, only where to look, at what, and in which colours. */
export interface LinkedView
  extends Pick<
    ViewState,
    | "rasterColour"
    | "alphaScale"
    | "strongestOnTop"
    | "colourMap"
    | "theme"
    | "showMotion"
    | "projectCorrected"
    | "traceStyle"
    | "waveformLayout"
    | "orbit"
  > {
  /** of linked quantities and of others that were zoomed */
  ranges: SomeRanges;
  /** localizer whose positions are shown; null for the newest */
  positions: string | null;
  /** row of the selected spike */
  spike: number | null;
  channel: number | null;
  /** number of the unit that is followed */
  unit: number | null;
  /** arrangement of the panels, where it is one that every visitor has */
  layout: string | null;
}

const KEYS: Record<Quantity, string> = {
  time: "t",
  depth: "d",
  amp: "a",
  x: "x",
  z: "z",
  localX: "lx",
  localY: "ly",
  localZ: "lz",
  logAlpha: "la",
  unitDepth: "ud",
};
const QUANTITIES = Object.keys(KEYS) as Quantity[];
const ORBIT = ["azimuthDeg", "elevationDeg", "zoom"] as const;

function short(value: number): string {
  return String(Number(value.toFixed(4)));
}

/** View → URL fragment without its "#", e.g. "t=0..1800&d=0..3840&a=-200..0&by=amplitude&map=inferno&theme=dark&motion=1". */
export function toFragment(view: LinkedView): string {
  const parts = QUANTITIES.flatMap((q) => {
    const range = view.ranges[q];
    return range ? `${KEYS[q]}=${short(range[0])}..${short(range[1])}` : [];
  });
  parts.push(`by=${view.rasterColour}`, `map=${encodeURIComponent(view.colourMap)}`);
  parts.push(`theme=${view.theme}`, `motion=${view.showMotion ? 1 : 0}`, `corrected=${view.projectCorrected ? 1 : 0}`);
  parts.push(`alpha=${view.alphaScale}`, `strongest=${view.strongestOnTop ? 1 : 0}`, `traces=${view.traceStyle}`);
  // what is seldom changed makes no link longer
  if (view.waveformLayout !== "auto") parts.push(`waves=${view.waveformLayout}`);
  if (view.orbit !== firstOrbit) parts.push(`orbit=${ORBIT.map((name) => short(view.orbit[name])).join(",")}`);
  const { positions, spike, channel, unit, layout } = view;
  for (const [name, value] of Object.entries({ positions, spike, channel, unit, layout })) {
    if (value !== null) parts.push(`${name}=${encodeURIComponent(value)}`);
  }
  return parts.join("&");
}

function parseRange(text: string | null): Range | null {
  const found = text?.match(/^(-?[\d.]+(?:e[+-]?\d+)?)\.\.(-?[\d.]+(?:e[+-]?\d+)?)$/);
  if (!found) return null;
  const low = Number(found[1]);
  const high = Number(found[2]);
  return Number.isFinite(low) && Number.isFinite(high) && high > low ? [low, high] : null;
}

/** One of the given values; undefined for anything else. */
function oneOf<T extends string>(text: string | null, values: readonly T[]): T | undefined {
  return values.find((value) => value === text);
}

function parseFlag(text: string | null): boolean | undefined {
  return text === "0" || text === "1" ? text === "1" : undefined;
}

function parseRow(text: string | null): number | undefined {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** A name as ids are written; anything else is not one. */
function parseName(text: string | null): string | undefined {
  return text !== null && /^[\w -]{1,60}$/.test(text) ? text : undefined;
}

/** From where the local frame is seen, within what can be reached by hand; undefined for anything else. */
function parseOrbit(text: string | null): Orbit | undefined {
  const values = (text ?? "").split(",").map((part) => (part === "" ? Number.NaN : Number(part)));
  if (values.length !== ORBIT.length || !values.every(Number.isFinite)) return undefined;
  const [azimuthDeg, elevationDeg, zoom] = values;
  return zoomed(turned({ azimuthDeg, elevationDeg, zoom }, 0, 0), 1);
}

export type GivenView = Partial<Omit<LinkedView, "ranges">> & { ranges: SomeRanges };

/**
 * URL fragment → the fields it holds. Unknown keys and values that do not parse are left out, so that a link from
 * another version still opens: what it does not say stays as it is.
 */
export function fromFragment(fragment: string): GivenView {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const view: GivenView = { ranges: {} };
  for (const q of QUANTITIES) {
    const range = parseRange(given.get(KEYS[q]));
    if (range) view.ranges[q] = range;
  }
  const by = given.get("by");
  const found: Partial<Omit<LinkedView, "ranges">> = {
    rasterColour: isSpikeColour(by) ? by : undefined,
    alphaScale: oneOf(given.get("alpha"), ["fixed", "percentiles"]),
    strongestOnTop: parseFlag(given.get("strongest")),
    colourMap: oneOf(given.get("map"), COLOUR_MAPS),
    theme: oneOf(given.get("theme"), ["dark", "light"]),
    showMotion: parseFlag(given.get("motion")),
    projectCorrected: parseFlag(given.get("corrected")),
    traceStyle: oneOf(given.get("traces"), ["lines", "heat"]),
    waveformLayout: oneOf(given.get("waves"), ["to-scale", "roomy"]),
    orbit: parseOrbit(given.get("orbit")),
    positions: parseName(given.get("positions")),
    spike: parseRow(given.get("spike")),
    channel: parseRow(given.get("channel")),
    unit: parseRow(given.get("unit")),
    layout: parseName(given.get("layout")),
  };
  return Object.assign(view, Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)));
}

import type { Range } from "../core/types.ts";
import { amplitudeInWords } from "../protocol/datasets.ts";
import { formatCount, formatNumber } from "./format.ts";
import { getResults } from "./results.ts";
import { selectChannel, selectSpike } from "./selection.ts";
import { notify, useSession } from "./sessionStore.ts";
import { amplitudeUnitNow } from "./units.ts";
import { span } from "./viewMath.ts";
import { setRanges, useView } from "./viewStore.ts";

/** Going to a place that is typed: "spike 1234", "time 12.5", "depth 400 to 900", "channel 37". */

/** A place in words, as it was typed. */
export type Place =
  | { kind: "spike" | "channel"; index: number }
  | { kind: "time" | "depth" | "amp"; at: number; to: number | null };

const NAMES: Readonly<Record<string, Place["kind"]>> = {
  spike: "spike",
  channel: "channel",
  ch: "channel",
  time: "time",
  t: "time",
  depth: "depth",
  d: "depth",
  y: "depth",
  amplitude: "amp",
  amp: "amp",
};

const UNITS = { time: "s", depth: "µm" } as const;

/** Width of what is shown around a place when everything is on screen, s, µm and µV. */
const AROUND = { time: 10, depth: 240, amp: 100 } as const;

const NUMBER = "[-−]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)";
const TYPED = new RegExp(`^([a-z]+)?\\s*(${NUMBER})(?:\\s*(?:to|\\.\\.|–)\\s*(${NUMBER}))?\\s*(s|sec|µm|um|µv|uv)?$`);

function placesOf(kind: Place["kind"], first: number, second: number | null): Place[] {
  if (kind === "time" || kind === "depth" || kind === "amp") return [{ kind, at: first, to: second }];
  return Number.isInteger(first) && first >= 0 && second === null ? [{ kind, index: first }] : [];
}

/** What a text may mean: one place where it names its kind or unit, several for a bare number, none for other words. */
export function placesIn(text: string): Place[] {
  // thousands may be grouped by commas, as the page writes them
  const found = text
    .trim()
    .toLowerCase()
    .replace(/(?<=\d),(?=\d{3}\b)/g, "")
    .match(TYPED);
  if (!found) return [];
  const [, name, a, b, unit] = found;
  const toNumber = (digits: string) => Number(digits.replace("−", "-"));
  const first = toNumber(a);
  const second = b === undefined ? null : toNumber(b);
  if (name !== undefined) return name in NAMES ? placesOf(NAMES[name], first, second) : [];
  if (unit === "s" || unit === "sec") return placesOf("time", first, second);
  if (unit === "µm" || unit === "um") return placesOf("depth", first, second);
  if (unit !== undefined) return placesOf("amp", first, second);
  return (["spike", "time", "depth", "channel"] as const).flatMap((kind) => placesOf(kind, first, second));
}

/** "Go to time 12.5 s". */
export function placeInWords(place: Place): string {
  if ("index" in place) return `Go to ${place.kind} ${formatCount(place.index)}`;
  const { kind, at, to } = place;
  const name = kind === "amp" ? "amplitude" : kind;
  const range = to === null ? formatNumber(at, 6) : `${formatNumber(at, 6)} to ${formatNumber(to, 6)}`;
  const words = kind === "amp" ? amplitudeInWords(range, amplitudeUnitNow()) : `${range} ${UNITS[kind]}`;
  return to === null ? `Go to ${name} ${words}` : `Show ${name} ${words}`;
}

/** Why a place cannot be gone to, one sentence; null when it can. */
export function whyNotGo(place: Place): string | null {
  const { spikes, recording } = useSession.getState();
  if (place.kind === "spike") {
    const n = getResults().spikes?.nSpikes ?? 0;
    if (n === 0) return "There are no spikes yet.";
    return place.index < n ? null : `The last of the ${formatCount(n)} spikes is ${formatCount(n - 1)}.`;
  }
  if (place.kind === "channel") {
    if (!recording) return "Channels are those of a recording, and none is open.";
    const n = recording.recording.nChannels;
    return place.index < n ? null : `The last of the ${n} channels is ${n - 1}.`;
  }
  return spikes || recording ? null : "Nothing is open yet.";
}

/** The range to show for a place: that which was typed, or as wide a one around it as now, unless nearly all is shown. */
export function rangeAround(at: number, to: number | null, now: Range, bounds: Range, around: number): Range {
  if (to !== null) return at < to ? [at, to] : [to, at];
  const width = span(now) > span(bounds) / 2 ? Math.min(span(now), around) : span(now);
  return [at - width / 2, at + width / 2];
}

/** Show a place. One that cannot be gone to is told. */
export function goTo(place: Place): void {
  const reason = whyNotGo(place);
  if (reason !== null) {
    notify("info", reason);
    return;
  }
  if ("index" in place) {
    if (place.kind === "spike") void selectSpike(place.index);
    else selectChannel(place.index);
    return;
  }
  const { ranges, bounds } = useView.getState();
  const { kind, at, to } = place;
  setRanges({ [kind]: rangeAround(at, to, ranges[kind], bounds[kind], AROUND[kind]) });
}

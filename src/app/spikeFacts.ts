import type { SpikeTable } from "../core/types.ts";
import { amplitudeInWords, amplitudeUnitOf, type Sorting } from "../protocol/datasets.ts";
import type { PickedSpike } from "../protocol/pictures.ts";
import type { SpikeWaveform } from "../protocol/recordings.ts";
import { spikeAnchor, spikeLogAlpha, spikePlaces } from "../protocol/spikePlaces.ts";
import { nameOfLocalizer } from "./localizerNames.ts";

/** Everything that can be said of one spike in numbers: the line above its waveform, and what is copied. */

export interface SpikeFact {
  name: string;
  /** with its unit */
  text: string;
  /** as it is copied, without a unit */
  value: number | string;
  unit: string;
}

/** What one localizer says, µm; NaN for what it does not say. */
export interface PlaceRow {
  id: string;
  name: string;
  xUm: number;
  yUm: number;
  zUm: number;
  /** from the anchor */
  localXUm: number;
  localYUm: number;
  logAlpha: number;
}

export interface SpikeFacts {
  line: SpikeFact[];
  /** what is copied besides */
  more: SpikeFact[];
  places: PlaceRow[];
}

/** A number with a real minus sign; "–" for none. */
export function decimals(value: number, digits: number): string {
  if (!Number.isFinite(value)) return "–";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

function fact(name: string, value: number, digits: number, unit: string): SpikeFact {
  return { name, text: `${decimals(value, digits)}${unit ? ` ${unit}` : ""}`, value, unit };
}

function amplitudeFact(amplitude: number, unit: string): SpikeFact {
  const text = decimals(amplitude, unit === "µV" ? 1 : 3);
  return { name: "amplitude", text: amplitudeInWords(text, unit), value: amplitude, unit };
}

/** Number of a spike's unit, what was said of it and how many spikes it has; "none" for a spike of no unit. */
function unitFacts(unit: number | undefined, sorting: Sorting | null): SpikeFact[] {
  if (unit === undefined) return [];
  if (unit < 0) return [{ name: "unit", text: "none", value: "none", unit: "" }];
  const known = sorting?.units?.find(({ id }) => id === unit);
  const size = known ? `, ${known.nSpikes.toLocaleString("en-US")} spikes` : "";
  const label = known?.label;
  const said = label ? [{ name: "label", text: label, value: label, unit: "" }] : [];
  return [{ name: "unit", text: `${unit}${size}`, value: unit, unit: "" }, ...said];
}

/** `waveform` null: what is known without it. Local coordinates are those of the first localizer that knows a distance. */
export function spikeFacts(
  picked: PickedSpike,
  spikes: SpikeTable | null,
  waveform: SpikeWaveform | null,
  sorting: Sorting | null = null,
): SpikeFacts {
  const { index } = picked;
  const channel = waveform?.channels[0] ?? spikes?.channel?.[index];
  const sample = spikes?.sampleIndex?.[index];
  const shank = spikes?.shank?.[index];
  const whole = (name: string, value: number | undefined): SpikeFact[] =>
    value === undefined ? [] : [{ name, text: value.toLocaleString("en-US"), value, unit: "" }];
  const corrected = picked.correctedDepthUm;
  const line = [
    ...whole("spike", index),
    fact("time", picked.timeSec, 4, "s"),
    ...(channel === undefined ? [] : [{ name: "peak channel", text: String(channel), value: channel, unit: "" }]),
    ...whole("shank", shank),
    ...unitFacts(spikes?.unit?.[index], sorting),
    amplitudeFact(picked.ampUv, amplitudeUnitOf(sorting)),
    fact("depth", picked.depthUm, 1, "µm"),
    ...(corrected === null ? [] : [fact("corrected depth", corrected, 1, "µm")]),
  ];
  const more = whole("sample", sample);
  if (!waveform || waveform.channels.length === 0) return { line, more, places: [] };
  const found = spikePlaces(waveform);
  const [anchorX, anchorY] = spikeAnchor(waveform);
  const places = found.map(([id, [xUm, yUm, zUm, alpha]]): PlaceRow => {
    const local = { localXUm: xUm - anchorX, localYUm: yUm - anchorY };
    const logAlpha = alpha > 0 ? Math.log10(Math.max(1, alpha)) : Number.NaN;
    return { id, name: nameOfLocalizer(id), xUm, yUm, zUm, ...local, logAlpha };
  });
  const anchor = `${decimals(anchorX, 1)}, ${decimals(anchorY, 1)}`;
  line.push({ name: "anchor x, y", text: `${anchor} µm`, value: anchor.replaceAll("−", "-"), unit: "µm" });
  const first = places.find(({ zUm }) => Number.isFinite(zUm)) ?? places[0];
  if (first) {
    line.push(
      fact(`${first.name} l_x`, first.localXUm, 1, "µm"),
      fact("l_y", first.localYUm, 1, "µm"),
      fact("l_z", first.zUm, 1, "µm"),
    );
  }
  const alpha = spikeLogAlpha(found);
  if (alpha) line.push(fact(`log₁₀ α (${nameOfLocalizer(alpha.id)})`, alpha.logAlpha, 3, ""));
  return { line, more, places };
}

/** As rows of a table: name, value and unit of every fact, then one row per localizer. */
export function factsAsTsv({ line, more, places }: SpikeFacts): string {
  const number = (value: number) => (Number.isFinite(value) ? String(Number(value.toFixed(4))) : "");
  const facts = [...line, ...more].map(({ name, value, unit }) => [
    name,
    typeof value === "number" ? number(value) : value,
    unit,
  ]);
  const rows = places.map((row) => [
    row.name,
    ...[row.xUm, row.yUm, row.zUm, row.localXUm, row.localYUm, row.logAlpha].map(number),
  ]);
  const head = ["localizer", "x (µm)", "y (µm)", "z (µm)", "l_x (µm)", "l_y (µm)", "log10 alpha (µV·µm)"];
  const table = rows.length > 0 ? [[], head, ...rows] : [];
  return [["fact", "value", "unit"], ...facts, ...table].map((row) => row.join("\t")).join("\n");
}

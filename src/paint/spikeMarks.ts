import type { SpikeWaveform } from "../protocol/recordings.ts";
import { spikeAnchor, spikePlaces } from "../protocol/spikePlaces.ts";
import type { MarkShape } from "./marks.ts";
import type { Theme } from "./theme.ts";

/** Where one spike is, by everything that says so: the marks of the waveform and of the local frame. */

interface LocalizerMark {
  name: string;
  shape: MarkShape;
  colour: keyof Theme["localizers"];
}

/** One place of a spike with its look. */
export interface SpikeMark {
  /** the localizer's */
  id: string;
  name: string;
  shape: MarkShape;
  colour: string;
  xUm: number;
  yUm: number;
  /** null for what knows no distance from the probe */
  zUm: number | null;
}

/** What each localizer looks like, by its id: shape and colour, so that one of them is enough. */
const localizers: Record<string, LocalizerMark> = {
  "sln-cnn": { name: "SLN", shape: "star", colour: "pink" },
  "sln-transformer": { name: "SLN", shape: "star", colour: "pink" },
  "sln-cnn-pretrained": { name: "SLN, pretrained", shape: "star", colour: "yellow" },
  "sln-transformer-pretrained": { name: "SLN, pretrained", shape: "star", colour: "yellow" },
  monopolar: { name: "monopolar", shape: "plus", colour: "cyan" },
  "peak-channel": { name: "max amplitude", shape: "square", colour: "green" },
  com: { name: "centre of mass", shape: "cross", colour: "orange" },
  grid: { name: "grid", shape: "diamond", colour: "yellow" },
  imported: { name: "as imported", shape: "circle", colour: "plain" },
};
const anchorMark: LocalizerMark = { name: "anchor", shape: "circle", colour: "yellow" };
/** Marks of localizers that have no shape of their own here. */
const otherMark = (id: string): LocalizerMark => ({ name: id, shape: "circle", colour: "plain" });

export function nameOfMark(id: string): string {
  return (localizers[id] ?? otherMark(id)).name;
}

/** All places of a spike in a fixed order, the anchor last. */
export function spikeMarks(waveform: SpikeWaveform, theme: Theme): SpikeMark[] {
  const found = spikePlaces(waveform).map(([id, [xUm, yUm, z]]) => {
    const { name, shape, colour } = localizers[id] ?? otherMark(id);
    return { id, name, shape, colour: theme.localizers[colour], xUm, yUm, zUm: Number.isFinite(z) ? z : null };
  });
  const [xUm, yUm] = spikeAnchor(waveform);
  const { name, shape, colour } = anchorMark;
  return [...found, { id: "anchor", name, shape, colour: theme.localizers[colour], xUm, yUm, zUm: null }];
}

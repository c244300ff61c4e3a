import { amplitudeCentre, anchorOf, largestSlot, peakToPeak } from "../core/contactPlaces.ts";
import type { SpikeWaveform } from "./recordings.ts";

/** Where one spike is by everything that says so, for pictures and for the numbers beside them. */

type Places = SpikeWaveform["locations"];

/** Localizers that see the plane of the contacts alone: what they say of z and α is nothing. */
const isFlat = (id: string) => id === "com" || id === "peak-channel";
/** Positions on the way from one network to another would only cover those of the others. */
const isOnTheWay = (id: string) => /-iter\d+$/.test(id);
/** Networks and what triangulates first, then what sees the plane alone; others follow. */
const order = [
  "sln-cnn",
  "sln-transformer",
  "sln-cnn-pretrained",
  "sln-transformer-pretrained",
  "monopolar",
  "imported",
  "peak-channel",
  "com",
  "grid",
];

/** Where local coordinates count from, µm. */
export function spikeAnchor({ anchorUm, positionsUm }: SpikeWaveform): readonly [xUm: number, yUm: number] {
  return anchorUm ?? anchorOf(positionsUm);
}

/**
 * By localizer, in a fixed order: x, y, z in µm and α, NaN for what it does not say. Largest amplitude and centre of mass are
 * there for every spike: where no such localizer was run, they are those of the waveform as read.
 */
export function spikePlaces(waveform: SpikeWaveform): [id: string, place: Places[string]][] {
  const all = { ...ownPlaces(waveform), ...waveform.locations };
  const rank = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return Object.keys(all)
    .filter((id) => id !== "anchor" && !isOnTheWay(id) && Number.isFinite(all[id][0] + all[id][1]))
    .sort((a, b) => rank(a) - rank(b))
    .map((id) => {
      const [x, y, z, alpha] = all[id];
      return [id, isFlat(id) ? [x, y, Number.NaN, Number.NaN] : [x, y, z, alpha]];
    });
}

/** Whose α is that of a point source. */
const saysAlpha = (id: string) => id.startsWith("sln-") || id === "monopolar" || id === "imported";

/**
 * log₁₀ α (at least 0) and who says it: the network where it has four outputs, else the monopolar fit, else the file that the
 * spikes came from. null where nobody does.
 */
export function spikeLogAlpha(places: readonly (readonly [id: string, place: Places[string]])[]) {
  const source = places.find(([id, place]) => saysAlpha(id) && Number.isFinite(place[3]));
  return source ? { id: source[0], logAlpha: Math.log10(Math.max(1, source[1][3])) } : null;
}

/** Largest amplitude and centre of mass of the waveform as read; none where it holds nothing. */
function ownPlaces({ raw, nSamples, positionsUm }: SpikeWaveform): Places {
  const amplitude = peakToPeak(raw, nSamples);
  const centre = amplitudeCentre(amplitude, positionsUm);
  if (!centre) return {};
  const at = ([x, y]: readonly number[]): Places[string] => [x, y, Number.NaN, Number.NaN];
  return { "peak-channel": at(positionsUm[largestSlot(amplitude)]), com: at(centre) };
}

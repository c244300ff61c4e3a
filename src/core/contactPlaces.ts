import { assert } from "./errors.ts";

/**
 * What one waveform says of its place by itself, without a localizer: A_k = largest − smallest value of contact k,
 * maximum amplitude = the contact of the largest A_k, centre of mass = Σ A_k p_k / Σ A_k; and the anchor, the mean of the
 * contacts, from which networks count their offsets. Source: the figures of evarol/spikeLocalizationNetwork, which show
 * these places for every spike.
 */

export type PlaceUm = [xUm: number, yUm: number];

/** The mean of the contacts of a waveform, µm. positionsUm: [K], at least one. */
export function anchorOf(positionsUm: readonly PlaceUm[]): PlaceUm {
  assert(positionsUm.length > 0, "a waveform has contacts");
  const mean = (axis: 0 | 1) => positionsUm.reduce((sum, place) => sum + place[axis], 0) / positionsUm.length;
  return [mean(0), mean(1)];
}

/**
 * Largest − smallest value of each contact, in the unit of the values; NaN for a contact whose samples are not all numbers (one
 * that preprocessing left out). values: [K, nSamples].
 */
export function peakToPeak(values: ArrayLike<number>, nSamples: number): Float64Array {
  const amplitude = new Float64Array(values.length / nSamples);
  for (let k = 0; k < amplitude.length; k++) {
    let low = Infinity;
    let high = -Infinity;
    let isWhole = true;
    for (let i = k * nSamples; i < (k + 1) * nSamples; i++) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
      if (!Number.isFinite(values[i])) isWhole = false;
    }
    amplitude[k] = isWhole ? high - low : Number.NaN;
  }
  return amplitude;
}

/** Slot of the largest amplitude, the first among equals; −1 where no contact has one above 0. */
export function largestSlot(amplitude: ArrayLike<number>): number {
  let best = -1;
  for (let k = 0; k < amplitude.length; k++) {
    if (amplitude[k] > (best < 0 ? 0 : amplitude[best])) best = k;
  }
  return best;
}

/** Σ A_k p_k / Σ A_k over the contacts that have an amplitude; null where none has. */
export function amplitudeCentre(amplitude: ArrayLike<number>, positionsUm: readonly PlaceUm[]): PlaceUm | null {
  assert(amplitude.length === positionsUm.length, "one amplitude per contact");
  let [sum, x, y] = [0, 0, 0];
  for (let k = 0; k < amplitude.length; k++) {
    if (!(amplitude[k] > 0)) continue;
    sum += amplitude[k];
    x += amplitude[k] * positionsUm[k][0];
    y += amplitude[k] * positionsUm[k][1];
  }
  return sum > 0 ? [x / sum, y / sum] : null;
}

/** Smallest distances between contacts, µm: across within a row, and up between rows. Infinity where there is one alone. */
export function contactSpacing(positionsUm: readonly PlaceUm[]): PlaceUm {
  const smallest: PlaceUm = [Infinity, Infinity];
  for (let a = 0; a < positionsUm.length; a++) {
    for (let b = 0; b < a; b++) {
      const dx = Math.abs(positionsUm[a][0] - positionsUm[b][0]);
      const dy = Math.abs(positionsUm[a][1] - positionsUm[b][1]);
      if (dy < 0.5 && dx > 1) smallest[0] = Math.min(smallest[0], dx);
      if (dy > 1) smallest[1] = Math.min(smallest[1], dy);
    }
  }
  return smallest;
}

/**
 * Whether waveforms can be told apart when each is drawn in a box around its contact, at the true distances of the contacts:
 * no two boxes share more than two fifths of their height.
 */
export function areApart(positionsUm: readonly PlaceUm[], widthUm: number, heightUm: number): boolean {
  for (let a = 0; a < positionsUm.length; a++) {
    for (let b = 0; b < a; b++) {
      const dx = Math.abs(positionsUm[a][0] - positionsUm[b][0]);
      const dy = Math.abs(positionsUm[a][1] - positionsUm[b][1]);
      if (dx < widthUm && dy < 0.6 * heightUm) return false;
    }
  }
  return true;
}

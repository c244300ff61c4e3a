import type { PlacedSpikes } from "../protocol/pictures.ts";
import { extentsOf, type SpikeData, summarised } from "./spikeData.ts";

/**
 * The same spikes at other places. Rows keep their meaning: where the places are of some spikes only, the others have none
 * (NaN) and are not drawn. null when the places are not of this table.
 */
export function placedSpikes(data: SpikeData, { name, rows, xyza }: PlacedSpikes): SpikeData | null {
  const { spikes, absAmpUv, counts } = data;
  const n = xyza.length / 4;
  if (rows ? rows.length !== n || rows.some((row) => row < 0 || row >= spikes.nSpikes) : n !== spikes.nSpikes)
    return null;
  const column = (k: number) => {
    const values = new Float64Array(spikes.nSpikes);
    if (rows) values.fill(Number.NaN);
    for (let i = 0; i < n; i++) values[rows ? rows[i] : i] = xyza[4 * i + k];
    return values;
  };
  const alpha = column(3);
  const placed = { ...spikes, xUm: column(0), depthUm: column(1), zUm: column(2) };
  // positions without α leave the spikes the one they have
  const table = alpha.some(Number.isFinite) ? { ...placed, alpha } : placed;
  return { ...summarised(table, absAmpUv, counts, extentsOf(table)), placedBy: name };
}

import type { WaveformFeed } from "../sln/feed.ts";
import type { BlockAmplitudes } from "./loss.ts";

/** Peak to peak of the denoised waveforms and where it was measured; null where the contacts are not known. */
export async function amplitudesOf(feed: WaveformFeed, rows: Int32Array): Promise<BlockAmplitudes | null> {
  const { channelsOf, positionsUm, anchorsUm } = feed;
  if (!channelsOf || !positionsUm) return null;
  const amplitude = await feed.ptp(rows);
  const nSlots = amplitude.length / Math.max(1, rows.length);
  const contactUm = new Float32Array(2 * amplitude.length);
  rows.forEach((row, i) => {
    const channels = channelsOf(row);
    for (let k = 0; k < nSlots; k++) {
      const at = i * nSlots + k;
      if (channels[k] < 0) {
        amplitude[at] = -1;
        continue;
      }
      contactUm[2 * at] = positionsUm[2 * channels[k]] - anchorsUm[2 * row];
      contactUm[2 * at + 1] = positionsUm[2 * channels[k] + 1] - anchorsUm[2 * row + 1];
    }
  });
  return { amplitude, contactUm, nSlots };
}

import { AppError } from "../../core/errors.ts";
import type { WaveformSet, WaveformSource } from "../../protocol/waveforms.ts";

/** Imported waveforms of which everything is known that placing them takes. */
export interface KnownWaveforms {
  source: WaveformSource;
  rateHz: number;
  nChannels: number;
  /** [C, 2] µm */
  positionsUm: Float32Array;
  /** [N] peak channel */
  channel: Int32Array;
}

/** Throws AppError for what the data set does not say, one sentence each. */
export function knownWaveforms({ waveforms, rateHz, positionsUm, channel }: WaveformSet): KnownWaveforms {
  if (!channel)
    throw new AppError(
      "bad-data",
      "Expected the peak channel of each spike in spike_channels.npy, found none; without it nobody can tell on which channels the waveforms were recorded.",
    );
  if (positionsUm.length === 0)
    throw new AppError(
      "bad-data",
      "Expected where the channels lie in channel_locations.npy beside the waveforms, found none; drop it together with the data set.",
    );
  if (rateHz === null)
    throw new AppError("bad-data", "Expected the sampling rate of the waveforms in fs.npy, found none.");
  return {
    source: waveforms,
    rateHz,
    nChannels: positionsUm.length,
    positionsUm: Float32Array.from(positionsUm.flat()),
    channel,
  };
}

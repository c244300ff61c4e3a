import { AppError } from "../../core/errors.ts";
import type { MethodInputs } from "../defineMethod.ts";
import type { SlotOrderChoice } from "../localizeWaveforms/slots.ts";
import { importedFeed } from "./importedFeed.ts";
import { storedFeed } from "./storedFeed.ts";

/**
 * The waveforms of a table of spikes as the networks read them, by rows in whatever order, whether they were imported or are kept
 * as principal components by a detection. Row i is spike i of the table.
 */
export interface WaveformFeed {
  nSpikes: number;
  /** what waveforms are divided by, in their own unit */
  scale: number;
  /** [N, 2] x, y: the middle of each spike's channels, from which a network counts its offsets */
  anchorsUm: Float32Array;
  /** the 10 channels of a spike by slot, by depth and then across; −1 for none; null when nothing tells which they are */
  channelsOf: ((row: number) => Int32Array) | null;
  /** contacts, [C, 2] µm; null as above */
  positionsUm: Float32Array | null;
  /** neighbouring rows that should be read together; 1 where every row is as near as the next */
  runLength: number;
  /** [n, 10, 90] divided by `scale`, slots by depth and then across, the peak at sample 30 */
  read(rows: ArrayLike<number>): Promise<Float32Array>;
  /** [n, 10] peak to peak of the denoised waveforms on the same slots, in their own unit; 0 on a slot without a channel */
  ptp(rows: ArrayLike<number>): Promise<Float32Array>;
  /** what a person should know before it is used, one sentence each */
  warnings: { code: string; message: string }[];
}

export interface FeedSettings {
  /** of imported waveforms, see localizeWaveforms */
  slotOrder: SlotOrderChoice;
  /** what waveforms are divided by; 0: what the data set says, else the standard deviation of a sample */
  scale: number;
}

/**
 * The waveforms that a method was given: imported ones, else those that a detection kept. Throws AppError when there are
 * none, when they are not 10 channels × 90 samples, and for what the data set does not say.
 */
export async function openFeed(inputs: MethodInputs, settings: FeedSettings, seed: number): Promise<WaveformFeed> {
  if (inputs.waveforms) return importedFeed(inputs, inputs.waveforms, settings, seed);
  if (inputs.stored) return storedFeed(inputs, inputs.stored, settings, seed);
  throw new AppError(
    "bad-data",
    "Expected the waveforms of the spikes, found none: drop the recording and detect its spikes, or drop a data set with waveforms_all.npy.",
  );
}

/**
 * Waveforms of a table of spikes, read by range and never whole: 2.5 million spikes take 8.9 GB. Row i is spike i of the
 * table. Which channel a slot is, and in what order slots stand, the file does not say.
 */
export interface WaveformSource {
  nSpikes: number;
  /** channels of each waveform */
  nSlots: number;
  /** samples of each channel */
  nSamples: number;
  /** Spikes [from, to): [to − from, nSlots, nSamples], in the unit of the file. Rejects with AppError. */
  readRange(from: number, to: number): Promise<Float32Array>;
  /** The spikes listed, in that order and as often: [rows.length, nSlots, nSamples]. Rejects with AppError. */
  readRows(rows: ArrayLike<number>): Promise<Float32Array>;
}

/** What a data set says about its waveforms, spike by spike in the order of its table. What it does not say is null. */
export interface WaveformSet {
  waveforms: WaveformSource;
  /** Hz */
  rateHz: number | null;
  /** [C] x and y of each channel, µm; empty when not told */
  positionsUm: [xUm: number, yUm: number][];
  /** [N] peak channel */
  channel: Int32Array | null;
  /** [N, 3] middle of the channels of each waveform, µm */
  anchorsUm: Float32Array | null;
  /** [N, 3] where another localizer put each spike, µm, uncorrected: what networks were trained on */
  targetsUm: Float32Array | null;
  /** [N] 0 to train on, 1 to choose by, 2 to test with */
  split: Int32Array | null;
  /** what the waveforms are to be divided by before a network sees them */
  waveformScale: number | null;
}

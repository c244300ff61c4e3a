/**
 * The nouns that travel between readers, methods, panels and writers.
 *
 * Conventions (held everywhere): time in seconds from the first sample of the recording; depth in µm upwards from the
 * tip as the file states it; amplitudes in µV as stored, signed; arrays row-major with time first.
 */

/** Detected spikes, one row each, sorted by time. Columns a file does not have are absent. */
export interface SpikeTable {
  nSpikes: number;
  /** [N] s, ascending */
  timeSec: Float64Array;
  /** [N] µm, uncorrected. float64: float32 would move spikes across 1 µm bins */
  depthUm: Float64Array;
  /** [N] µV, signed; where the file has another unit, its description says so */
  ampUv: Float32Array;
  /** [N] µm lateral, uncorrected */
  xUm?: Float64Array;
  /** [N] µm distance from the probe plane */
  zUm?: Float64Array;
  /** [N] source amplitude · µm */
  alpha?: Float64Array;
  /** [N] peak channel */
  channel?: Int32Array;
  /** [N] sample index from the first sample of its segment; float64 holds integers exactly to 2^53 */
  sampleIndex?: Float64Array;
  /** [N] segment of the recording; absent when there is one */
  segment?: Int32Array;
  /** [N] shank of the peak channel; absent when there is one */
  shank?: Int32Array;
  /** [N] unit (cluster) a sorter or a person put the spike in, by its number in the file; −1 for none */
  unit?: Int32Array;
}

/**
 * How far the tissue has moved up the probe (SpikeInterface's sign): corrected depth = observed depth − displacement.
 * Motions have no absolute zero: compare them after removing the median over time at each depth.
 */
export interface Motion {
  /** [T, S] µm, row-major, time first */
  displacementUm: Float64Array;
  /** [T] s, bin *centres*, ascending */
  timeBinCentersSec: Float64Array;
  /** [S] µm, ascending; S = 1 is a rigid motion */
  depthBinCentersUm: Float64Array;
  /** [T] µm lateral displacement, when estimated */
  lateralUm?: Float64Array;
  /** motion of each shank, where shanks were estimated apart; the arrays above are then the mean over shanks */
  byShank?: readonly Motion[];
}

/** Contacts of the channels that were saved, in the order of the file. Arrays have one entry per neural channel. */
export interface ProbeSites {
  /** in words, e.g. "Neuropixels 1.0" */
  model: string;
  /** as the maker prints it, e.g. "NP1000"; "" when the file does not say */
  partNumber: string;
  nShanks: number;
  /** µm: x from the left edge of the first shank, y upwards from the lowest row; empty when the file does not tell */
  positionsUm: [xUm: number, yUm: number][];
  /** shank of each contact, from 0; empty as above */
  shank: number[];
  /** false for reference and dead sites: kept in the file, left out of detection */
  connected: boolean[];
}

/** A stretch recorded without interruption. Segments keep their real gaps and may overlap. */
export interface RecordingSegment {
  /** s from the first sample of the first segment */
  startSec: number;
  nSamples: number;
}

/** What a raw recording is. The samples stay in the file and are read by range. */
export interface Recording {
  stream: "ap" | "lf";
  /** calibrated, not rounded */
  rateHz: number;
  /** neural channels; they come first in each sample */
  nChannels: number;
  /** values per sample: neural channels, then sync words */
  nSavedChannels: number;
  /** sync words at the end of each sample */
  sync: number;
  segments: RecordingSegment[];
  /** [nChannels] µV of one unit of a sample: of one bit where samples are int16 */
  uvPerBit: Float64Array;
  /** what samples times uvPerBit are in where the file states no scale, in words; absent: µV */
  unit?: string;
  /** [nChannels] how much later than the first of its group a channel was sampled, in samples; empty when not known */
  delaySamples: Float64Array;
  probe: ProbeSites;
}

/** Samples as the file has them; of any other number type as float32, with the offset of each channel already added. */
export type Samples = Int16Array | Float32Array;

/** A recording with its samples, read by range and never whole. */
export interface SampleReader {
  recording: Recording;
  /**
   * Samples [from, to) of a segment, [to − from, nSavedChannels] row-major: neural channels first, sync words last; times
   * uvPerBit they are µV. A recording gives all of them as one type. Throws AppError when the file cannot give them any more.
   */
  readSamples(segment: number, from: number, to: number): Promise<Samples>;
}

/** Which channels a waveform's slots are, and in what order. */
export interface SlotTable {
  /** slots per channel, K */
  nSlots: number;
  /** [C, K] channel of each slot of a spike that peaks on channel c, nearest first; −1 where a shank has fewer than K */
  channels: Int32Array;
}

/** Inclusive range of a quantity, low first. */
export type Range = readonly [low: number, high: number];

/** A scalar picture: value per cell, row-major, row 0 at the low end of y. NaN means "no data here". */
export interface ScalarImage {
  /** [heightPx, widthPx] */
  values: Float32Array;
  widthPx: number;
  heightPx: number;
  xRange: Range;
  yRange: Range;
}

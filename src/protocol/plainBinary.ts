import type { ScalarImage } from "../core/types.ts";
import type { DroppedFile } from "./datasets.ts";

/** Number types that raw files are written in, by numpy's names. */
export const plainTypes = ["int16", "uint16", ">i2", "int32", "float32", "float64"] as const;
export type PlainType = (typeof plainTypes)[number];

/** In the sentence about a binary that nothing describes, which the form answers: it need not stand beside the form. */
export const UNDESCRIBED = "expected a description of this headerless binary beside it";

/** How a headerless binary is to be read: the answers of its form. */
export interface PlainLayout {
  dtype: PlainType;
  /** values per sample, sync words included */
  nSaved: number;
  /** of these, sync words at the end of each sample */
  sync: number;
  rateHz: number;
  /** bytes before the first sample */
  offsetBytes: number;
  /** µV of one unit of a sample; null when nobody knows */
  uvPerBit: number | null;
}

/** Where the contacts of a recording lie, as a person chooses it. */
export type ProbeChoice =
  | { kind: "none" }
  /** a probeinterface .json or a channel_locations.npy */
  | { kind: "file"; file: DroppedFile }
  /** the wiring that the maker's software starts with: bank 0, on several shanks the first */
  | { kind: "part"; partNumber: string }
  | { kind: "linear"; pitchUm: number };

/** A number of values per sample that would explain the file. */
export interface RowCandidate {
  nSaved: number;
  /** 0 to 1, by how much less it leaves unexplained than a number that means nothing */
  score: number;
  /** the file holds a whole number of such samples */
  divides: boolean;
}

/** A headerless binary that was looked at. */
export interface PlainPeek {
  path: string;
  bytes: number;
  /** what it looks like; the rate and the scale stand in no file and are the usual ones */
  guess: PlainLayout;
  /** why the number type was taken, half a sentence */
  typeReason: string;
  /** likeliest first; empty where nothing can be told */
  candidates: RowCandidate[];
}

/** A stretch of a headerless binary by a layout, and what that layout makes of the whole file. */
export interface PlainPicture {
  /** samples to the right, values of a sample upwards, as stored */
  image: ScalarImage;
  /** what most values lie between */
  limits: [low: number, high: number];
  nSamples: number;
  /** bytes after the last whole sample */
  leftBytes: number;
  /** values in the picture that are no finite numbers, and their share */
  nNotFinite: number;
}

/** A Neuropixels probe whose first wiring is known. */
export interface ProbePart {
  partNumber: string;
  model: string;
  /** channels read out at once */
  nChannels: number;
}

/** What a layout makes of a headerless binary, with its picture in colours: the first sample left, the first channel lowest. */
export interface PaintedPlain extends Omit<PlainPicture, "image"> {
  /** [nSaved, samples, 4], the last channel first, as canvases have it */
  rgba: Uint8ClampedArray<ArrayBuffer>;
  widthPx: number;
  heightPx: number;
}

/** What the page asks the file worker about headerless binaries and probes. */
export interface PlainApi {
  /** What the headerless binaries among files look like, largest first; at most a few of many are looked at. Empty when there are none. */
  peek(files: DroppedFile[]): Promise<PlainPeek[]>;
  /** Samples in the middle of a headerless binary by a layout. Throws AppError for a layout that nothing can be read by. */
  plainPicture(file: DroppedFile, layout: PlainLayout): Promise<PaintedPlain>;
  /** A layout and a probe as files beside the binary, which then opens with them. Throws AppError for what does not fit. */
  describePlain(file: DroppedFile, layout: PlainLayout, probe: ProbeChoice): Promise<DroppedFile[]>;
  /** Probes that can be laid out by their part number alone. */
  probeParts(): Promise<ProbePart[]>;
  /** A chosen probe of so many neural channels as a file at `path`; null for none. Throws AppError for what does not fit. */
  probeFile(path: string, probe: ProbeChoice, nChannels: number): Promise<DroppedFile | null>;
}

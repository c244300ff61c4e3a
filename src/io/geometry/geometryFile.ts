import type { ProbeSites } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";

/** Where the channels of a recording lie, one entry per neural channel, by a file other than its description. */
export interface GivenSites extends Pick<ProbeSites, "nShanks" | "positionsUm" | "shank" | "connected"> {
  /** as the file names the probe; "" when it does not */
  model: string;
  /** what a reader should know of how the file was taken; empty when nothing was assumed */
  notes: string[];
}

/** A file that tells where contacts lie, whatever recording it belongs to. */
export interface GeometryFile {
  source: ByteSource;
  /**
   * The sites of a recording of so many neural channels; null where nobody says how many, then those of the only probe.
   * Throws AppError when the file cannot give them.
   */
  sitesFor(nChannels: number | null): GivenSites;
}

import { AppError } from "../../core/errors.ts";
import type { Recording } from "../../core/types.ts";
import type { DetectSettings } from "./settings.ts";

/** Throws AppError for a recording in which spikes cannot be detected and located, in one sentence each. */
export function checkRecording(recording: Recording, path: string, settings: DetectSettings): void {
  const { stream, rateHz, nChannels, segments, probe } = recording;
  const nSamples = segments.reduce((sum, s) => sum + s.nSamples, 0);
  if (stream === "lf")
    throw new AppError("bad-data", `${path} holds the LF band, which has no spikes; open the AP recording.`, { path });
  if (nSamples === 0)
    throw new AppError("bad-data", `${path}: expected samples, found a description without its binary.`, { path });
  if (probe.positionsUm.length !== nChannels)
    throw new AppError(
      "bad-data",
      `${path}: where the ${nChannels} channels of ${probe.model || "this probe"} lie is not known; drop a probeinterface .json or a channel_locations.npy (${nChannels}, 2) together with the recording.`,
      { path },
    );
  const longest = segments.reduce((longest, s) => Math.max(longest, s.nSamples), 0);
  if (longest < settings.nSamples)
    throw new AppError(
      "bad-data",
      `${path}: expected at least one waveform of ${settings.nSamples} samples, found a recording of ${longest} samples (${((1000 * longest) / rateHz).toPrecision(2)} ms).`,
      { path },
    );
}

/** Seconds of all segments together. */
export function totalSeconds({ segments, rateHz }: Recording): number {
  return segments.reduce((sum, s) => sum + s.nSamples, 0) / rateHz;
}

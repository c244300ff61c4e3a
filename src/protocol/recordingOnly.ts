import { AppError } from "../core/errors.ts";
import type { OpenedDataset } from "./datasets.ts";

/**
 * Why a raw recording alone is not enough for a method that needs spikes, in one sentence that names the recording; for one
 * without its binary, that. `because` is what the method makes of spikes. Null when nothing opened is a recording.
 */
export function recordingOnly(opened: readonly OpenedDataset[], because = "motion comes from spikes"): AppError | null {
  const found = opened.flatMap((one) => (one.kind === "recording" ? [one] : []));
  if (found.length === 0) return null;
  const { info, recording } = found.find((one) => (one.info.nSamples ?? 0) > 0) ?? found[0];
  const [{ path }] = info.files;
  if (info.nSamples === 0) return new AppError("bad-file", info.warnings[0], { path });
  const others = found.length > 1 ? `, one of ${found.length} here` : "";
  const what = `${info.title}, ${recording.nChannels} channels, ${duration(info.durationSec)}${others}`;
  const advice =
    recording.stream === "ap"
      ? 'run "detect-localize" on it first, alone or as the step before'
      : 'the LF band holds none, so run "detect-localize" on the AP recording first';
  return new AppError("bad-data", `${path} is a raw recording (${what}): ${because}; ${advice}.`, {
    path,
    nRecordings: found.length,
  });
}

function duration(sec: number): string {
  if (sec < 10) return `${Number(sec.toPrecision(2))} s`;
  return sec < 120 ? `${Math.round(sec)} s` : `${Math.round(sec / 60)} min`;
}

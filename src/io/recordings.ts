import { withoutInnerChunks } from "../protocol/chunkFiles.ts";
import type { DatasetInfo, OpenedDataset } from "../protocol/datasets.ts";
import type { RecordingSource } from "./recordingSource.ts";

/** What traces are in where a file does not say how many µV a bit is: then one of its units counts 1. */
export const UNIT_OF_FILE = "units of the file";

/** A recording as the page and `inspect` see it: what it is, without its samples. */
export function recordingDataset(source: RecordingSource): Extract<OpenedDataset, { kind: "recording" }> {
  const { recording, format, title } = source;
  const { rateHz, nChannels, segments, probe, sync } = recording;
  const uv = [...recording.uvPerBit];
  const info: DatasetInfo = {
    format,
    title,
    kind: "recording",
    warnings: [...source.warnings],
    files: withoutInnerChunks(source.files).map(({ path, size }) => ({ path, bytes: size })),
    durationSec: Math.max(...segments.map((s) => s.startSec + s.nSamples / rateHz)),
    rateHz,
    nChannels,
    nSamples: segments.reduce((sum, s) => sum + s.nSamples, 0),
    segments,
    ...(recording.unit ? { amplitudeUnit: recording.unit } : {}),
    uvPerBit: uv.every((value) => value === uv[0]) ? uv[0] : uv,
    delaySamples: [...recording.delaySamples],
    probe,
    sync,
  };
  return { kind: "recording", info, recording };
}

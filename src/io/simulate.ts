import { type SyntheticOptions, secondsOf, syntheticRecording } from "../core/syntheticRecording.ts";
import type { DroppedFile } from "../protocol/datasets.ts";
import { baseName } from "./byteSource.ts";
import type { WrittenFile } from "./write/file.ts";
import { spikeglxBytes, spikeglxMetaFile, spikeglxStem } from "./write/spikeglx.ts";
import { syntheticTruthFiles } from "./write/syntheticTruth.ts";

const FOLDER = "simulated";

/**
 * A simulated recording with everything that is true of it, as the files the demo command writes: SpikeGLX files, and
 * truth/ beside them. The binaries are Blobs of a second each, which a browser may keep on disk; about two seconds are ever in
 * memory here. `onProgress` is called after each second, and its answer awaited, so that others get their turn.
 * Throws AppError for options that cannot be simulated.
 */
export async function simulateRecording(
  options: Partial<SyntheticOptions>,
  onProgress: (doneSec: number, totalSec: number) => void | Promise<void>,
): Promise<DroppedFile[]> {
  const simulated = syntheticRecording(options);
  const { recording, samples } = simulated;
  const { rateHz, segments } = recording;
  const totalSec = segments.reduce((sum, s) => sum + s.nSamples, 0) / rateHz;
  const parts: Blob[][] = segments.map(() => []);
  let nDone = 0;
  for (const { segment, from, to } of secondsOf(recording)) {
    parts[segment].push(new Blob([spikeglxBytes(samples(segment, from, to))]));
    nDone += to - from;
    await onProgress(nDone / rateHz, totalSec);
  }
  const binaries = parts.map((blobs, s) => dropped(`${spikeglxStem(FOLDER, s)}.bin`, blobs));
  const described = segments.map((_, s) => spikeglxMetaFile(recording, s, FOLDER));
  return [...binaries, ...[...described, ...syntheticTruthFiles("truth", simulated)].map(droppedFile)];
}

function droppedFile({ path, bytes }: WrittenFile): DroppedFile {
  return dropped(path, [new Uint8Array(bytes)]);
}

function dropped(path: string, parts: BlobPart[]): DroppedFile {
  return { path: `${FOLDER}/${path}`, file: new File(parts, baseName(path)) };
}

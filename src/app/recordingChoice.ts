import { spokenName } from "../protocol/chunkFiles.ts";
import type { DatasetInfo, DroppedFile, OpenedDataset, OpenOutcome } from "../protocol/datasets.ts";
import { describeInputs } from "../protocol/fingerprint.ts";
import { getResults } from "./results.ts";
import { type OpenRecording, useSession } from "./sessionStore.ts";
import { isSameRecording, recordingName } from "./showData.ts";

/** Which recording of a drop is opened, and what may come later to complete it. */

/** Recordings that have samples, in the order in which they were found. */
export function usableRecordings(opened: readonly (OpenedDataset & { key?: string })[]): OpenRecording[] {
  return opened.flatMap((one) => {
    if (one.kind !== "recording" || (one.info.nSamples ?? 0) === 0) return [];
    return [{ info: one.info, recording: one.recording, ...(one.key === undefined ? {} : { key: one.key }) }];
  });
}

/** The one that is waited for where it is among them, else the one that was chosen; null when there is none. */
export function recordingToOpen(
  { recordingKey }: Pick<OpenOutcome, "recordingKey">,
  recordings: readonly OpenRecording[],
  before: OpenRecording | null,
): OpenRecording | null {
  // one that was waited for, or is read again with its contacts, stays on screen
  const isWaiting = before && (before.info.absent || !hasGeometry(before.info));
  const awaited = isWaiting && recordingKey !== null ? before : null;
  const again = awaited && recordings.find((one) => isSameRecording(awaited, one));
  return again ?? recordings.find(({ key }) => key === recordingKey) ?? null;
}

/**
 * A recording that was waited for is told by its name, its size and the SHA-1 of its first megabyte: one sentence when one of
 * that name is another; null otherwise.
 */
export async function whyOther(
  opened: readonly OpenedDataset[],
  files: readonly DroppedFile[],
): Promise<string | null> {
  const { recording: awaited } = useSession.getState();
  if (!awaited?.info.absent) return null;
  const name = recordingName(awaited.info);
  const found = usableRecordings(opened).find(({ info }) => recordingName(info) === name);
  if (!found) return null;
  const own = "it was opened as a data set of its own.";
  const [expected] = awaited.info.files;
  const [{ path, bytes }] = found.info.files;
  if (bytes !== expected.bytes)
    return `${name} is not the file that this data set waits for: expected ${expected.bytes} bytes, found ${bytes}; ${own}`;
  const known = getResults().recordingFiles.find((one) => one.path === expected.path)?.described;
  const [described] = await describeInputs(files.filter((one) => one.path === path));
  if (!known || !described || known.sha1OfFirstMb === described.sha1OfFirstMb) return null;
  return `${name} is not the file that this data set waits for: it has the same size and begins otherwise; ${own}`;
}

export function hasGeometry(info: DatasetInfo): boolean {
  return (info.probe?.positionsUm.length ?? 0) > 0;
}

function nameOf({ files, title }: DatasetInfo): string {
  return files[0] ? spokenName(files[0].path) : title;
}

/** Why a step that reads a band of a recording cannot read this one, in one sentence; null when it can. */
export function whyNotRead({ info, recording }: OpenRecording, band: "ap" | "lf"): string | null {
  if (recording.stream === "lf" && band === "ap") {
    return "This is the LF band, which holds no spikes: drop the AP recording (.ap.bin) to detect them.";
  }
  if (recording.stream === "ap" && band === "lf") {
    return "This is the AP band: drop the LF recording (.lf.bin), which holds the field potentials.";
  }
  if (info.absent) return `The samples of ${nameOf(info)} are not at hand: drop it again.`;
  if (hasGeometry(info)) return null;
  return "This recording does not say where its contacts are: drop a probeinterface .json or channel_locations.npy with them, or choose the probe in the panel Probe.";
}

const nameOfPath = (path: string) => path.split("/").at(-1) ?? path;
const folderOfPath = (path: string) => path.slice(0, path.length - nameOfPath(path).length);

/**
 * Where a file lies beside a data set, whatever its format: in the outermost folder of its own, and beside a Zarr folder as a
 * whole, in which every file counts as a part of it. "" or ending with a slash.
 */
export function folderBeside({ files }: Pick<DatasetInfo, "files">): string {
  const folders = files.map(({ path }) => folderOfPath(path));
  const outermost = folders.reduce((a, b) => (b.split("/").length < a.split("/").length ? b : a), folders[0] ?? "");
  const isZarr = files.some(
    ({ path }) => folderOfPath(path) === outermost && /^(\.z(attrs|group|metadata)|zarr\.json)$/.test(nameOfPath(path)),
  );
  return isZarr ? folderOfPath(outermost.replace(/\/$/, "")) : outermost;
}

/**
 * A drop of nothing but geometry (probeinterface .json, channel_locations.npy), as files beside a data set; null when the drop
 * is anything else.
 */
export function geometryBeside(
  beside: Pick<DatasetInfo, "files">,
  dropped: readonly DroppedFile[],
): DroppedFile[] | null {
  const isGeometry = (path: string) => /\.json$/i.test(path) || /(channel_locations|geometry_xy)\.npy$/i.test(path);
  if (dropped.length === 0 || !dropped.every(({ path }) => isGeometry(path))) return null;
  const folder = folderBeside(beside);
  return dropped.map(({ path, file }) => ({ path: `${folder}${nameOfPath(path)}`, file }));
}

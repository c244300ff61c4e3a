import type { DatasetInfo, DroppedFile, OpenedDataset } from "../protocol/datasets.ts";
import type { OpenRecording } from "./sessionStore.ts";

/** Which recording of a drop is opened, and what may come later to complete it. */

/** Recordings that have samples, in the order in which they were found. */
export function usableRecordings(opened: readonly OpenedDataset[]): OpenRecording[] {
  return opened.flatMap((one) =>
    one.kind === "recording" && (one.info.nSamples ?? 0) > 0 ? [{ info: one.info, recording: one.recording }] : [],
  );
}

/** The first of the AP band, since spikes are there; else the first; null when there is none. */
export function recordingToOpen(recordings: readonly OpenRecording[]): OpenRecording | null {
  return recordings.find(({ recording }) => recording.stream === "ap") ?? recordings[0] ?? null;
}

export function hasGeometry(info: DatasetInfo): boolean {
  return (info.probe?.positionsUm.length ?? 0) > 0;
}

function nameOf({ files, title }: DatasetInfo): string {
  return files[0]?.path.split("/").at(-1) ?? title;
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
  return "This recording does not say where its contacts are: drop a probeinterface .json or channel_locations.npy with them.";
}

/**
 * A drop of nothing but geometry (probeinterface .json, channel_locations.npy), as files beside the data whose first file
 * is `besidePath`; null when the drop is anything else.
 */
export function geometryBeside(besidePath: string, dropped: readonly DroppedFile[]): DroppedFile[] | null {
  const nameOf = (path: string) => path.split("/").at(-1) ?? path;
  const isGeometry = (path: string) => /\.json$/i.test(path) || /(channel_locations|geometry_xy)\.npy$/i.test(path);
  if (dropped.length === 0 || !dropped.every(({ path }) => isGeometry(path))) return null;
  const folder = besidePath.slice(0, besidePath.length - nameOf(besidePath).length);
  return dropped.map(({ path, file }) => ({ path: `${folder}${nameOf(path)}`, file }));
}

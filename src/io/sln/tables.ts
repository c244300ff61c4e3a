import type { ByteSource } from "../byteSource.ts";
import { type Drop, type Folder, fileBelow } from "../drop.ts";
import { requireSiblings } from "../readers/reader.ts";

const SIGNS = ["spike_amplitudes.npy", "spike_channels.npy", "spike_anchors.npy", "spike_locs_y.npy"];
const WAVEFORMS = ["all_spike_waveforms/waveforms_all.npy", "waveforms_all.npy"];

/** The tables of one data set folder, as far as they are there. */
export interface SlnFiles {
  folder: Folder;
  times: ByteSource;
  amplitudes: ByteSource;
  rate: ByteSource;
  /** folder prefix of the position tables in use: denoised monopolar before plain monopolar */
  positions: { x?: ByteSource; y: ByteSource; z?: ByteSource; alpha?: ByteSource } | null;
  anchors?: ByteSource;
  channels?: ByteSource;
  waveforms?: ByteSource;
  locations?: ByteSource;
}

/** Every data set folder. One with params.py is a sorter's and none. Throws AppError when a table is missing. */
export function findSlnFolders(drop: Drop, title: string): SlnFiles[] {
  const folders = [...drop.values()].filter(
    ({ files }) => files.has("spike_times.npy") && !files.has("params.py") && SIGNS.some((name) => files.has(name)),
  );
  return folders.map((folder) => {
    const needed = ["spike_times.npy", "spike_amplitudes.npy", "fs.npy"];
    const [times, amplitudes, rate] = requireSiblings(folder, needed, title);
    return { folder, times, amplitudes, rate, ...optionalTables(drop, folder.path) };
  });
}

/** All files of a data set. */
export function filesOf({ folder, positions, ...others }: SlnFiles): ByteSource[] {
  return [...Object.values(others), ...Object.values(positions ?? {})].filter((file) => file !== undefined);
}

function optionalTables(drop: Drop, folder: string): Omit<SlnFiles, "folder" | "times" | "amplitudes" | "rate"> {
  const find = (name: string) => fileBelow(drop, folder, name);
  const positionsIn = (prefix: string) => {
    const y = find(`${prefix}spike_locs_y.npy`);
    const table = (axis: string) => find(`${prefix}spike_locs_${axis}.npy`);
    return y ? { x: table("x"), y, z: table("z"), alpha: table("alpha") } : null;
  };
  return {
    positions: positionsIn("tpca_monopolar_full/") ?? positionsIn(""),
    anchors: find("spike_anchors.npy"),
    channels: find("spike_channels.npy"),
    locations: find("channel_locations.npy"),
    waveforms: WAVEFORMS.map(find).find((f) => f !== undefined),
  };
}

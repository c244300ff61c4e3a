import type { OpenedDataset } from "../../protocol/datasets.ts";
import { folderInWords } from "../drop.ts";
import {
  deepestValues,
  findSubsets,
  type SubsetFiles,
  subsetFiles,
  subsetPositions,
  subsetTimes,
} from "../sln/subset.ts";
import { spikesDataset } from "../spikes.ts";
import { waveformFile } from "../waveforms.ts";
import type { Reader } from "./reader.ts";

/**
 * A training subset of the Spike Localization Network: waveforms.npy with anchors, targets and a split. It has no times
 * and no amplitudes of its own: the second of each spike and the depth of its trough stand for them, and warnings say so.
 */
export const slnSubset: Reader = {
  id: "sln-subset",
  title: "SLN training subset",
  about: {
    knownBy: "waveforms.npy beside frame_ids.npy",
    reads:
      "waveforms by range, anchors, targets, split; the second of each spike stands for its time, the deepest value for its amplitude",
    leaves: "",
  },
  async find(drop) {
    return findSubsets(drop, this.title).map((subset) => ({
      title: this.title,
      kind: "spikes" as const,
      place: folderInWords(subset.folder.path),
      files: subsetFiles(subset),
      open: () => openSubset(subset),
    }));
  },
};

async function openSubset(subset: SubsetFiles): Promise<OpenedDataset> {
  const { path } = subset.waveforms;
  const timeSec = await subsetTimes(subset);
  const waveforms = await waveformFile(subset.waveforms, timeSec.values.length);
  const warnings = [
    `${subset.frames.path}: there are no spike times, so each spike lies in the middle of its second.`,
    `${path}: there are no amplitudes, so the deepest value of each waveform stands for it, in the unit of the file.`,
  ];
  const positions = await subsetPositions(subset, warnings);
  const { id: format, title } = slnSubset;
  return spikesDataset({
    format,
    title,
    files: subsetFiles(subset),
    warnings,
    timeSec,
    ampUv: { path, values: await deepestValues(waveforms) },
    ...positions,
    alsoHas: [
      "waveforms",
      ...(subset.anchors ? ["anchors"] : []),
      ...((subset.targets ?? subset.relative) ? ["targets"] : []),
      ...(subset.split ? ["split"] : []),
    ],
  });
}

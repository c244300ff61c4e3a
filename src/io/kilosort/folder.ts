import { type ByteSource, baseName } from "../byteSource.ts";
import { type Drop, type Folder, folderInWords } from "../drop.ts";
import { listInWords } from "../readers/reader.ts";
import { labelFiles } from "./labels.ts";
import { type Params, paramsIn } from "./params.ts";

/** A folder of a sorter that phy opens. */
export interface SorterFolder {
  folder: Folder;
  params: Params;
}

/** Every folder with a params.py, whatever else it has. */
export async function sorterFolders(drop: Drop): Promise<SorterFolder[]> {
  const found: SorterFolder[] = [];
  for (const folder of drop.values()) {
    const params = await paramsIn(folder);
    if (params) found.push({ folder, params });
  }
  return found;
}

/** Names that Kilosort, phy, SpikeInterface's export and Bombcell give to what lies beside the spikes. */
const COMPANIONS =
  /^(spike_.*|templates?_?.*|channel_.*|shanks|pc_feature.*|whitening_mat.*|similar_templates|amplitudes|kept_spikes|ops|tF|Wall|full_(st|clu|amp)|_phy_.*)\.npy$|^cluster_.*\.(tsv|csv)$|^(phy|kilosort.*)\.log$/;

/** All files of a folder that belong to its sorting, read or not. */
export function filesOfSorting({ folder, params }: SorterFolder): ByteSource[] {
  const known = [...folder.files.values()].filter(({ path }) => COMPANIONS.test(baseName(path)));
  return [...new Set([params.source, ...known, ...labelFiles(folder)])];
}

/** Who wrote a folder, as far as its amplitudes and features differ. */
export type Writer = "kilosort4" | "kilosort" | "spikeinterface";

const OF_SPIKEINTERFACE = ["cluster_si_unit_ids.tsv", "channel_map_si.npy"];
const OF_KILOSORT4 = ["kept_spikes.npy", "spike_detection_templates.npy", "spike_positions.npy", "kilosort4.log"];

export function writerOf({ files }: Folder): Writer {
  if (OF_SPIKEINTERFACE.some((name) => files.has(name))) return "spikeinterface";
  return OF_KILOSORT4.some((name) => files.has(name)) ? "kilosort4" : "kilosort";
}

const ARRAYS = ["spike_times.npy", "spike_clusters.npy", "spike_positions.npy", "templates.npy", "amplitudes.npy"];

/** What is wrong with folders that are a sorter's, but that nothing could be opened of. */
export async function unreadSorters(rest: Drop): Promise<string[]> {
  const sentences: string[] = [];
  for (const folder of rest.values()) {
    const params = await paramsIn(folder);
    const there = ARRAYS.filter((name) => folder.files.has(name));
    if (params) {
      sentences.push(
        `${params.source.path}: expected the arrays of Kilosort or phy beside it under their own names, at least spike_times.npy, amplitudes.npy and spike_positions.npy or templates.npy, found ${there.length === 0 ? "none of them" : listInWords(there)}.`,
      );
    } else if (folder.files.has("spike_times.npy") && there.length > 1) {
      sentences.push(
        `${folder.files.get("spike_times.npy")?.path}: expected params.py in ${folderInWords(folder.path)}, which says how many samples a second has (sample_rate), found none.`,
      );
    }
  }
  return sentences;
}

import type { OpenedDataset } from "../../protocol/datasets.ts";
import type { ByteSource } from "../byteSource.ts";
import { readColumn } from "../columns.ts";
import { folderInWords } from "../drop.ts";
import { spikesDataset } from "../spikes.ts";
import { type Reader, requireSiblings } from "./reader.ts";

const PARTS = ["peak_times.npy", "peak_depths.npy", "peak_amplitudes.npy"] as const;

/**
 * MEDiCINe's input: three arrays (N,) or (N, 1) of any number type, times in s, depths in µm, amplitudes of either sign.
 * The names tell them apart; they may share a prefix (day1_peak_times.npy), and may be the keys of one .npz.
 */
export const medicinePeaks: Reader = {
  id: "medicine-peaks",
  title: "MEDiCINe peaks",
  names: "peak_times.npy, peak_depths.npy and peak_amplitudes.npy",
  about: {
    knownBy:
      "peak_times.npy, peak_depths.npy and peak_amplitudes.npy by name, with one prefix or none, or as the keys of one .npz",
    reads: "times in s, depths in µm, amplitudes of either sign",
    leaves: "",
  },
  async find(drop) {
    return [...drop.values()].flatMap((folder) =>
      prefixesIn(folder.files.keys()).map((prefix) => {
        const names = PARTS.map((part) => prefix + part);
        const files = requireSiblings(folder, names, "MEDiCINe peaks");
        const place = folderInWords(folder.path);
        return { title: this.title, kind: "spikes" as const, place, files, open: () => openTriple(files) };
      }),
    );
  },
};

/** What stands before the known part in each name that ends with one, each once. */
function prefixesIn(names: Iterable<string>): string[] {
  const prefixes = new Set<string>();
  for (const name of names) {
    const part = PARTS.find((p) => name.endsWith(p));
    if (part) prefixes.add(name.slice(0, -part.length));
  }
  return [...prefixes];
}

async function openTriple(files: readonly ByteSource[]): Promise<OpenedDataset> {
  const [timeSec, depthUm, ampUv] = await Promise.all(files.map((f) => readColumn(f)));
  const { id: format, title } = medicinePeaks;
  return spikesDataset({ format, title, files, warnings: [], timeSec, depthUm, ampUv });
}

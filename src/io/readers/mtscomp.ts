import { type Folder, folderInWords } from "../drop.ts";
import { type ChunkedSet, chunkedSets, uncompressedBeside } from "../mtscomp/pairing.ts";
import { bareRecording, type DescribedSet, describedRecording, filesOf } from "../mtscomp/recording.ts";
import { sameRecordingKey, titleOf } from "../spikeglx/recording.ts";
import { type Claim, inEachFolder, type Reader, recordingClaim } from "./reader.ts";

/** SpikeGLX recordings that mtscomp compressed, as the IBL publishes them. */
export const mtscomp: Reader = {
  id: "mtscomp",
  title: "SpikeGLX compressed by mtscomp",
  about: {
    knownBy:
      "a .ch (JSON with chunk_bounds and chunk_offsets) beside the .cbin of the size it states, with SpikeGLX's .meta",
    reads: "the same as of SpikeGLX, decoded chunk by chunk; without a .meta the samples in bits",
    leaves: "check sums",
  },
  find: (drop) => inEachFolder(drop, claimsIn),
  async leftOver(drop) {
    const sentences: string[] = [];
    for (const folder of drop.values()) {
      const sets = await chunkedSets(folder);
      for (const { cbin, meta } of sets) {
        // of a .meta that is no probe's, SpikeGLX's reader speaks
        if (cbin && !meta)
          sentences.push(`${cbin.path}: its recording lies uncompressed beside it and was opened from there.`);
      }
      const known = new Set(sets.flatMap(({ table, cbin }) => [table, ...(cbin ? [cbin] : [])]));
      for (const [name, file] of folder.files) {
        if (known.has(file)) continue;
        if (/\.cbin$/i.test(name))
          sentences.push(`${file.path}: expected the .ch that mtscomp wrote with it, found none; open both together.`);
        if (/\.ch$/i.test(name))
          sentences.push(
            `${file.path}: expected mtscomp's description (JSON with chunk_bounds and chunk_offsets), found none.`,
          );
      }
    }
    return sentences;
  },
};

async function claimsIn(folder: Folder): Promise<Claim[]> {
  const runs = new Map<string, DescribedSet[]>();
  const bare: ChunkedSet[] = [];
  for (const set of await chunkedSets(folder)) {
    if (uncompressedBeside(set, folder)) continue;
    if (!isDescribed(set)) {
      bare.push(set);
    } else if (set.meta.meta.values.get("typeThis") === "imec") {
      const key = sameRecordingKey({ ...set.meta, binary: undefined });
      runs.set(key, [...(runs.get(key) ?? []), set]);
    }
  }
  const place = folderInWords(folder.path);
  const described = [...runs.values()].map((sets) => {
    const title = `${titleOf(sets[0].meta.meta)} (mtscomp)`;
    return recordingClaim({ title, place, files: filesOf(sets), recording: () => describedRecording(sets, title) });
  });
  return [
    ...described,
    ...bare.map((set) => {
      const title = "mtscomp recording";
      return recordingClaim({ title, place, files: filesOf([set]), recording: () => bareRecording(set, title) });
    }),
  ];
}

function isDescribed(set: ChunkedSet): set is DescribedSet {
  return set.meta !== undefined;
}

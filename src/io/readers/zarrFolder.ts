import { AppError } from "../../core/errors.ts";
import { isChunkName } from "../../protocol/chunkFiles.ts";
import type { Folder } from "../drop.ts";
import { isSorting } from "../spikeinterface/zarrRecording.ts";
import { type ZarrStore, zarrStores } from "../zarr/store.ts";
import { brokenRecording, type Claim, listInWords, type Reader } from "./reader.ts";

const NAMES_SHOWN = 4;

/** Zarr folders that no other reader knows: recognised, so that one sentence says what they are and nobody reads their chunks. */
export const zarrFolder: Reader = {
  id: "zarr-folder",
  title: "Zarr folder",
  about: {
    knownBy: ".zattrs, .zgroup, .zarray, .zmetadata or zarr.json at its root",
    reads: "what it is, to say so",
    leaves: "its arrays",
  },
  async find(drop) {
    const claims: Claim[] = [];
    for (const store of zarrStores(drop)) {
      const { files, place } = store;
      claims.push(brokenRecording({ title: zarrFolder.title, place, files }, await whyNot(store)));
    }
    return claims;
  },
  async leftOver(rest) {
    return [...rest.values()].flatMap((folder) => withoutDescription(folder) ?? []);
  },
};

async function whyNot(store: ZarrStore): Promise<AppError> {
  const { path } = store.marker;
  const error = (expected: string, found: string) =>
    new AppError("bad-data", `${store.place}: expected ${expected}, found ${found}.`, { path });
  try {
    const attributes = await store.attributes("");
    if (isSorting(attributes)) {
      return error(
        "spikes with positions; compute spike_locations in a SortingAnalyzer of SpikeInterface and open its folder",
        "a sorting of SpikeInterface, which says when units spiked but not where",
      );
    }
    if (await store.array("")) {
      return error("a Zarr folder with all arrays of a recording; open the folder above", "one array of it alone");
    }
    const nodes = [...new Set([...store.nodes].map((node) => node.split("/")[0]))].filter((node) => node !== "").sort();
    const more = nodes.length > NAMES_SHOWN ? ` and ${nodes.length - NAMES_SHOWN} more` : "";
    const names = more === "" ? listInWords(nodes) : `${nodes.slice(0, NAMES_SHOWN).join(", ")}${more}`;
    return error(
      "a recording that SpikeInterface saved (sampling_frequency, num_segments and traces_seg0)",
      `a Zarr folder with ${names}`,
    );
  } catch (found) {
    if (found instanceof AppError) return found;
    throw found;
  }
}

/** Chunks whose hidden descriptions were left behind, as some pickers and copies do. */
function withoutDescription({ path, files }: Folder): string | null {
  const names = [...files.keys()];
  if (names.length < 2 || !names.every((name) => isChunkName(name) && name.includes("."))) return null;
  return `${path}: expected the hidden file .zarray beside the chunks of a Zarr array (${names[0]} …), found none; drop the whole folder, or zip it with its hidden files.`;
}

import { AppError } from "../../core/errors.ts";
import { isSavedRecording, zarrRecordings } from "../spikeinterface/zarrRecording.ts";
import { type ZarrStore, zarrStores } from "../zarr/store.ts";
import { brokenRecording, type Claim, type Reader, recordingClaim } from "./reader.ts";

/** Recordings that SpikeInterface saved as a Zarr folder, of either version of Zarr, also inside an archive. */
export const spikeinterfaceZarr: Reader = {
  id: "spikeinterface-zarr",
  title: "SpikeInterface Zarr",
  about: {
    knownBy:
      "a Zarr folder (.zattrs, .zmetadata or zarr.json at its root) that states sampling_frequency and num_segments",
    reads:
      "traces of any number type, compressed with Blosc, Zstandard, LZ4, gzip or zlib; gains and offsets, segments with their times, probes, location, group and inter_sample_shift of the channels",
    leaves: "other properties of channels, annotations, and traces compressed with WavPack",
  },
  async find(drop) {
    const claims: Claim[] = [];
    for (const store of zarrStores(drop)) claims.push(...(await claimsOf(store)));
    return claims;
  },
};

/** Descriptions and properties of channels are read to know the probes. */
async function claimsOf(store: ZarrStore): Promise<Claim[]> {
  const { id: format, title } = spikeinterfaceZarr;
  const { files, place } = store;
  try {
    const attributes = await store.attributes("");
    if (!isSavedRecording(attributes)) return [];
    const recordings = await zarrRecordings(store, attributes, { format, title });
    return recordings.map((recording) =>
      recordingClaim({ title: recording.title, place, files, recording: async () => recording }),
    );
  } catch (error) {
    if (error instanceof AppError) return [brokenRecording({ title, place, files }, error)];
    throw error;
  }
}

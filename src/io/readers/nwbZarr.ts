import { AppError } from "../../core/errors.ts";
import { electricalSeries, nwbZarrRecordings } from "../zarr/nwbZarr.ts";
import { type ZarrStore, zarrStores } from "../zarr/store.ts";
import { brokenRecording, type Claim, type Reader, recordingClaim } from "./reader.ts";

/** NWB files in Zarr, as hdmf-zarr writes them: the recordings. What else they hold is read from NWB in HDF5 only. */
export const nwbZarr: Reader = {
  id: "nwb-zarr",
  title: "NWB in Zarr",
  about: {
    knownBy: "a Zarr folder whose root has neurodata_type NWBFile among its attributes",
    reads:
      "every ElectricalSeries: samples with conversion, channel_conversion and offset, rate or timestamps, rel_x and rel_y of its electrodes",
    leaves: "tables of units (export the file as HDF5 for them), gaps between timestamps",
  },
  async find(drop) {
    const claims: Claim[] = [];
    for (const store of zarrStores(drop)) claims.push(...(await claimsOf(store)));
    return claims;
  },
};

async function claimsOf(store: ZarrStore): Promise<Claim[]> {
  const { files, place } = store;
  const claims: Claim[] = [];
  try {
    if ((await store.attributes("")).neurodata_type !== "NWBFile") return [];
    const all = await electricalSeries(store);
    if (all.length === 0) {
      const message = `${place}: expected an ElectricalSeries, found an NWB file in Zarr without one; export it as HDF5 where its units are wanted.`;
      throw new AppError("bad-data", message, { path: store.marker.path });
    }
    for (const node of all) {
      for (const recording of await nwbZarrRecordings(store, node, nwbZarr.id)) {
        claims.push(recordingClaim({ title: recording.title, place, files, recording: async () => recording }));
      }
    }
  } catch (error) {
    if (error instanceof AppError) return [...claims, brokenRecording({ title: nwbZarr.title, place, files }, error)];
    throw error;
  }
  return claims;
}

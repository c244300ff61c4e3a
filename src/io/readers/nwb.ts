import type { ByteSource } from "../byteSource.ts";
import type { Drop } from "../drop.ts";
import { hdf5Start } from "../hdf5/signature.ts";
import type { NwbContent } from "../nwb/content.ts";
import type { Claim, Reader } from "./reader.ts";

const contents = new WeakMap<ByteSource, Promise<NwbContent>>();

/**
 * NWB in HDF5. HDF5 itself (a megabyte of WebAssembly) is loaded when the first HDF5 file is there, and with nothing else.
 */
export const nwb: Reader = {
  id: "nwb",
  title: "NWB",
  about: {
    knownBy: "an HDF5 file with nwb_version, whatever its name",
    reads:
      "every ElectricalSeries as a recording of each probe, with its scale, clock, gaps and rel_x, rel_y; units as spikes, by spike_depths or the electrode on which a unit is largest",
    leaves: "series compressed otherwise than with gzip, SpikeEventSeries, units without any depth",
  },
  async find(drop) {
    const claims: Claim[] = [];
    for (const source of await hdf5Files(drop)) claims.push(...(await contentOf(source)).claims);
    return claims;
  },
  async leftOver(rest) {
    const sentences: string[] = [];
    for (const source of await hdf5Files(rest)) sentences.push((await contentOf(source)).sentence ?? "");
    return sentences.filter((sentence) => sentence !== "");
  },
};

/** MATLAB's files are HDF5 too, and no business of this reader. */
async function hdf5Files(drop: Drop): Promise<ByteSource[]> {
  const found: ByteSource[] = [];
  for (const { files } of drop.values()) {
    for (const source of files.values()) {
      if (!NEVER_NWB.test(source.path) && (await hdf5Start(source)) >= 0) found.push(source);
    }
  }
  return found;
}

/** Formats that are never one: looking into a member of an archive would unpack it whole. */
const NEVER_NWB = /\.(mat|npy|npz|json|png|svg|csv|tsv|txt|bin|dat|meta)$/i;

function contentOf(source: ByteSource): Promise<NwbContent> {
  const known = contents.get(source) ?? import("../nwb/content.ts").then((io) => io.nwbContent(source, nwb.id));
  contents.set(source, known);
  return known;
}

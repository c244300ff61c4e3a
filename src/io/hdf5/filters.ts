/** HDF5's own filters, all of which are built in here: gzip, shuffle, check sum, n-bit, scale and offset. */
const BUILT_IN = new Set([1, 2, 3, 5, 6]);

/** Registered filters that recordings are written with, by their number in HDF5's registry. */
const REGISTERED: Record<number, string> = {
  4: "SZIP",
  305: "LZO",
  307: "bzip2",
  32000: "LZF",
  32001: "Blosc",
  32004: "LZ4",
  32008: "bitshuffle",
  32013: "ZFP",
  32015: "Zstandard",
  32026: "Blosc2",
};

export function isReadable(id: number): boolean {
  return BUILT_IN.has(id);
}

/** "Zstandard (HDF5 filter 32015)". */
export function filterInWords({ id, name }: { id: number; name: string }): string {
  const known = REGISTERED[id] ?? name;
  return known === "" ? `HDF5 filter ${id}` : `${known} (HDF5 filter ${id})`;
}

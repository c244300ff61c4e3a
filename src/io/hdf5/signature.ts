import type { ByteSource } from "../byteSource.ts";
import { headOf } from "../sniff.ts";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** Where a file may start: a block of somebody else's may stand before it, of 512 bytes or a power of two times that. */
const FIRST_PLACES = [0, 512, 1024, 2048];

const startsAt = (bytes: Uint8Array, at: number) => SIGNATURE.every((byte, i) => bytes[at + i] === byte);

/**
 * Where HDF5 begins in a file, by its content; −1 when it does not. Beyond its head it is looked for only where the name
 * promises such a file.
 */
export async function hdf5Start(source: ByteSource): Promise<number> {
  if (source.size < SIGNATURE.length) return -1;
  const head = await headOf(source);
  const first = FIRST_PLACES.find((at) => startsAt(head, at));
  if (first !== undefined) return first;
  if (!/\.(nwb|h5|hdf5|hdf)$/i.test(source.path)) return -1;
  for (let at = 4096; at + SIGNATURE.length <= source.size; at *= 2) {
    if (startsAt(await source.read(at, at + SIGNATURE.length), 0)) return at;
  }
  return -1;
}

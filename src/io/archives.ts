import { type AppError, asAppError } from "../core/errors.ts";
import { isChunkName } from "../protocol/chunkFiles.ts";
import type { ByteSource } from "./byteSource.ts";
import { limitSniffing } from "./sniff.ts";
import { isZip, openZip } from "./zipSource.ts";

const MAX_DEPTH = 2; // an .npz inside an exported .zip
/** Files that are no archive whatever they hold: most of a large drop, and inside an archive what would have to be inflated. */
const NEVER_ARCHIVE =
  /\.(npy|safetensors|pt|pth|json|png|svg|tsv|csv|jsonl|dat|bin|raw|txt|md|py|meta|cbin|ch|oebin|xml|nwb|h5|hdf5)$/i;

/**
 * Archives as folders of their members. One that is damaged is told to `onBroken` and stays a file that nobody claims; without
 * `onBroken` its AppError is thrown.
 */
export async function expandArchives(
  sources: readonly ByteSource[],
  onBroken: (archive: ByteSource, error: AppError) => void = (_, error) => {
    throw error;
  },
  depth = 0,
): Promise<ByteSource[]> {
  limitSniffing(sources.filter(({ path }) => !isChunkName(path)));
  const expanded: ByteSource[] = [];
  for (const source of sources) {
    const members = depth < MAX_DEPTH && !isNever(source.path) ? await membersOf(source, onBroken) : null;
    if (!members) expanded.push(source);
    else for (const member of await expandArchives(members, onBroken, depth + 1)) expanded.push(member);
  }
  return expanded;
}

const isNever = (path: string) => NEVER_ARCHIVE.test(path) || isChunkName(path);

async function membersOf(
  source: ByteSource,
  onBroken: (archive: ByteSource, error: AppError) => void,
): Promise<ByteSource[] | null> {
  try {
    return (await isZip(source)) ? await openZip(source) : null;
  } catch (error) {
    const expected = asAppError(error);
    if (!expected) throw error;
    onBroken(source, expected);
    return null;
  }
}

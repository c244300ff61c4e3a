import { decodeLz4 } from "./lz4.ts";
import { unshuffleBits, unshuffleBytes } from "./shuffle.ts";
import { decodeZlib } from "./zlib.ts";

/** Decodes one stream to exactly so many bytes, or throws Error with half a sentence. */
export type StreamDecoder = (bytes: Uint8Array, nBytes: number) => Uint8Array | Promise<Uint8Array>;

const HEADER_BYTES = 16;
const FLAG = { byteShuffle: 1, copied: 2, bitShuffle: 4, unsplit: 16 };
const MAX_SPLITS = 16;
const MIN_SPLIT_BYTES = 128;
const STREAMS = ["blosclz", "lz4", "snappy", "zlib", "zstd"];

interface BloscHeader {
  flags: number;
  typeBytes: number;
  nBytes: number;
  blockBytes: number;
  stream: string;
}

/**
 * A Blosc 1 buffer of exactly `nBytes` decoded bytes. We read the container ourselves because the library at hand does not
 * tell when a stream in it is damaged, but returns whatever lay in its memory. Layout: 16 bytes of header (version, version of
 * the codec, flags, bytes per element, then decoded, block and stored bytes as uint32), the start of each block as int32, and
 * in each block one stream, or one for each byte of the element, each after its length. Throws Error with half a sentence.
 */
export async function decodeBlosc(bytes: Uint8Array, nBytes: number, zstd: StreamDecoder): Promise<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view, nBytes);
  if (header.flags & FLAG.copied) return copied(bytes, nBytes);
  const decoders: Record<string, StreamDecoder> = { lz4: decodeLz4, zlib: decodeZlib, zstd };
  const decode = decoders[header.stream];
  if (!decode) throw new Error(`Blosc with the codec ${header.stream}, where lz4, zlib and zstd can be read`);
  const out = new Uint8Array(nBytes);
  const nBlocks = Math.ceil(nBytes / header.blockBytes);
  const firstBlock = HEADER_BYTES + 4 * nBlocks;
  if (firstBlock > bytes.length) throw new Error("a Blosc buffer that is cut short");
  for (let block = 0; block < nBlocks; block++) {
    const start = view.getInt32(HEADER_BYTES + 4 * block, true);
    if (start < firstBlock || start > bytes.length) throw new Error("a Blosc block outside of its buffer");
    const from = block * header.blockBytes;
    const to = Math.min(nBytes, from + header.blockBytes);
    await decodeBlock(view, start, header, decode, out.subarray(from, to));
  }
  return out;
}

function readHeader(view: DataView, nBytes: number): BloscHeader {
  if (view.byteLength < HEADER_BYTES) throw new Error(`${view.byteLength} bytes, too few for a Blosc buffer`);
  const [version, , flags, typeBytes] = [0, 1, 2, 3].map((at) => view.getUint8(at));
  const [declared, blockBytes, stored] = [4, 8, 12].map((at) => view.getUint32(at, true));
  if (version !== 2) throw new Error(`Blosc data of version ${version}, where 2 can be read`);
  if (declared !== nBytes) throw new Error(`a Blosc buffer that declares ${declared} bytes`);
  if (stored !== view.byteLength) throw new Error(`${view.byteLength} bytes where its Blosc header states ${stored}`);
  if (typeBytes === 0 || (nBytes > 0 && blockBytes === 0)) throw new Error("a Blosc header that is damaged");
  return { flags, typeBytes, nBytes, blockBytes, stream: STREAMS[flags >> 5] ?? `number ${flags >> 5}` };
}

function copied(bytes: Uint8Array, nBytes: number): Uint8Array {
  if (bytes.length === HEADER_BYTES + nBytes) return bytes.slice(HEADER_BYTES);
  throw new Error(`${bytes.length - HEADER_BYTES} bytes that are not compressed`);
}

async function decodeBlock(
  view: DataView,
  start: number,
  { flags, typeBytes, blockBytes }: BloscHeader,
  decode: StreamDecoder,
  out: Uint8Array,
): Promise<void> {
  const isSplit =
    !(flags & FLAG.unsplit) &&
    typeBytes <= MAX_SPLITS &&
    blockBytes / typeBytes >= MIN_SPLIT_BYTES &&
    out.length === blockBytes;
  const nStreams = isSplit ? typeBytes : 1;
  const streamBytes = Math.floor(out.length / nStreams);
  const isShuffled = (flags & FLAG.byteShuffle) !== 0 && typeBytes > 1;
  const isBitShuffled = !isShuffled && (flags & FLAG.bitShuffle) !== 0 && out.length >= typeBytes;
  const target = isShuffled || isBitShuffled ? new Uint8Array(out.length) : out;
  let at = start;
  for (let k = 0; k < nStreams; k++) {
    if (at + 4 > view.byteLength) throw new Error("a Blosc block that is cut short");
    const stored = view.getInt32(at, true);
    at += 4;
    if (stored <= 0 || at + stored > view.byteLength) throw new Error("a Blosc block that is damaged");
    const stream = new Uint8Array(view.buffer, view.byteOffset + at, stored);
    // what does not shrink is stored as it is
    target.set(stored === streamBytes ? stream : await decode(stream, streamBytes), k * streamBytes);
    at += stored;
  }
  if (isShuffled) unshuffleBytes(target, out, typeBytes);
  else if (isBitShuffled) unshuffleBits(target, out, typeBytes);
}

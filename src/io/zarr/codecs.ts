import { messageOf } from "../../core/errors.ts";
import { decodeBlosc, type StreamDecoder } from "./blosc.ts";
import { decodeLz4 } from "./lz4.ts";
import { decodeGzip, decodeZlib } from "./zlib.ts";
import { zstdContentBytes } from "./zstd.ts";

type Zarrita = typeof import("zarrita");
type CodecEntry = Awaited<ReturnType<NonNullable<ReturnType<Zarrita["registry"]["get"]>>>>;
type LibraryCodec = { decode(bytes: Uint8Array): Uint8Array | Promise<Uint8Array> };

/** Decoded bytes of one chunk, where its type has a size. */
export interface ChunkMetadata {
  dataType: string;
  shape: readonly number[];
}

const BYTES: Record<string, number> = { bool: 1, int8: 1, uint8: 1, int16: 2, uint16: 2, float16: 2 };
Object.assign(BYTES, { int32: 4, uint32: 4, float32: 4, int64: 8, uint64: 8, float64: 8 });

/** Bytes of one element; null for text of any length and objects. */
export function elementBytes(dataType: string): number | null {
  const text = /^v2:([US])(\d+)$/.exec(dataType);
  if (text) return Number(text[2]) * (text[1] === "U" ? 4 : 1);
  return BYTES[dataType] ?? null;
}

/**
 * A codec as zarrita asks for it, of which the decoded size is known before anything is decoded: that of the chunk. Errors are
 * half sentences that follow "found".
 */
function boundedCodec(name: string, decode: StreamDecoder): () => Promise<CodecEntry> {
  const entry = {
    fromConfig(_configuration: unknown, { dataType, shape }: ChunkMetadata) {
      return {
        kind: "bytes_to_bytes",
        encode() {
          throw new Error(`${name} is only read`);
        },
        decode(bytes: Uint8Array) {
          const perElement = elementBytes(dataType);
          if (perElement === null) throw new Error(`${name} data of elements without a size`);
          return decode(
            bytes,
            shape.reduce((product, n) => product * n, perElement),
          );
        },
      };
    },
  };
  return async () => entry as unknown as CodecEntry;
}

function lz4WithSize(bytes: Uint8Array, nBytes: number): Uint8Array {
  if (bytes.length < 4) throw new Error(`${bytes.length} bytes, too few for LZ4 data`);
  const declared = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  if (declared !== nBytes) throw new Error(`LZ4 data that declares ${declared} bytes`);
  return decodeLz4(bytes.subarray(4), nBytes);
}

let zarrita: Promise<Zarrita> | null = null;

/** zarrita, with codecs that never ask for more memory than a chunk has and tell damaged data. Loaded on first use. */
export function loadZarrita(): Promise<Zarrita> {
  zarrita ??= import("zarrita").then((library) => {
    const { registry } = library;
    const libraryZstd = registry.get("zstd");
    let zstd: Promise<LibraryCodec> | null = null;
    const decodeZstd: StreamDecoder = async (bytes, nBytes) => {
      const declared = zstdContentBytes(bytes);
      if (declared !== nBytes) throw new Error(`Zstandard data that declares ${declared} bytes`);
      zstd ??= (async () => {
        const codec = (await libraryZstd?.()) as { fromConfig(given: object, of: object): LibraryCodec } | undefined;
        if (!codec) throw new Error("Zstandard data, which cannot be decoded here");
        return codec.fromConfig({ level: 1 }, {});
      })();
      const codec = await zstd;
      try {
        return await codec.decode(bytes);
      } catch (error) {
        throw new Error("Zstandard data that is damaged", { cause: messageOf(error) });
      }
    };
    const decoders: Record<string, StreamDecoder> = {
      blosc: (bytes, nBytes) => decodeBlosc(bytes, nBytes, decodeZstd),
      zstd: decodeZstd,
      lz4: lz4WithSize,
      gzip: decodeGzip,
      zlib: decodeZlib,
    };
    for (const [name, decode] of Object.entries(decoders)) {
      registry.set(name, boundedCodec(name, decode));
      registry.set(`numcodecs.${name}`, boundedCodec(name, decode));
    }
    return library;
  });
  return zarrita;
}

import { registry } from "zarrita";

interface LibraryCodec {
  encode(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** The library's own codecs, as they were before ours stood in their place: import this first. */
const library = new Map(["blosc", "zstd", "lz4"].map((name) => [name, registry.get(name)]));

/** Bytes compressed by the library, e.g. with {cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0}. */
export async function encoded(
  name: "blosc" | "zstd" | "lz4",
  configuration: object,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  const codec = (await library.get(name)?.()) as unknown as { fromConfig(given: object): LibraryCodec };
  return (await codec.fromConfig(configuration).encode(bytes)).slice();
}

import type { FilePlace } from "../../src/io/write/correctionSinks.ts";

/** Files in memory; only whole ones are there. */
export function memoryPlace(): FilePlace & { files: Map<string, Uint8Array>; nDiscarded: number } {
  const files = new Map<string, Uint8Array>();
  const place = {
    files,
    nDiscarded: 0,
    async create(name: string, _bytes: number) {
      const parts: Uint8Array[] = [];
      return {
        append: async (bytes: Uint8Array) => void parts.push(bytes),
        close: async () => void files.set(name, new Uint8Array(Buffer.concat(parts))),
        discard: async () => void place.nDiscarded++,
      };
    },
  };
  return place;
}

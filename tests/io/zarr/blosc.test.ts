import { describe, expect, it } from "vitest";
import { registry } from "zarrita";
import { decodeBlosc } from "../../../src/io/zarr/blosc.ts";
import { loadZarrita } from "../../../src/io/zarr/codecs.ts";
import { decodeLz4 } from "../../../src/io/zarr/lz4.ts";
import { unshuffleBits, unshuffleBytes } from "../../../src/io/zarr/shuffle.ts";
import { firstDifference } from "../rangeContract.ts";
import { encoded } from "./encoders.ts";

/** Numbers that shrink, but not to nothing. */
const numbers = (n: number) => new Uint8Array(n).map((_, i) => (Math.imul(i, 2654435761) >>> 24) % (1 + (i % 7) * 9));

async function decoderOf(name: string) {
  await loadZarrita();
  const entry = (await registry.get(name)?.()) as unknown as {
    fromConfig(given: object, of: object): { decode(bytes: Uint8Array): Promise<Uint8Array> };
  };
  return (bytes: Uint8Array, n: number) => entry.fromConfig({}, { dataType: "uint8", shape: [n] }).decode(bytes);
}

const noZstd = () => {
  throw new Error("no Zstandard here");
};

describe("codecs", () => {
  it.each(["lz4", "lz4hc", "zlib", "zstd"])("Blosc with %s gives back what the library packed", async (cname) => {
    const decode = await decoderOf("blosc");
    for (const shuffle of [0, 1, 2]) {
      for (const n of [1, 7, 100, 4096, 50_000, 300_001]) {
        for (const blocksize of [0, 1024]) {
          const packed = await encoded("blosc", { cname, clevel: 5, shuffle, blocksize }, numbers(n));
          const where = `${shuffle} ${n} ${blocksize}`;
          expect(firstDifference(await decode(packed, n), numbers(n)), where).toBe(-1);
        }
      }
    }
  });

  it.each<["zstd" | "lz4", object]>([
    ["zstd", { level: 3 }],
    ["lz4", { acceleration: 1 }],
  ])("%s gives back what the library packed", async (name, configuration) => {
    const decode = await decoderOf(name);
    for (const n of [1, 100, 50_000, 300_001]) {
      expect(firstDifference(await decode(await encoded(name, configuration, numbers(n)), n), numbers(n))).toBe(-1);
    }
  });

  it("damage anywhere in a Blosc buffer of Zstandard never passes as what lay in memory before", async () => {
    const decode = await decoderOf("blosc");
    const [n, other] = [20_000, numbers(20_000).reverse()];
    const sound = await encoded("blosc", { cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0 }, numbers(n));
    const before = await encoded("blosc", { cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0 }, other);
    let nTold = 0;
    for (let at = 0; at < sound.length; at += 37) {
      await decode(before, n);
      const damaged = sound.slice();
      damaged.fill(0, at, at + 64);
      const outcome = await decode(damaged, n).catch((error: unknown) => error);
      if (outcome instanceof Error) nTold++;
      else expect(firstDifference(outcome as Uint8Array, other)).toBeGreaterThanOrEqual(0);
    }
    expect(nTold).toBeGreaterThan(0.9 * (sound.length / 37));
  });

  it("refuses a buffer that is cut, too large, or of another size before it asks for memory", async () => {
    const sound = await encoded("blosc", { cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 }, numbers(5000));
    await expect(decodeBlosc(sound.slice(0, 100), 5000, noZstd)).rejects.toThrow(
      /100 bytes where its Blosc header states/,
    );
    await expect(decodeBlosc(sound.slice(0, 3), 5000, noZstd)).rejects.toThrow(/3 bytes, too few/);
    const bomb = sound.slice();
    new DataView(bomb.buffer).setUint32(4, 2 ** 31, true);
    await expect(decodeBlosc(bomb, 5000, noZstd)).rejects.toThrow(/declares 2147483648 bytes/);
    const old = sound.slice();
    old[2] &= 31 & ~2; // blosclz, and not copied
    await expect(decodeBlosc(old, 5000, noZstd)).rejects.toThrow(
      /Blosc with the codec blosclz, where lz4, zlib and zstd can be read/,
    );
  });

  it("LZ4 that points outside of what is there is damaged", () => {
    // four literals, then a match that starts before them
    expect(() => decodeLz4(Uint8Array.of(0x40, 1, 2, 3, 4, 5, 0), 8)).toThrow(/damaged/);
    expect([...decodeLz4(Uint8Array.of(0x40, 1, 2, 3, 4, 4, 0), 8)]).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
    expect(() => decodeLz4(Uint8Array.of(0x40, 1, 2, 3, 4, 4, 0), 7)).toThrow(/damaged/);
    expect(() => decodeLz4(new Uint8Array(0), 1)).toThrow(/damaged/);
  });

  it.each([1, 2, 3, 8])("bits and bytes of elements of %i bytes come back to their places", (typeBytes) => {
    const [n, original] = [64, numbers(64 * typeBytes)];
    const [bits, bytes] = [new Uint8Array(n * typeBytes), new Uint8Array(n * typeBytes)];
    for (let i = 0; i < n; i++) {
      for (let place = 0; place < typeBytes; place++) {
        const value = original[i * typeBytes + place];
        bytes[place * n + i] = value;
        for (let k = 0; k < 8; k++) {
          const row = place * 8 + k;
          bits[(row * n) / 8 + (i >> 3)] |= ((value >> k) & 1) << (i & 7);
        }
      }
    }
    const out = new Uint8Array(n * typeBytes);
    unshuffleBytes(bytes, out, typeBytes);
    expect([...out]).toEqual([...original]);
    unshuffleBits(bits, out, typeBytes);
    expect([...out]).toEqual([...original]);
  });
});

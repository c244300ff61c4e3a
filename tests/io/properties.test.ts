import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { readColumn } from "../../src/io/columns.ts";
import { openSources } from "../../src/io/open.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { zipBytes } from "../../src/io/write/zip.ts";
import { fixtureBytes } from "../fixture.ts";
import { f8, sourcesOf } from "./support.ts";

/** Opening may succeed or fail, but it fails only with a sentence. Anything else is a bug of ours and is rethrown. */
async function opensOrExplains(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.message).toMatch(/\.$/);
    return false;
  }
}

const mutations = (length: number) =>
  fc.array(fc.tuple(fc.nat(length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });

function mutated(bytes: Uint8Array, changes: [number, number][]): Uint8Array {
  const copy = bytes.slice();
  for (const [at, value] of changes) copy[at] = value;
  return copy;
}

describe("hostile bytes", () => {
  it("random bytes are refused with a sentence", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom("peak_times.npy", "x.zip", "peaks.npy"),
        async (bytes, name) => {
          expect(await opensOrExplains(() => openSources(sourcesOf({ [name]: bytes })))).toBe(false);
        },
      ),
    );
  });

  it("random text after a true magic is refused with a sentence", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 120 }), async (text) => {
        const header = new TextEncoder().encode(text);
        const bytes = new Uint8Array([
          0x93,
          0x4e,
          0x55,
          0x4d,
          0x50,
          0x59,
          1,
          0,
          header.length & 255,
          header.length >> 8,
          ...header,
        ]);
        expect(await opensOrExplains(() => readColumn(memorySource("x.npy", bytes)))).toBe(false);
      }),
    );
  });

  it("a header with bytes changed reads or explains itself", async () => {
    const peaks = new Uint8Array(await fixtureBytes("io/npy/peaks.npy"));
    const plain = f8([1, 2, 3]);
    await fc.assert(
      fc.asyncProperty(fc.boolean(), mutations(128), async (structured, changes) => {
        const bytes = mutated(structured ? peaks : plain, changes);
        await opensOrExplains(() => readColumn(memorySource("x.npy", bytes), structured ? "amplitude" : undefined));
      }),
      { numRuns: 500 },
    );
  });

  it("an archive with bytes changed or cut reads or explains itself", async () => {
    const zip = zipBytes(sourcesOfTriple(), new Date(2020, 1, 1));
    await fc.assert(
      fc.asyncProperty(mutations(zip.length), fc.nat(zip.length), async (changes, length) => {
        await opensOrExplains(() => openSources(sourcesOf({ "x.zip": mutated(zip, changes) })));
        await opensOrExplains(() => openSources(sourcesOf({ "x.zip": zip.slice(0, length) })));
      }),
      { numRuns: 300 },
    );
  });
});

function sourcesOfTriple() {
  return ["peak_times.npy", "peak_depths.npy", "peak_amplitudes.npy"].map((path) => ({
    path,
    bytes: f8([1, 2, 3, 4]),
  }));
}

describe("what is written is read", () => {
  it("any float64 array of any shape, exactly", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double(), { maxLength: 50 }), async (values) => {
        const column = await readColumn(memorySource("x.npy", npyBytes(values, [values.length, 1], "<f8")));
        expect([...column.values]).toEqual(values);
      }),
    );
  });

  it("any whole numbers up to 2^53 as int64, exactly", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.maxSafeInteger(), { maxLength: 50 }), async (values) => {
        const column = await readColumn(memorySource("x.npy", npyBytes(values, [values.length], "<i8")));
        expect([...column.values]).toEqual(values.map((v) => v + 0));
      }),
    );
  });

  it("spikes in any order come out sorted, rows together", async () => {
    const time = fc.double({ min: 0, max: 1e4, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(time, { minLength: 1, maxLength: 60 }), async (times) => {
        const depths = times.map((t) => t * 2 + 1);
        const [opened] = await openSources(
          sourcesOf({ "peak_times.npy": f8(times), "peak_depths.npy": f8(depths), "peak_amplitudes.npy": f8(times) }),
        );
        if (opened.kind !== "spikes") throw new Error("expected spikes");
        expect([...opened.spikes.timeSec]).toEqual([...times].sort((a, b) => a - b));
        expect([...opened.spikes.depthUm]).toEqual([...opened.spikes.timeSec].map((t) => t * 2 + 1));
      }),
    );
  });
});

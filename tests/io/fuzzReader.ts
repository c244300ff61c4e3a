import fc from "fast-check";
import { expect } from "vitest";
import { openRecordings, openSources } from "../../src/io/open.ts";
import { withAllocationLimit } from "./allocations.ts";
import { budgeted, bytesOf, damaged, damages, lettersOf, opensOrExplains } from "./mutations.ts";

const MAX_ALLOCATION_BYTES = 2 ** 30;
const MAX_MS = 2000;
/** Beyond which no description is believed. */
const MAX_CHANNELS = 1e5;
/** Beyond this only the head of a file is damaged as text, else a few bytes: cutting strings of megabytes would be all we do. */
const MAX_TEXT_BYTES = 64 * 1024;
const HEAD_BYTES = 8192;

type Files = Record<string, Uint8Array>;

/** What happens to a whole folder: a file damaged, cut short, lost, emptied, doubled, or two of them exchanged. */
const happenings = fc.record({
  kind: fc.constantFrom("damage", "damage", "damage", "damage", "cut", "lose", "empty", "copy", "swap"),
  which: fc.nat(1e6),
  other: fc.nat(1e6),
  at: fc.noBias(fc.nat(99_999)).map((n) => n / 1e5),
  bytes: fc.array(fc.nat(255), { minLength: 1, maxLength: 8 }),
  list: damages,
});

function happened(files: Files, { kind, which, other, at, bytes, list }: Happening): Files {
  const names = Object.keys(files);
  const [name, second] = [names[which % names.length], names[other % names.length]];
  const file = files[name];
  switch (kind) {
    case "cut":
      return { ...files, [name]: file.slice(0, Math.floor(at * file.length)) };
    case "lose": {
      const { [name]: _, ...rest } = files;
      return rest;
    }
    case "empty":
      return { ...files, [name]: new Uint8Array(0) };
    case "copy":
      return { ...files, [`copy of ${name}`.replace(/^(copy of )(.*\/)/, "$2$1")]: file };
    case "swap":
      return { ...files, [name]: files[second], [second]: file };
    default:
      return {
        ...files,
        [name]: file.length > MAX_TEXT_BYTES ? damagedLarge(file, { at, bytes, list }) : damagedText(file, list),
      };
  }
}

const damagedText = (file: Uint8Array, list: Happening["list"]) => bytesOf(damaged(lettersOf(file), list));

function damagedLarge(file: Uint8Array, { at, bytes, list }: Pick<Happening, "at" | "bytes" | "list">): Uint8Array {
  if (bytes[0] % 4 === 0) return poked(file, at, bytes);
  const head = damagedText(file.subarray(0, HEAD_BYTES), list);
  const out = new Uint8Array(head.length + file.length - HEAD_BYTES);
  out.set(head);
  out.set(file.subarray(HEAD_BYTES), head.length);
  return out;
}

type Happening = typeof happenings extends fc.Arbitrary<infer T> ? T : never;

function poked(file: Uint8Array, at: number, bytes: readonly number[]): Uint8Array {
  const out = file.slice();
  out.set(bytes.slice(0, file.length), Math.floor(at * (file.length - bytes.length)));
  return out;
}

/**
 * Damage the files of a format `numRuns` times and open what is left: it opens, or fails with one sentence, within 2 s and
 * without asking for more than 1 GB at once. Recordings are read at both ends. `seeds` are sound folders; at least one of
 * them must be of `format`. Returns how many opened, so that a test can see that not all were refused at the door.
 */
export async function fuzzReader(
  format: string,
  seeds: readonly Files[],
  numRuns: number,
): Promise<{ nOpened: number }> {
  for (const seed of seeds) {
    const formats = (await openSources(budgeted(seed))).map(({ info }) => info.format);
    expect(formats, "a sound folder is of the format").toContain(format);
  }
  let nOpened = 0;
  const property = fc.asyncProperty(
    fc.nat(seeds.length - 1),
    fc.array(happenings, { minLength: 1, maxLength: 2 }),
    async (seed, list) => {
      const files = list.reduce<Files>(
        (left, one) => (Object.keys(left).length > 0 ? happened(left, one) : left),
        seeds[seed],
      );
      let opens = false;
      const open = () =>
        withAllocationLimit(MAX_ALLOCATION_BYTES, async () => {
          const opened = await opensOrExplains(() => openSources(budgeted(files)));
          opens = opened?.some(({ info }) => info.format === format) ?? false;
          if (opened?.some(({ kind }) => kind === "recording")) await readBothEnds(files);
        });
      expect(await leastMs(open), "milliseconds").toBeLessThan(MAX_MS);
      if (opens) nOpened++;
    },
  );
  await fc.assert(property, { numRuns });
  return { nOpened };
}

/** What is slow is slow again, while a machine that stood still for a moment is not: only the best of three is held against us. */
async function leastMs(action: () => Promise<void>): Promise<number> {
  let least = Infinity;
  for (let nth = 0; nth < 3 && least >= MAX_MS; nth++) {
    const startMs = performance.now();
    await action();
    least = Math.min(least, performance.now() - startMs);
  }
  return least;
}

async function readBothEnds(files: Files): Promise<void> {
  for (const { recording, readSamples } of (await opensOrExplains(() => openRecordings(budgeted(files)))) ?? []) {
    const { nChannels, uvPerBit, delaySamples, probe } = recording;
    expect(nChannels).toBeLessThanOrEqual(MAX_CHANNELS);
    expect(uvPerBit).toHaveLength(nChannels);
    expect(uvPerBit.every((uv) => uv > 0 && Number.isFinite(uv))).toBe(true);
    expect([0, nChannels]).toContain(delaySamples.length);
    expect(delaySamples.every((delay) => delay >= 0 && delay < 1)).toBe(true);
    expect([0, nChannels]).toContain(probe.positionsUm.length);
    expect(probe.positionsUm.flat().every(Number.isFinite)).toBe(true);
    for (const [segment, { nSamples, startSec }] of recording.segments.entries()) {
      expect(Number.isFinite(startSec)).toBe(true);
      const n = Math.min(nSamples, 50);
      for (const from of [0, nSamples - n]) {
        const samples = await opensOrExplains(() => readSamples(segment, from, from + n));
        if (samples) expect(samples).toHaveLength(n * recording.nSavedChannels);
      }
    }
  }
}

import { expect } from "vitest";
import { type ByteSource, memorySource } from "../../src/io/byteSource.ts";
import { openRecordings } from "../../src/io/open.ts";
import type { RecordingSource } from "../../src/io/recordingSource.ts";

/** Anything that gives rows [from, to) of an array. */
export interface RangeReader {
  nRows: number;
  rowBytes: number;
  /** bytes before the first row */
  startByte: number;
  read(from: number, to: number): Promise<ArrayLike<number>>;
}

/** Bytes a disk or a browser hands out at once: rows that straddle their borders are where ranges go wrong. */
const SECTORS = [512, 4096, 65536];

/**
 * What every ranged reader owes: rows [a, b) and then [b, c) are rows [a, c), at random places and around the borders of
 * sectors. The places are the same in every run.
 */
export async function checkRandomRanges(
  { nRows, rowBytes, startByte, read }: RangeReader,
  nPlaces = 40,
): Promise<void> {
  let state = 20260101;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const anywhere = () => Math.floor(uniform() * (nRows + 1));
  const atBorder = (sector: number) => {
    const byte = sector * Math.floor(uniform() * Math.ceil((startByte + nRows * rowBytes) / sector));
    return Math.min(nRows, Math.max(0, Math.round((byte - startByte) / rowBytes) + Math.floor(3 * uniform()) - 1));
  };
  for (let i = 0; i < nPlaces; i++) {
    const middle = i % 2 === 0 ? anywhere() : atBorder(SECTORS[(i >> 1) % SECTORS.length]);
    const [a, b, c] = [anywhere(), middle, anywhere()].sort((x, y) => x - y);
    const [first, second, whole] = [await read(a, b), await read(b, c), await read(a, c)];
    const halves = new Float64Array(first.length + second.length);
    halves.set(first);
    halves.set(second, first.length);
    expect(firstDifference(halves, whole), `rows ${a}, ${b}, ${c}: place where the halves differ from the whole`).toBe(
      -1,
    );
  }
}

/** Where two arrays differ first; −1 when they are the same. A plain loop: vitest takes seconds for a million values. */
export function firstDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  const n = Math.max(found.length, expected.length);
  for (let i = 0; i < n; i++) if (!Object.is(found[i], expected[i])) return i;
  return -1;
}

/** A description and its binary, in memory. */
export interface MetaAndBinary {
  meta: Uint8Array;
  binary: Uint8Array;
}

const opened = async (sources: readonly ByteSource[]) => {
  const found = await openRecordings(sources);
  expect(found).toHaveLength(1);
  return found[0];
};

/** All samples of one trigger. */
export const samplesOf = ({ recording, readSamples }: RecordingSource) =>
  readSamples(0, 0, recording.segments[0].nSamples);

/**
 * What every reader of recordings owes. The files under any names, beside others, in any folder are the same recording. A
 * binary cut anywhere is read up to its last whole sample, and a warning says the bytes expected and found.
 */
export async function checkRecordingContract({ meta, binary }: MetaAndBinary): Promise<void> {
  const from = (metaName: string, binaryName: string, bytes: Uint8Array) =>
    opened([
      memorySource(metaName, meta),
      memorySource(binaryName, bytes),
      memorySource("notes.txt", meta.slice(0, 5)),
    ]);
  const reference = await from("a.ap.meta", "a.ap.bin", binary);
  const samples = await samplesOf(reference);
  for (const [metaName, binaryName] of [
    ["npx.imec.meta", "npx.imec.bin"],
    ["description", "data"],
    ["ä/b c/run.1.meta", "ä/b c/run.1.bin"],
  ]) {
    const renamed = await from(metaName, binaryName, binary);
    expect(renamed.recording).toEqual(reference.recording);
    expect(firstDifference(await samplesOf(renamed), samples)).toBe(-1);
  }
  const sampleBytes = 2 * reference.recording.nSavedChannels;
  const declared = /^fileSizeBytes=(\d+)/m.exec(new TextDecoder().decode(meta))?.[1];
  for (const length of [1, sampleBytes - 1, sampleBytes, Math.floor(binary.length / 2) + 1, binary.length - 1]) {
    const cut = await from("a.ap.meta", "a.ap.bin", binary.slice(0, length));
    const nSamples = Math.floor(length / sampleBytes);
    expect(cut.recording.segments.map((s) => s.nSamples)).toEqual([nSamples]);
    const sentence = `a.ap.bin is cut short: expected ${declared} bytes by a.ap.meta, found ${length}; read as ${nSamples} samples`;
    expect(cut.warnings.filter((text) => text.startsWith(sentence))).toHaveLength(1);
    const expected = samples.subarray(0, nSamples * reference.recording.nSavedChannels);
    expect(firstDifference(await samplesOf(cut), expected)).toBe(-1);
  }
}

import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { type ByteSource, memorySource } from "../../src/io/byteSource.ts";
import { readNpyHeader } from "../../src/io/npy/header.ts";
import { readNpyRows } from "../../src/io/npy/rows.ts";
import { openSources } from "../../src/io/open.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import type { OpenedDataset } from "../../src/protocol/datasets.ts";
import { fixtureBytes } from "../fixture.ts";

export const f8 = (values: ArrayLike<number>, shape: number[] = [values.length]) => npyBytes(values, shape, "<f8");
export const utf8 = (text: string) => new TextEncoder().encode(text);

/** A file of tests/fixtures/io as a source of any path. */
export async function fixtureSource(name: string, path = name): Promise<ByteSource> {
  return memorySource(path, new Uint8Array(await fixtureBytes(`io/${name}`)));
}

/** Files by path, from bytes. */
export function sourcesOf(files: Record<string, Uint8Array>): ByteSource[] {
  return Object.entries(files).map(([path, bytes]) => memorySource(path, bytes));
}

export async function expectedOf(name: string): Promise<{ shape: number[]; values: number[] }> {
  const all = JSON.parse(await readFile("tests/fixtures/io/expected.json", "utf8"));
  return all[name];
}

/** The only spikes, or the only motion, of what was opened. */
export function spikesOf(opened: readonly OpenedDataset[]): SpikeTable {
  const found = opened.flatMap((d) => (d.kind === "spikes" ? [d.spikes] : []));
  expect(found).toHaveLength(1);
  return found[0];
}

export function motionOf(opened: readonly OpenedDataset[]): Motion {
  const found = opened.flatMap((d) => (d.kind === "motion" ? [d.motion] : []));
  expect(found).toHaveLength(1);
  return found[0];
}

/** A source that remembers which bytes were asked of it. */
export function watched(source: ByteSource): { source: ByteSource; reads: [number, number][] } {
  const reads: [number, number][] = [];
  const read = (start: number, end: number) => {
    reads.push([start, end]);
    return source.read(start, end);
  };
  return { source: { path: source.path, size: source.size, read }, reads };
}

/**
 * What every reader owes. The same data under another folder name, as loose files, and inside an archive of any name give
 * the same result; `files` are relative to one folder. A copy of any .npy cut short gives an AppError that names it, or
 * a warning of what is sound beside it, unless it is one of those that only lie beside.
 */
export async function checkReader(
  format: string,
  files: Record<string, Uint8Array>,
  archive: Uint8Array,
  liesBeside = /^$/,
): Promise<void> {
  const under = (folder: string) =>
    sourcesOf(Object.fromEntries(Object.entries(files).map(([path, bytes]) => [folder + path, bytes])));
  const loose = await openSources(under(""));
  expect(loose[0].info.format).toBe(format);
  expect(loose[0].info.files.length).toBeGreaterThan(0);
  const others = [under("unknown/"), under("a b/ünknown/"), [memorySource("unknown", archive)]];
  for (const sources of others) {
    const opened = await openSources(sources);
    expect(opened.map((d) => ({ ...d, info: null }))).toEqual(loose.map((d) => ({ ...d, info: null })));
    expect(opened.map((d) => d.info.format)).toEqual(loose.map((d) => d.info.format));
  }
  const wasRead = new Set(loose.flatMap((d) => d.info.files.map((f) => f.path)));
  for (const path of Object.keys(files).filter((p) => p.endsWith(".npy") && wasRead.has(p) && !liesBeside.test(p))) {
    await checkTruncated(files, path);
  }
}

async function checkTruncated(files: Record<string, Uint8Array>, path: string): Promise<void> {
  for (const length of [0, 7, 40, files[path].length - 1]) {
    const cut = { ...files, [path]: files[path].slice(0, length) };
    const said = await openSources(sourcesOf(cut)).then(
      // what is broken beside sound spikes is a warning
      (opened) => opened.flatMap(({ info }) => info.warnings),
      (error: unknown) => (error instanceof AppError ? [error.message] : [`no sentence: ${error}`]),
    );
    expect(said.join(" "), `${path} cut to ${length} bytes`).toContain(path);
  }
}

/** Rows [a, b) and [b, c) together are rows [a, c), for every cut. */
export async function checkRanges(source: ByteSource, field?: string): Promise<void> {
  const header = await readNpyHeader(source);
  const n = header.shape[0];
  const whole = await readNpyRows(source, header, 0, n, field);
  for (let cut = 0; cut <= n; cut++) {
    const first = await readNpyRows(source, header, 0, cut, field);
    const second = await readNpyRows(source, header, cut, n, field);
    expect([...first, ...second]).toEqual([...whole]);
  }
}

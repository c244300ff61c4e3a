import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import { openRecordings } from "../../../src/io/open.ts";
import { plainDescription } from "../../../src/io/plain/describe.ts";
import { chosenSites, probePartsWithWiring } from "../../../src/io/plain/probeFile.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import type { PlainLayout, ProbeChoice } from "../../../src/protocol/plainBinary.ts";
import { checkReader, sourcesOf } from "../support.ts";
import { bytesOf, samplesOf, withHeader } from "./plainFiles.ts";

const N = 200;
const samples = samplesOf({ nChannels: 16, nUnits: 2 }, N);
const usual: PlainLayout = { dtype: "int16", nSaved: 17, sync: 1, rateHz: 25_000, offsetBytes: 0, uvPerBit: 2.5 };
const NONE = { kind: "none" } as const;

type Known = Exclude<ProbeChoice, { kind: "file" }>;

function described(bytes: Uint8Array, changes: Partial<PlainLayout> = {}, probe: Known = NONE) {
  const binary = { path: "run/rec.dat", bytes };
  const files = plainDescription({ path: binary.path, bytes: bytes.length }, { ...usual, ...changes }, probe);
  return Object.fromEntries([binary, ...files].map((file) => [file.path, file.bytes]));
}

async function only(files: Record<string, Uint8Array>) {
  const found = await openRecordings(sourcesOf(files));
  expect(found).toHaveLength(1);
  return found[0];
}

describe("a described binary opens as its layout says", () => {
  it("under any folder, loose and in an archive", async () => {
    const files = described(bytesOf(samples), {}, { kind: "linear", pitchUm: 20 });
    const bare = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path.replace("run/", ""), bytes]));
    await checkReader(
      "spikeinterface-binary",
      bare,
      zipBytes(Object.entries(bare).map(([path, bytes]) => ({ path, bytes }))),
    );
  });

  it("with rate, scale, sync words last and the sites that were chosen", async () => {
    const source = await only(described(bytesOf(samples), {}, { kind: "linear", pitchUm: 25 }));
    expect(source.recording).toMatchObject({ rateHz: 25_000, nChannels: 16, nSavedChannels: 17, sync: 1 });
    expect([...source.recording.uvPerBit]).toEqual(new Array(16).fill(2.5));
    expect(source.recording.probe.positionsUm).toEqual(Array.from({ length: 16 }, (_, c) => [0, 25 * c]));
    expect(await source.readSamples(0, 0, N)).toEqual(samples);
  });

  it.each([
    ["int32", Int32Array.from(samples)],
    ["float32", Float32Array.from(samples)],
    ["float64", Float64Array.from(samples)],
  ] as const)("%s", async (dtype, values) => {
    const source = await only(described(bytesOf(values), { dtype }));
    expect(await source.readSamples(0, 0, N)).toEqual(Float32Array.from(samples));
  });

  it("uint16 around the middle of its range", async () => {
    const source = await only(
      described(bytesOf(Uint16Array.from(samples, (value) => value + 32_768)), { dtype: "uint16", sync: 0 }),
    );
    expect(await source.readSamples(0, 0, N)).toEqual(Float32Array.from(samples));
  });

  it("behind a header, without a scale, cut short: what is assumed and left out is said", async () => {
    const bytes = withHeader(new Uint8Array(11), bytesOf(samples)).slice(0, -4);
    const source = await only(described(bytes, { offsetBytes: 11, uvPerBit: null }));
    expect(source.recording.segments).toEqual([{ startSec: 0, nSamples: N - 1 }]);
    expect(await source.readSamples(0, 0, N - 1)).toEqual(samples.slice(0, (N - 1) * 17));
    expect(source.warnings.join(" ")).toContain(
      "run/rec.dat ends within a sample of 17 channels (34 bytes each): the last 30 bytes were left out.",
    );
    expect(source.warnings.join(" ")).toContain("one unit is taken as 1 µV");
  });

  it("two of them in one folder, each with its own probe", async () => {
    const one = described(bytesOf(samples), {}, { kind: "linear", pitchUm: 20 });
    const two = described(bytesOf(samples), {}, { kind: "linear", pitchUm: 40 });
    const both = { ...one, ...rename(two, "rec", "other") };
    const found = await openRecordings(sourcesOf(both));
    expect(found.map(({ recording }) => recording.probe.positionsUm[1])).toEqual([
      [0, 20],
      [0, 40],
    ]);
  });
});

/** The same files under another stem, which the description then names. */
function rename(files: Record<string, Uint8Array>, from: string, to: string): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(files).map(([path, bytes]) => {
      const isText = path.endsWith(".json");
      const text = isText ? new TextDecoder().decode(bytes).replaceAll(`${from}.dat`, `${to}.dat`) : "";
      return [path.replace(`/${from}.`, `/${to}.`), isText ? new TextEncoder().encode(text) : bytes];
    }),
  );
}

describe("probes by part number", () => {
  it("have the maker's first wiring: bank 0 from the tip up", () => {
    const { positionsUm, connected, partNumber } = chosenSites("p.json", { kind: "part", partNumber: "NP1000" }, 384);
    expect(partNumber).toBe("NP1000");
    expect([0, 1, 2, 3, 383].map((c) => positionsUm[c])).toEqual([
      [27, 0],
      [59, 0],
      [11, 20],
      [43, 20],
      [43, 3820],
    ]);
    expect(connected.flatMap((is, c) => (is ? [] : [c]))).toEqual([191]);
  });

  it("of several shanks reach the first, block by block", () => {
    const { positionsUm } = chosenSites("p.json", { kind: "part", partNumber: "NP2013" }, 384);
    expect(positionsUm.every(([x]) => x === 27 || x === 59)).toBe(true);
    // channel 48 is electrode 288, channel 96 electrode 48, channel 383 electrode 287
    expect([0, 48, 96, 383].map((c) => positionsUm[c])).toEqual([
      [27, 0],
      [27, 144 * 15],
      [27, 24 * 15],
      [59, 143 * 15],
    ]);
    expect(new Set(positionsUm.map(String)).size).toBe(384);
  });

  it("leave out the reference where one channel is missing, else the last ones", () => {
    const without = chosenSites("p.json", { kind: "part", partNumber: "NP1000" }, 383).positionsUm;
    expect(without).toHaveLength(383);
    expect(without[191]).toEqual([27, 1920]);
    expect(chosenSites("p.json", { kind: "part", partNumber: "NP1000" }, 64).positionsUm).toHaveLength(64);
  });

  it("are offered where they can be laid out, each once", () => {
    const parts = probePartsWithWiring();
    expect(parts.map(({ partNumber }) => partNumber)).toContain("NP2013");
    expect(parts.some(({ partNumber }) => partNumber === "NP1110" || partNumber === "NP2020")).toBe(false);
    for (const { partNumber, nChannels } of parts)
      expect(chosenSites("p", { kind: "part", partNumber }, nChannels).positionsUm).toHaveLength(nChannels);
  });

  it.each<[Exclude<Known, { kind: "none" }>, number, string]>([
    [
      { kind: "part", partNumber: "NP1110" },
      384,
      "p.json: expected a part number with a wiring to start with, or a probeinterface .json, found NP1110 (Neuropixels Ultra, phase 2), whose wiring is chosen site by site.",
    ],
    [
      { kind: "part", partNumber: "NP7" },
      384,
      'p.json: expected a part number with a wiring to start with, or a probeinterface .json, found "NP7".',
    ],
    [
      { kind: "part", partNumber: "NP1000" },
      385,
      "p.json: expected at most 384 neural channels, as NP1000 reads at once, found 385.",
    ],
    [
      { kind: "linear", pitchUm: 0 },
      16,
      "p.json: expected a pitch above 0 and at most 10000 µm between contacts, found 0.",
    ],
  ])("refuse %o of %i channels", (choice, n, sentence) => {
    const attempt = () => chosenSites("p.json", choice, n);
    expect(attempt).toThrow(AppError);
    expect(attempt).toThrow(sentence);
  });
});

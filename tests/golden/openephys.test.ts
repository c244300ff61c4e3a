import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { type ByteSource, baseName } from "../../src/io/byteSource.ts";
import { openRecordings } from "../../src/io/open.ts";

/** Real recordings of Open Ephys, with what neo and SpikeInterface say of them. */
const samples = "../shared/samples/openephys";
const opto = `${samples}/NP1300_opto_with_sync`;
const FLOAT32_OF_0195 = 0.1949999928474426; // as the GUI writes the 0.195 µV of one bit

const renamed = (sources: readonly ByteSource[], rename: (path: string) => string) =>
  sources.map((source) => ({ ...source, path: rename(source.path) }));

describe("a real recording of Neuropixels Opto", () => {
  it("has 384 channels of 0.195 µV and the sync word", async () => {
    const [{ recording, warnings, title }, ...more] = await openRecordings(await nodeSources([opto]));
    expect(more).toEqual([]);
    expect(warnings).toEqual([]);
    expect(title).toBe("Open Ephys AP");
    expect(recording).toMatchObject({ stream: "ap", rateHz: 30000, nChannels: 384, nSavedChannels: 385, sync: 1 });
    expect(recording.segments).toEqual([{ startSec: 0, nSamples: 1000 }]);
    expect(recording.uvPerBit.every((uv) => uv === FLOAT32_OF_0195)).toBe(true);
    const { probe, delaySamples } = recording;
    expect(probe).toMatchObject({ model: "Neuropixels Opto", partNumber: "NP1300", nShanks: 1 });
    const expected = Array.from({ length: 384 }, (_, c) => [c % 2 === 0 ? 11 : 59, 20 * (c >> 1)]);
    expect(probe.positionsUm).toEqual(expected);
    expect(probe.connected.flatMap((on, c) => (on ? [] : [c]))).toEqual([191]);
    expect([...delaySamples].slice(0, 3)).toEqual([0, 0, 1 / 13]);
  });

  it("has the samples that lie in its file", async () => {
    const [{ readSamples, files }] = await openRecordings(await nodeSources([opto]));
    const binary = files[0].path.replace(/^[^/]*/, opto);
    expect(baseName(binary)).toBe("continuous.dat");
    const bytes = readFileSync(binary);
    const found = await readSamples(0, 0, 1000);
    expect(found).toHaveLength(385_000);
    expect([...found]).toEqual(Array.from(found, (_, i) => bytes.readInt16LE(2 * i)));
  });

  it("is found whatever its files and folders are called", async () => {
    const sources = await nodeSources([opto]);
    const names: Record<string, string> = {
      "structure.oebin": "description.json",
      "continuous.dat": "samples",
      "sample_numbers.npy": "numbers.npy",
      "timestamps.npy": "seconds.npy",
      "settings.xml": "setup.txt",
    };
    const flat = renamed(sources, (path) => `anything/${names[baseName(path)]}`);
    const nested = renamed(sources, (path) => {
      const name = names[baseName(path)];
      return name === "setup.txt" ? `x/${name}` : /npy$|^samples$/.test(name) ? `x/y/z/${name}` : `x/y/${name}`;
    });
    const [expected] = await openRecordings(sources);
    for (const other of [flat, nested, renamed(sources, baseName)]) {
      const [found] = await openRecordings(other);
      expect(found.recording).toEqual(expected.recording);
      expect(found.warnings).toEqual([]);
      expect(found.files.map((f) => f.size)).toEqual(expected.files.map((f) => f.size));
    }
  });
});

describe("real descriptions without their binaries", () => {
  it("tell every stream of a probe, with its sites", async () => {
    const found = await openRecordings(await nodeSources([`${samples}/headers_only`]));
    const rows = found.map(({ recording: { stream, rateHz, nChannels, sync, probe }, title }) => {
      return [title, stream, rateHz, nChannels, sync, probe.partNumber, probe.positionsUm.length];
    });
    expect(rows).toEqual([
      ["Open Ephys AP", "ap", 30000, 384, 0, "NP2014", 384],
      ["Open Ephys AP", "ap", 30000, 384, 1, "NP1032", 384],
      ["Open Ephys LF", "lf", 2500, 384, 1, "NP1032", 384],
    ]);
    for (const { recording, warnings } of found) {
      expect(recording.segments).toEqual([{ startSec: 0, nSamples: 0 }]);
      expect(warnings[0]).toMatch(
        /structure\.oebin: expected the binary it describes \(continuous\/.*\) below it, found none\.$/,
      );
      expect(warnings.slice(1)).toEqual([]); // sites by number and by position agree
    }
    // channels 0, 1 and 3: sites 768 (bank 2), 1 and 771
    expect([0, 1, 3].map((c) => found[1].recording.probe.positionsUm[c])).toEqual([
      [11, 7680],
      [114, 0],
      [114, 7700],
    ]);
  });
});

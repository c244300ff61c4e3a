import { describe, expect, it } from "vitest";
import { openRecordings, openSources } from "../../../src/io/open.ts";
import { npyBytes } from "../../../src/io/write/npy.ts";
import { type Files, kilosort4Files, paramsBytes, rawBytes } from "../../cases/sorterFiles.ts";
import { metaBytes } from "../../cases/spikeglxFiles.ts";
import { checkRandomRanges } from "../rangeContract.ts";
import { sourcesOf, spikesOf } from "../support.ts";

const NAME = "run_g0_t0.imec0.ap.bin";
const recordingsOf = (files: Files) => openRecordings(sourcesOf(files));
const below = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]));

async function only(files: Files) {
  const found = await recordingsOf(files);
  expect(found).toHaveLength(1);
  return found[0];
}

describe("the raw file of a sorter's folder", () => {
  it("is found by the name in params.py and read in the order of the channel map", async () => {
    const source = await only({ ...kilosort4Files(), [NAME]: rawBytes(20) });
    const { recording } = source;
    expect(recording).toMatchObject({ rateHz: 30000, nChannels: 4, nSavedChannels: 4, sync: 0, stream: "ap" });
    expect(recording.segments).toEqual([{ startSec: 0, nSamples: 20 }]);
    expect(recording.probe.positionsUm).toEqual([
      [0, 0],
      [32, 0],
      [0, 20],
      [32, 20],
    ]);
    expect([...recording.uvPerBit]).toEqual([1, 1, 1, 1]);
    expect(await source.readSamples(0, 2, 4)).toEqual(Int16Array.of(200, 201, 203, 204, 300, 301, 303, 304));
    expect(source.warnings).toContain(`${NAME}: 4 of 5 columns are read, those of channel_map.npy, in its order.`);
    expect(source.warnings.some((text) => text.includes("does not say how many µV"))).toBe(true);
  });

  it("comes with the spikes, whose channels are its channels", async () => {
    const opened = await openSources(sourcesOf({ ...kilosort4Files(), [NAME]: rawBytes(20) }));
    expect(opened.map(({ kind }) => kind)).toEqual(["spikes", "recording"]);
    expect(opened[0].info.warnings.filter((text) => text.includes("raw file it names"))).toEqual([]);
    expect(opened[0].info.probe).toEqual(opened[1].info.probe);
  });

  it("is looked for in the folders above, and then anywhere", async () => {
    for (const place of ["run/imec0", "run", "elsewhere"]) {
      const files = { ...below("run/imec0/kilosort4", kilosort4Files()), [`${place}/${NAME}`]: rawBytes(20) };
      expect((await only(files)).recording.segments[0].nSamples).toBe(20);
    }
  });

  it("may be named with a folder of Windows, and may be the only one that fits by its size", async () => {
    const windows = {
      "params.py": paramsBytes({ dat_path: String.raw`'D:\new data\raw.dat'` }),
      "raw.dat": rawBytes(3),
    };
    expect((await only({ ...kilosort4Files(), ...windows })).recording.segments[0].nSamples).toBe(3);
    const renamed = await only({ ...kilosort4Files(), "day1.bin": rawBytes(7), "other.bin": new Uint8Array(11) });
    expect(renamed.recording.segments[0].nSamples).toBe(7);
    expect(renamed.warnings).toContain(
      `day1.bin was taken for the raw file by its size, which is whole samples; params.py names ${NAME}.`,
    );
    expect(await recordingsOf({ ...kilosort4Files(), "a.bin": rawBytes(7), "b.bin": rawBytes(7) })).toEqual([]);
  });

  it("is left to the reader that knows more of it", async () => {
    const meta = metaBytes({ fileSizeBytes: 200, snsApLfSy: "4,0,1" });
    const files = { ...kilosort4Files(), [NAME]: rawBytes(20), [NAME.replace("bin", "meta")]: meta };
    const opened = await openSources(sourcesOf(files));
    expect(opened.map(({ info }) => info.format)).toEqual(["kilosort", "spikeglx"]);
    expect(opened[0].info.warnings.filter((text) => text.includes("raw file it names"))).toEqual([]);
    // entries 2 and 3 of the channel map are columns 3 and 4, as the recording numbers them
    expect([...(spikesOf(opened).channel ?? [])]).toEqual([0, 4, 3, 1, 3, 4]);
    expect(opened[0].info.probe).toBeUndefined();
  });

  it("may be several files, sorted as one", async () => {
    const names = ["first.bin", "second.bin"];
    const params = paramsBytes({ dat_path: `[\n  '/a/${names[0]}', # monday\n  r'/a/${names[1]}',\n]` });
    const source = await only({
      ...kilosort4Files(),
      "params.py": params,
      [names[0]]: rawBytes(3),
      [names[1]]: rawBytes(4),
    });
    expect(source.recording.segments).toEqual([{ startSec: 0, nSamples: 7 }]);
    expect([...(await source.readSamples(0, 2, 4))]).toEqual([200, 201, 203, 204, 0, 1, 3, 4]);
  });

  it("takes other number types, and the offset in bytes", async () => {
    const read = async (dtype: string, values: Iterable<number> & ArrayLike<number> & ArrayBufferView, offset = 0) => {
      const bytes = new Uint8Array(offset + values.byteLength);
      bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
      const params = paramsBytes({ dtype: `'${dtype}'`, offset: String(offset), n_channels_dat: "4" });
      const map = npyBytes([0, 1, 3, 2], [4], "<i4");
      const source = await only({ ...kilosort4Files(), "params.py": params, "channel_map.npy": map, [NAME]: bytes });
      return source.readSamples(0, 0, 1);
    };
    expect(await read("float32", Float32Array.of(1.5, -2, 3, 4))).toEqual(Float32Array.of(1.5, -2, 4, 3));
    expect(await read("<f8", Float64Array.of(1.5, -2, 3, 4), 7)).toEqual(Float32Array.of(1.5, -2, 4, 3));
    expect(await read("uint16", Uint16Array.of(32768, 32769, 0, 65535), 1)).toEqual(
      Float32Array.of(0, 1, 32767, -32768),
    );
    expect(await read("int16", Int16Array.of(-5, 6, 7, 8), 3)).toEqual(Int16Array.of(-5, 6, 8, 7));
  });

  it("gives the same samples by any ranges", async () => {
    const files = { ...kilosort4Files(), "params.py": paramsBytes({ offset: "13" }) };
    const bytes = new Uint8Array(13 + 10 * 9000);
    bytes.set(rawBytes(9000), 13);
    const { readSamples } = await only({ ...files, [NAME]: bytes });
    const read = (from: number, to: number) => readSamples(0, from, to);
    await checkRandomRanges({ nRows: 9000, rowBytes: 10, startByte: 13, read });
  });

  it("of broken samples is read up to the last whole one", async () => {
    const source = await only({ ...kilosort4Files(), [NAME]: rawBytes(20).slice(0, 195) });
    expect(source.recording.segments[0].nSamples).toBe(19);
    expect(source.warnings).toContain(
      `${NAME}: expected whole samples of 10 bytes, found 5 bytes behind the last one; they were left out.`,
    );
  });
});

import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import type { ByteSource } from "../../src/io/byteSource.ts";
import { describeAll } from "../../src/io/open.ts";
import type { DatasetInfo } from "../../src/protocol/datasets.ts";
import { CANNOT, type Facts, SAMPLES } from "./sampleFacts.ts";

const root = "../shared/samples";

/** Every file under a neutral name, files of one stem still under one; with or without what stands after the last dot. */
function renamed(sources: readonly ByteSource[], keepsExtensions: boolean): ByteSource[] {
  const names = new Map<string, string>();
  const neutral = (name: string) => {
    const known = names.get(name) ?? `n${names.size}`;
    names.set(name, known);
    return known;
  };
  return sources.map((source) => {
    const folders = source.path.split("/");
    const file = folders.pop() ?? "";
    const at = file.lastIndexOf(".");
    const [stem, extension] = at > 0 ? [file.slice(0, at), file.slice(at)] : [file, ""];
    const name = keepsExtensions ? neutral(stem) + extension : neutral(file);
    return {
      ...source,
      path: [...folders.map((_, i) => neutral(`/${folders.slice(0, i + 1).join("/")}`)), name].join("/"),
    };
  });
}

/** What the table says of a data set, out of what `inspect` prints. */
function factsOf(info: DatasetInfo): Facts {
  const { format, rateHz, nChannels, nSamples, nSpikes, durationSec, probe, uvPerBit, units, segments, nTimeBins } =
    info;
  return {
    format,
    durationSec: Number(durationSec.toPrecision(6)),
    ...(rateHz === undefined ? {} : { rateHz: Number(rateHz.toPrecision(11)) }),
    ...(nChannels === undefined ? {} : { nChannels }),
    ...(nSamples === undefined ? {} : { nSamples }),
    ...(segments === undefined ? {} : { nSegments: segments.length }),
    ...(typeof uvPerBit === "number" ? { uvPerBit: Number(uvPerBit.toPrecision(8)) } : {}),
    ...(nSpikes === undefined ? {} : { nSpikes }),
    ...(units === undefined ? {} : { nUnits: units.length }),
    ...(nTimeBins === undefined ? {} : { nTimeBins }),
    ...(probe === undefined ? {} : { nShanks: probe.nShanks, nContacts: probe.positionsUm.length }),
  };
}

const infosOf = async (sources: readonly ByteSource[]) => (await describeAll(sources)).map(({ info }) => info);
/** The sentence of a failure, or the warnings of what was opened nevertheless. */
const sentenceOf = (work: Promise<DatasetInfo[]>) =>
  work.then(
    (infos) => infos.flatMap(({ warnings }) => warnings).join(" "),
    (error: Error) => error.message,
  );
const inOrder = (sets: readonly Facts[]) => sets.map((one) => JSON.stringify(Object.entries(one).sort())).sort();

describe.each(SAMPLES)("$path", ({ path, sets, warnings, renamed: whenRenamed, bare }) => {
  const open = async (change: (sources: ByteSource[]) => ByteSource[]) =>
    infosOf(change(await nodeSources([`${root}/${path}`])));
  const check = (infos: readonly DatasetInfo[]) => {
    expect(inOrder(infos.map(factsOf))).toEqual(inOrder(sets));
    const said = infos.flatMap((info) => info.warnings);
    for (const words of warnings) expect(said.filter((text) => words.test(text))).not.toEqual([]);
  };

  it("is what its owner says", async () => check(await open((sources) => sources)));

  it("under other names", async () => {
    const opening = open((sources) => renamed(sources, true));
    if (whenRenamed === "same") check(await opening);
    else expect(await sentenceOf(opening)).toMatch(whenRenamed);
  });

  it("under other names without extensions", async () => {
    const opening = open((sources) => renamed(sources, false));
    if (bare === "same") check(await opening);
    else expect(await sentenceOf(opening)).toMatch(bare);
  });
});

describe("samples that cannot be opened", () => {
  it.each(CANNOT)("$path", async ({ path, sentence }) => {
    expect(await sentenceOf(nodeSources([`${root}/${path}`]).then(infosOf))).toMatch(sentence);
  });
});

it("all of them at once are found beside each other", async () => {
  expect(existsSync(root)).toBe(true);
  const infos = (await describeAll(await nodeSources([root]))).map(({ info }) => info);
  const expected = SAMPLES.flatMap(({ sets }) => sets.map(({ format }) => format)).sort();
  const found = infos.map(({ format }) => format).sort();
  expect(found).toEqual(expected);
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import { memorySource } from "../../../src/io/byteSource.ts";
import { parseMeta, readMeta } from "../../../src/io/spikeglx/meta.ts";
import { parseRanges } from "../../../src/io/spikeglx/ranges.ts";
import { describeMeta } from "../../../src/io/spikeglx/recording.ts";
import { type MetaKeys, metaBytes, metaText } from "../../cases/spikeglxFiles.ts";

const describeText = (changes: MetaKeys, n = 4) => {
  const warnings: string[] = [];
  return { ...describeMeta(parseMeta("a.meta", metaText(changes, n)), warnings), warnings };
};

describe("a description", () => {
  it("is known by its text, keeps = in values, and is nothing else's", async () => {
    const meta = await readMeta(memorySource("whatever", metaBytes()));
    expect(meta?.values.get("userNotes")).toBe("depth=3 mm, µ");
    const others = ["", "a=1\nb=2\n", '{"typeThis": 1}', "typeThis: imec", "key=\u0000typeThis=imec"];
    for (const text of others) {
      expect(await readMeta(memorySource("x.meta", new TextEncoder().encode(text))), text).toBeNull();
    }
  });

  it("gives rate, channels, scale and geometry", () => {
    const found = describeText({});
    expect(found).toMatchObject({ rateHz: 30000.061088, nChannels: 4, nSavedChannels: 5, sync: 1, stream: "ap" });
    expect([...found.uvPerBit]).toEqual([2.34375, 2.34375, 2.34375, 2.34375]);
    expect(found.probe).toEqual({
      model: "Neuropixels 1.0",
      partNumber: "NP1000",
      nShanks: 1,
      positionsUm: [
        [27, 0],
        [59, 0],
        [11, 20],
        [43, 20],
      ],
      shank: [0, 0, 0, 0],
      connected: [true, true, false, true],
    });
    expect(found.warnings).toEqual([]);
  });
});

describe("saved channels", () => {
  it("unroll ranges, inclusive, of exactly the count", () => {
    expect(parseRanges("0:2,7", 4)).toEqual([0, 1, 2, 7]);
    for (const bad of ["0:2", "0:999999999", "3:1,0,1,2", "0:1:2", "a", "", "-1:2", "0:3,"]) {
      expect(parseRanges(bad, 4), bad).toBeNull();
    }
  });

  it("pick gains and sites of a subset by their own channel", () => {
    const found = describeText({
      snsApLfSy: "2,0,1",
      nSavedChans: 3,
      snsSaveChanSubset: "1,3,8",
      "~imroTbl": "(0,4)(0 0 0 500 250 1)(1 0 0 1000 250 1)(2 0 0 500 250 1)(3 0 0 250 250 1)",
    });
    expect([...found.uvPerBit]).toEqual([1.171875, 4.6875]);
    expect(found.probe.positionsUm).toEqual([
      [59, 0],
      [43, 20],
    ]);
  });

  it("of an LF file count from the first LF channel; without a map the ~imroTbl tells the sites", () => {
    const found = describeText({
      snsApLfSy: "0,4,1",
      snsSaveChanSubset: "4:8",
      "~snsShankMap": undefined,
      "~imroTbl": "(0,4)(0 0 0 500 250 1)(1 1 0 500 125 1)(2 0 0 500 250 1)(3 0 0 500 250 1)",
    });
    expect(found.stream).toBe("lf");
    expect([...found.uvPerBit]).toEqual([4.6875, 9.375, 4.6875, 4.6875]);
    expect(found.probe.positionsUm[1]).toEqual([59, 192 * 20]);
  });

  it("of a Quad Base have four sync words", () => {
    const found = describeText({ imDatPrb_pn: "NP2020", snsApLfSy: "4,0,4", nSavedChans: 8, snsSaveChanSubset: "all" });
    expect(found).toMatchObject({
      sync: 4,
      nSavedChannels: 8,
      probe: { nShanks: 4, model: "Neuropixels 2.0 Quad Base" },
    });
  });
});

describe("the scale of a bit", () => {
  it.each([
    ["NP2013", { imDatPrb_pn: "NP2013", imAiRangeMax: 0.62, imMaxInt: 2048, imChan0apGain: 100 }, 3.02734375],
    ["NP2013 without imMaxInt and gain", { imDatPrb_pn: "NP2013", imAiRangeMax: 0.62 }, 3.02734375],
    ["a 2.0 prototype by type", { imDatPrb_pn: undefined, imDatPrb_type: 24, imAiRangeMax: 0.5 }, 0.762939453125],
    [
      "NP1110",
      { imDatPrb_pn: "NP1110", "~imroTbl": "(1110,2,0,500,250,1)(0 0 0)", "~snsShankMap": undefined },
      2.34375,
    ],
  ])("%s", (_, changes, expected) => {
    expect(describeText(changes).uvPerBit[3]).toBeCloseTo(expected, 10);
  });
});

describe("the probe", () => {
  it("is the part number's even where the type says another, and its map counts sites row by row", () => {
    const { probe } = describeText({
      imDatPrb_pn: "NP1100",
      "~snsShankMap": "(1,2,480)(0:0:0:1)(0:1:3:1)(0:0:4:1)(0:1:4:1)",
    });
    expect(probe.model).toBe("Neuropixels Ultra, phase 1");
    expect(probe.positionsUm).toEqual([
      [14, 0],
      [56, 0],
      [14, 6],
      [20, 6],
    ]);
  });

  it("of four shanks lies in one frame", () => {
    const geom = "(NP2013,4,250,70)(0:27:0:1)(1:59:15:1)(2:27:30:0)(3:59:45:1)";
    const { probe } = describeText({ imDatPrb_pn: "NP2013", imMaxInt: 2048, "~snsGeomMap": geom });
    expect(probe.positionsUm).toEqual([
      [27, 0],
      [309, 15],
      [527, 30],
      [809, 45],
    ]);
    expect(probe).toMatchObject({ nShanks: 4, shank: [0, 1, 2, 3], connected: [true, true, false, true] });
  });

  it("of Phase 3A has neither part number nor type", () => {
    const { probe } = describeText({ imDatPrb_pn: undefined, imDatPrb_type: undefined, imProbeOpt: 3 });
    expect(probe.model).toBe("Neuropixels Phase 3A, option 3");
  });

  it("that is not in the table is read on, with a warning and what the file tells", () => {
    const unknown = describeText({ imDatPrb_pn: "NP9999", imDatPrb_type: 9999, imMaxInt: 512 });
    expect(unknown.probe).toMatchObject({ model: "NP9999", positionsUm: [], connected: [] });
    expect(unknown.uvPerBit[0]).toBe(2.34375);
    expect(unknown.warnings).toEqual([
      'a.meta: expected a probe of our table, found the part number "NP9999"; read without knowledge of the probe.',
      "a.meta: expected in ~muxTbl, or from a probe we know, when each channel was sampled, found neither; channels are not shifted in time.",
    ]);
    expect(describeText({ imDatPrb_pn: "NP9999" }).warnings).toEqual([
      'a.meta: expected a probe of our table, found the part number "NP9999"; read as type 0 (Neuropixels 1.0).',
    ]);
  });
});

describe("contradictions", () => {
  it.each<[string, MetaKeys, string]>([
    ["no rate", { imSampRate: undefined }, "a.meta: expected imSampRate to be a number of at least 1, found none."],
    [
      "a rate in words",
      { imSampRate: "fast" },
      'a.meta: expected imSampRate to be a number of at least 1, found "fast".',
    ],
    [
      "no counts",
      { snsApLfSy: undefined },
      "a.meta: expected snsApLfSy to be three counts (AP, LF, sync), found none.",
    ],
    [
      "both bands",
      { snsApLfSy: "2,2,1" },
      'a.meta: expected snsApLfSy to be the counts of either AP or LF channels, then of sync words, found "2,2,1".',
    ],
    ["a wrong count", { nSavedChans: 9 }, 'a.meta: expected nSavedChans to be 5 to fit snsApLfSy=4,0,1, found "9".'],
    [
      "other channels than counted",
      { snsSaveChanSubset: "0:2,8" },
      'a.meta: expected snsSaveChanSubset to be "all" or ranges of 5 channels, as snsApLfSy says, found "0:2,8".',
    ],
    [
      "no gain",
      { "~imroTbl": undefined },
      "a.meta: expected the gain of any channel in ~imroTbl or imChan0apGain, found none.",
    ],
    [
      "a gain of zero",
      { "~imroTbl": "(0,4)(0 0 0 0 0 1)" },
      "a.meta: expected the gain of channel 0 in ~imroTbl or imChan0apGain, found 0.",
    ],
    ["a short map", { "~snsShankMap": "(1,2,480)(0:0:0:1)" }, "a.meta: expected 4 sites in ~snsShankMap, found 1."],
    [
      "a range no converter has",
      { imAiRangeMax: 1e308 },
      'a.meta: expected imAiRangeMax to be a range in volts, found "1e+308".',
    ],
    [
      "a map of endless columns",
      { "~snsShankMap": `(1,${"9".repeat(400)},480)(0:0:0:1)(0:1:0:1)(0:0:1:1)(0:1:1:1)` },
      `a.meta: expected shanks, columns and rows first in ~snsShankMap, found "(1,${"9".repeat(38)})".`,
    ],
    [
      "a damaged site",
      { "~snsGeomMap": "(NP1000,1,0,70)(0:1:2)(0:1:2:1)(0:1:2:1)(0:1:2:1)" },
      'a.meta: expected four numbers per site in ~snsGeomMap, found "(0:1:2)".',
    ],
  ])("%s", (_, changes, sentence) => {
    const error: unknown = (() => {
      try {
        return describeText(changes);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).message).toBe(sentence);
  });
});

describe("damaged text", () => {
  it("gives a description or an AppError, never anything else", () => {
    const text = metaText();
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom("0", "-1", "1e99", "NaN", "(", ")", ":", ",", "=", "all", "\n", "999999999"),
    );
    const damage = fc.tuple(fc.nat(text.length), fc.nat(12), piece);
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 6 }), (damages) => {
        const damaged = damages.reduce((t, [at, cut, put]) => t.slice(0, at) + put + t.slice(at + cut), text);
        try {
          const { probe, uvPerBit, delaySamples, nChannels } = describeMeta(parseMeta("a.meta", damaged), []);
          expect(uvPerBit).toHaveLength(nChannels);
          expect([0, nChannels]).toContain(delaySamples.length);
          expect(delaySamples.every((delay) => delay >= 0 && delay < 1)).toBe(true);
          expect([0, nChannels]).toContain(probe.positionsUm.length);
          expect(uvPerBit.every((uv) => uv > 0)).toBe(true);
        } catch (error) {
          expect(error, String(error)).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

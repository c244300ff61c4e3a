import { describe, expect, it } from "vitest";
import { parseMeta } from "../../../src/io/spikeglx/meta.ts";
import { describeMeta } from "../../../src/io/spikeglx/recording.ts";
import { type MetaKeys, metaText } from "../../cases/spikeglxFiles.ts";

const delaysOf = (changes: MetaKeys, n = 4) => {
  const warnings: string[] = [];
  return { delays: [...describeMeta(parseMeta("a.meta", metaText(changes, n)), warnings).delaySamples], warnings };
};

/** ~muxTbl of `n` channels, `perAdc` for each converter, wired in pairs. */
function muxTable(n: number, perAdc: number): string {
  const groups = Array.from({ length: perAdc }, (_, i) =>
    Array.from({ length: n }, (_, c) => c).filter((c) => (c % (2 * perAdc)) >> 1 === i),
  );
  return `(${n / perAdc},${perAdc})${groups.map((group) => `(${group.join(" ")})`).join("")}`;
}

describe("how late a channel was sampled", () => {
  it("is a group's place among 13 turns (1.0, AP), 12 (1.0, LF) or 16 (2.0)", () => {
    const np1 = delaysOf({}, 48);
    expect(np1.delays).toEqual(Array.from({ length: 48 }, (_, c) => ((c % 24) >> 1) / 13));
    expect(np1.warnings).toEqual([]);
    const lf = delaysOf({ snsApLfSy: "0,48,1", snsSaveChanSubset: "48:96" }, 48);
    expect(lf.delays).toEqual(Array.from({ length: 48 }, (_, c) => ((c % 24) >> 1) / 12));
    const np2 = delaysOf({ imDatPrb_pn: "NP2013" }, 64);
    expect(np2.delays).toEqual(Array.from({ length: 64 }, (_, c) => ((c % 32) >> 1) / 16));
  });

  it("goes by the channel of the probe, not by the column of the file", () => {
    const subset = { snsApLfSy: "2,0,1", nSavedChans: 3, snsSaveChanSubset: "3,22,48", "~snsShankMap": undefined };
    expect(delaysOf(subset, 24).delays).toEqual([1 / 13, 11 / 13]);
    expect(delaysOf({ ...subset, "~muxTbl": muxTable(24, 12) }, 24).delays).toEqual([1 / 13, 11 / 13]);
  });

  it("is what ~muxTbl says where it is there, for any probe", () => {
    expect(delaysOf({ "~muxTbl": "(2,2)(3 1)(0 2)" }).delays).toEqual([1 / 2, 0, 1 / 2, 0]);
    const unknown = { imDatPrb_pn: "NP9999", imDatPrb_type: 9999, imMaxInt: 512 };
    expect(delaysOf({ ...unknown, "~muxTbl": muxTable(48, 12) }, 48).delays).toEqual(delaysOf({}, 48).delays);
  });

  it("is the probe's, with a warning, where ~muxTbl does not fit", () => {
    const { delays, warnings } = delaysOf({ "~muxTbl": "(2,2)(0 1)(2)" });
    expect(delays).toEqual([0, 0, 1 / 13, 1 / 13]);
    expect(warnings).toEqual([
      "a.meta: expected every saved channel once in the 2 groups of ~muxTbl, found 3 channels in 2; it was not used.",
    ]);
  });

  it("is not known of a probe wired otherwise", () => {
    const { delays, warnings } = delaysOf({ imDatPrb_pn: "NP1200" });
    expect(delays).toEqual([]);
    expect(warnings[0]).toMatch(/^a\.meta: expected in ~muxTbl, .* channels are not shifted in time\.$/);
  });

  it.each<[string, MetaKeys, boolean]>([
    ["named tcat", { fileName: "D:/run_g0_tcat.imec0.ap.bin" }, true],
    ["with its command", { catGTCmdline0: "<CatGT -dir=/data -ap -gblcar>" }, true],
    ["told not to", { fileName: "run_g0_tcat.imec0.ap.bin", catGTCmdline0: "<CatGT -ap -no_tshift>" }, false],
    ["not its own", { userNotes: "for CatGT" }, false],
  ])("is nothing after CatGT aligned it: a file %s", (_, changes, isAligned) => {
    const { delays, warnings } = delaysOf(changes);
    expect(delays).toEqual(isAligned ? [0, 0, 0, 0] : [0, 0, 1 / 13, 1 / 13]);
    const sentence = "a.meta: CatGT has aligned the channels in time already; they are not shifted again.";
    expect(warnings).toEqual(isAligned ? [sentence] : []);
  });
});

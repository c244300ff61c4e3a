import { describe, expect, it } from "vitest";
import { fuzzyFilter, fuzzyScore } from "../../src/app/fuzzy.ts";

const titles = [
  "Open files…",
  "Open folder…",
  "Colour map: inferno",
  "Layout: Inspect",
  "Panel: Raster (corrected)",
  "Pause",
];
const best = (query: string) => fuzzyFilter(query, titles, (title) => title);

describe("finding a command", () => {
  it("takes letters of words, in any order of the words", () => {
    expect(best("insp")).toEqual(["Layout: Inspect"]);
    expect(best("raster panel")[0]).toBe("Panel: Raster (corrected)");
    expect(best("lins")[0]).toBe("Layout: Inspect");
    expect(best("of")).toEqual(["Open files…", "Open folder…"]);
  });
  it("prefers a word's start to its middle, and that to letters apart", () => {
    const [start, middle, apart] = ["pan", "span", "p-a-n"].map((text) => fuzzyScore("pan", text) ?? 0);
    expect(start).toBeGreaterThan(middle);
    expect(middle).toBeGreaterThan(apart);
  });
  it("finds nothing for letters that are not there, and everything for none", () => {
    expect(best("xyz")).toEqual([]);
    expect(best("pause run")).toEqual([]);
    expect(best("  ")).toEqual(titles);
  });
});

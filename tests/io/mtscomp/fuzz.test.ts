import { expect, it } from "vitest";
import { mtscompFiles } from "../../cases/mtscompFiles.ts";
import { fuzzReader } from "../fuzzReader.ts";

it("ten thousand damaged mtscomp recordings open or explain themselves", async () => {
  const { "b.ap.meta": _, ...bare } = mtscompFiles({ stem: "b.ap" });
  const { nOpened } = await fuzzReader("mtscomp", [mtscompFiles({ stem: "a.ap" }), bare], 10_000);
  expect(nOpened).toBeGreaterThan(500);
}, 180_000);

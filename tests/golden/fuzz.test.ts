import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fuzzReader } from "../io/fuzzReader.ts";

it("a thousand damaged copies of real descriptions open or explain themselves", async () => {
  const samples = "../shared/samples/spikeglx";
  const names = readdirSync(samples, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".meta"));
  const seeds = names.map((name) => ({
    "a.ap.meta": new Uint8Array(readFileSync(`${samples}/${name}`)),
    "a.ap.bin": new Uint8Array(385 * 2 * 5),
  }));
  expect((await fuzzReader("spikeglx", seeds, 1000)).nOpened).toBeGreaterThan(50);
});

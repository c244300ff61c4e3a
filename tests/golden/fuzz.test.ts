import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fuzzMetas } from "../io/fuzz.ts";

it("a thousand damaged copies of real descriptions open or explain themselves", async () => {
  const samples = "../shared/samples/spikeglx";
  const names = readdirSync(samples, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".meta"));
  const seeds = names.map((name) => new Uint8Array(readFileSync(`${samples}/${name}`)));
  expect((await fuzzMetas(seeds, 1000)).nOpened).toBeGreaterThan(50);
});

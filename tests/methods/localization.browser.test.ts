import { env } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { chooseCompute } from "../../src/ops/compute.ts";
import { localizationRows, printRows } from "../cases/localizationGolden.ts";
import { localizationFixture } from "./localizationFixture.ts";

beforeAll(async () => {
  await chooseCompute("webgpu", () => undefined); // throws when there is no adapter
  env().set("WEBGPU_CPU_HANDOFF_SIZE_THRESHOLD", 0);
});

it("the GPU's localizers agree with the reference", async () => {
  const rows = await localizationRows(await localizationFixture());
  console.info(printRows(rows));
  expect(rows.filter(({ found, limit }) => !(found <= limit))).toEqual([]);
});

import { beforeAll } from "vitest";
import { chooseCompute } from "../../src/ops/compute.ts";
import { jointCases, jointOracleCases, motionCase, partsCase } from "./jointCases.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

motionCase();
jointOracleCases();
jointCases("eval", [5, 0.05]);
jointCases("train", [5, 0.05]);
partsCase();

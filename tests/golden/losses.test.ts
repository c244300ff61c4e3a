import { beforeAll } from "vitest";
import { chooseCompute } from "../../src/ops/compute.ts";
import { lossCase, lossOracleCase } from "./lossCases.ts";
import { tpcaCase } from "./tpcaCases.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

for (const name of ["case_spec", "case_large"]) {
  lossOracleCase(name);
  lossCase(name);
}
tpcaCase();

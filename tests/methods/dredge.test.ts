import { beforeAll, describe } from "vitest";
import { dredge } from "../../src/methods/dredge/dredge.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { motionContract } from "./contract.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

describe("DREDge keeps the contract of motion methods", () => {
  motionContract(dredge, {
    params: { bin_s: 4, bin_um: 4, win_step_um: 300, win_scale_um: 300, max_disp_um: 80 },
    short: { rigid: true, bin_s: 8 },
    usesSeed: false,
    keepsMotion: false,
    limitUm: { rigid: 3, nonRigid: 4 },
  });
});

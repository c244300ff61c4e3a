import { beforeAll, describe } from "vitest";
import { iterativeTemplate } from "../../src/methods/iterativeTemplate/iterativeTemplate.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { motionContract } from "./contract.ts";
import { estimatorBadInputs } from "./estimatorInputs.ts";

beforeAll(() => chooseCompute("cpu", () => undefined));

describe("the iterative template keeps the contract of motion methods", () => {
  motionContract(iterativeTemplate, {
    params: { win_step_um: 200, win_scale_um: 250 },
    short: { num_iterations: 3 },
    usesSeed: false,
    keepsMotion: false,
    limitUm: { rigid: 3, nonRigid: 5 },
  });
});

describe("the iterative template on odd spikes", () => {
  estimatorBadInputs(iterativeTemplate);
});

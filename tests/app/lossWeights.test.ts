import { describe, expect, it } from "vitest";
import { lossInWords, paramsShown } from "../../src/app/lossWeights.ts";
import { slnJoint } from "../../src/methods/slnJoint/slnJoint.ts";
import type { MethodInfo } from "../../src/protocol/methods.ts";

const info = { params: slnJoint.params } as unknown as MethodInfo;

describe("the loss of a training", () => {
  it("is written with its weights, those that are 0 left out", () => {
    expect(lossInWords(paramsShown(info, undefined, {}, true))).toBe("−ρ̄ − 0.1 H̄ + 0.01 tether");
    const drafts = { lambda_entropy: "0", lambda_residual: "30" };
    expect(lossInWords(paramsShown(info, { lambda_rho: 2 }, drafts, true))).toBe("−ρ̄ + 0.01 tether + 30 residual");
    expect(lossInWords({ learning_rate: 0.1 })).toBeNull();
    expect(lossInWords(paramsShown(undefined, undefined, {}, false))).toBeNull();
  });

  it("of a run that has ended is the one that ran, whatever the form says now", () => {
    const ended = { lambda_rho: 1, lambda_tether: 0.5 };
    expect(lossInWords(paramsShown(info, ended, { lambda_tether: "7" }, false))).toBe("−ρ̄ + 0.5 tether");
  });
});

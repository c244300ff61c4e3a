import { describe, expect, it } from "vitest";
import { axisAgreement } from "../../src/core/axisAgreement.ts";
import { Random } from "../../src/core/random.ts";
import { pearson } from "../../src/core/scoreboard/agreement.ts";

describe("agreement along an axis", () => {
  it("is what three passes of their own give, over the rows that both place", () => {
    const random = new Random(2);
    const reference = Float64Array.from({ length: 3000 }, () => 3800 + 40 * random.normal());
    const own = reference.map((v, i) => (i % 7 === 0 ? Number.NaN : v + 2.5 + 3 * random.normal()));
    reference[1] = Number.POSITIVE_INFINITY;
    const rows = [...own.keys()].filter((i) => Number.isFinite(own[i]) && Number.isFinite(reference[i]));
    const steps = rows.map((i) => own[i] - reference[i]);
    const found = axisAgreement(own, reference);
    expect(found.n).toBe(rows.length);
    expect(found.nLeftOut).toBe(3000 - rows.length);
    expect(found.rmsUm).toBeCloseTo(Math.sqrt(steps.reduce((sum, d) => sum + d * d, 0) / rows.length), 9);
    expect(found.biasUm).toBeCloseTo(steps.reduce((sum, d) => sum + d, 0) / rows.length, 9);
    expect(found.rho).toBeCloseTo(pearson(own, reference), 12);
  });
  it("of one's own positions is perfect, and of none or of a constant has no ρ", () => {
    expect(axisAgreement([1, 2, 4], [1, 2, 4])).toEqual({ n: 3, nLeftOut: 0, rmsUm: 0, biasUm: 0, rho: 1 });
    const constant = axisAgreement([5, 5, 5], [1, 2, 3]);
    expect([constant.rmsUm, constant.biasUm, constant.rho]).toEqual([Math.sqrt(29 / 3), 3, Number.NaN]);
    const none = axisAgreement([Number.NaN], [1]);
    expect([none.n, none.nLeftOut, none.rmsUm, none.biasUm, none.rho]).toEqual([0, 1, NaN, NaN, NaN]);
  });
});

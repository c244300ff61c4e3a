import { assert } from "./errors.ts";

/** How two localizers agree along one axis. */
export interface AxisAgreement {
  /** spikes that both place */
  n: number;
  /** spikes that one of them does not place */
  nLeftOut: number;
  /** √ mean (own − reference)², µm */
  rmsUm: number;
  /** mean (own − reference), µm */
  biasUm: number;
  /** Pearson correlation; NaN with fewer than two spikes or without spread on one side */
  rho: number;
}

/**
 * RMS, bias and Pearson ρ of one axis over all rows in which both are finite; figures are NaN where there is no such row. One
 * pass with running means, which keeps its digits on depths of thousands of µm. Source of the three figures:
 * evarol/spikeLocalizationNetwork make_mp_comparison_scatter.py.
 */
export function axisAgreement(ownUm: ArrayLike<number>, referenceUm: ArrayLike<number>): AxisAgreement {
  assert(ownUm.length === referenceUm.length, "both say something of every spike");
  let [n, squares, meanOwn, meanReference, oo, rr, or] = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < ownUm.length; i++) {
    const [own, reference] = [ownUm[i], referenceUm[i]];
    const difference = own - reference;
    if (!Number.isFinite(difference)) continue;
    n++;
    squares += difference * difference;
    const stepOwn = own - meanOwn;
    const stepReference = reference - meanReference;
    meanOwn += stepOwn / n;
    meanReference += stepReference / n;
    oo += stepOwn * (own - meanOwn);
    rr += stepReference * (reference - meanReference);
    or += stepOwn * (reference - meanReference);
  }
  const nothing = n === 0 ? Number.NaN : 1;
  return {
    n,
    nLeftOut: ownUm.length - n,
    rmsUm: Math.sqrt(squares / n),
    biasUm: nothing * (meanOwn - meanReference),
    rho: or / Math.sqrt(oo * rr),
  };
}

/** How blur and step size go over a run. */
export interface Schedule {
  iterations: number;
  /** µm, at the final blur */
  learningRateUm: number;
  sigmaStartUm: number;
  sigmaEndUm: number;
  /** of the run; the blur falls linearly over it */
  annealFraction: number;
}

export function scheduleAt(schedule: Schedule, step: number): { sigmaUm: number; learningRateUm: number } {
  const { iterations, sigmaStartUm, sigmaEndUm, annealFraction, learningRateUm } = schedule;
  const nFalling = annealFraction * iterations;
  const left = nFalling > 0 ? Math.max(0, 1 - step / nFalling) : 0;
  const sigmaUm = sigmaEndUm + (sigmaStartUm - sigmaEndUm) * left;
  return { sigmaUm, learningRateUm };
}

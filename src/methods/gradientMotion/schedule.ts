/** How the blur goes over a run. */
export interface Schedule {
  iterations: number;
  sigmaStartUm: number;
  sigmaEndUm: number;
  /** of the run; the blur falls linearly over it */
  annealFraction: number;
}

/** Blur in µm at an iteration, from 0. */
export function sigmaAt({ iterations, sigmaStartUm, sigmaEndUm, annealFraction }: Schedule, step: number): number {
  const nFalling = annealFraction * iterations;
  const left = nFalling > 0 ? Math.max(0, 1 - step / nFalling) : 0;
  return sigmaEndUm + (sigmaStartUm - sigmaEndUm) * left;
}

/**
 * The parameters of DREDge on action potentials, one text for all its stages.
 *
 * Two programs carry the name. They share correlation, weights and equations; `variant` chooses the front end:
 *
 * | | spikeinterface | original |
 * | --- | --- | --- |
 * | raster | as summed | log(1 + x) after smoothing over depth, before smoothing over time |
 * | depth range | that of the contacts | floor of the lowest to ceil of the highest spike |
 * | beyond the ends, when smoothing | zeros | the mirror image |
 * | σ of a Gaussian window | its scale | half its scale |
 * | small weights of a window | cut, then normalised | normalised, cut, normalised again |
 *
 * Sources: SpikeInterface@a5f7dbb3 sortingcomponents/motion (dredge.py, motion_utils.py); evarol/dredge.
 */
export interface DredgeOptions {
  variant: "spikeinterface" | "original";
  /** one window over the whole probe */
  rigid: boolean;
  binSec: number;
  binUm: number;
  /** σ; 0 does not smooth */
  depthSmoothUm: number;
  /** σ; 0 does not smooth */
  timeSmoothSec: number;
  /** mean amplitude per cell of the raster instead of the sum */
  averageInBin: boolean;
  windowShape: "gaussian" | "rect" | "triangle";
  /** from one window's centre to the next */
  windowStepUm: number;
  windowScaleUm: number;
  /** how far windows reach beyond the depth range; null is −windowScaleUm / 2, inside it */
  windowMarginUm: number | null;
  /** largest displacement looked for between two time bins; null is a quarter of the range (rigid) or of windowScaleUm */
  maxDisplacementUm: number | null;
  /** pairs of time bins further apart do not count; 0 lets all count */
  horizonSec: number;
  /** pairs that correlate less do not count */
  minCorrelation: number;
  /** a time bin whose heat is below `heatLow` does not count, above `heatHigh` it counts in full */
  heatLow: HeatThreshold;
  heatHigh: HeatThreshold;
  /** weight of the prior that displacement changes little from one time bin to the next */
  lambdaTime: number;
  /** weight of the prior that neighbouring windows change alike */
  lambdaSpace: number;
  /** pull towards zero displacement; it sets the level, which pairs alone leave open */
  ridge: number;
}

/** In units of the raster, or the heat of so many spikes of such an amplitude per time bin in a logarithmic raster. */
export type HeatThreshold = number | { nSpikes: number; ampUv: number };

/** The defaults of both programs. */
export const dredgeDefaults: DredgeOptions = {
  variant: "spikeinterface",
  rigid: false,
  binSec: 1,
  binUm: 1,
  depthSmoothUm: 1,
  timeSmoothSec: 1,
  averageInBin: false,
  windowShape: "gaussian",
  windowStepUm: 400,
  windowScaleUm: 450,
  windowMarginUm: null,
  maxDisplacementUm: null,
  horizonSec: 1000,
  minCorrelation: 0.1,
  heatLow: 0.2,
  heatHigh: 0.2,
  lambdaTime: 1,
  lambdaSpace: 1,
  ridge: 1e-3,
};

import { activityLossCases } from "./activityLoss.ts";
import { adamCases } from "./adam.ts";
import { commonReferenceCases } from "./commonReference.ts";
import { dredgeCorrelationCases } from "./dredgeCorrelation.ts";
import { exclusivePeaksCases } from "./exclusivePeaks.ts";
import { gridConvolutionCases } from "./gridConvolution.ts";
import { jointLossCases } from "./jointLoss.ts";
import { meanCorrelationCases } from "./meanCorrelation.ts";
import { meanEntropyCases } from "./meanEntropy.ts";
import { monopolarCases } from "./monopolar.ts";
import { monopolarResidualCases } from "./monopolarResidual.ts";
import { networkCases } from "./network.ts";
import type { OpCase } from "./opCase.ts";
import { rasterCases } from "./raster.ts";
import { shiftDepthsCases } from "./shiftDepths.ts";
import { smoothMotionCases } from "./smoothMotion.ts";
import { snippetsCases } from "./snippets.ts";
import { softHistogramCases } from "./softHistogram.ts";
import { spectralFilterCases } from "./spectralFilter.ts";
import { tpcaCases } from "./tpca.ts";
import { traceInterpolationCases } from "./traceInterpolation.ts";
import { transformerCases } from "./transformer.ts";
import { waveformFeaturesCases } from "./waveformFeatures.ts";
import { windowSumCases } from "./windowSum.ts";

/** Every case of every operation: one list for all backends. */
export const opCases: OpCase[] = [
  ...smoothMotionCases,
  ...shiftDepthsCases,
  ...activityLossCases,
  ...adamCases,
  ...rasterCases,
  ...softHistogramCases,
  ...dredgeCorrelationCases,
  ...windowSumCases,
  ...meanCorrelationCases,
  ...meanEntropyCases,
  ...exclusivePeaksCases,
  ...snippetsCases,
  ...waveformFeaturesCases,
  ...tpcaCases,
  ...monopolarCases,
  ...monopolarResidualCases,
  ...jointLossCases,
  ...gridConvolutionCases,
  ...spectralFilterCases,
  ...commonReferenceCases,
  ...traceInterpolationCases,
  ...networkCases,
  ...transformerCases,
];

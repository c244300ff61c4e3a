import { activityLossCases } from "./activityLoss.ts";
import { adamCases } from "./adam.ts";
import type { OpCase } from "./opCase.ts";
import { rasterCases } from "./raster.ts";
import { shiftDepthsCases } from "./shiftDepths.ts";
import { smoothMotionCases } from "./smoothMotion.ts";
import { softHistogramCases } from "./softHistogram.ts";

/** Every case of every operation: one list for all backends. */
export const opCases: OpCase[] = [
  ...smoothMotionCases,
  ...shiftDepthsCases,
  ...activityLossCases,
  ...adamCases,
  ...rasterCases,
  ...softHistogramCases,
];

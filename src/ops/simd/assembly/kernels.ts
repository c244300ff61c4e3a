// AssemblyScript. SIMD kernels on a memory shared by several threads; see ../pool.ts for who calls them and the layout.
// No allocation and no mutable globals: every pointer comes from the caller. One line per kernel that can be run.
export { activityTiles } from "./activity";
export { peakCandidates } from "./peaks";
export { monopolarFits } from "./localize";
export { gridLocations } from "./grid";
export { spectralTile } from "./spectrum";
export { referenceRows } from "./medians";
export { interpolateRows } from "./interpolation";
export { dredgePairs } from "./dredgeCorrelation";
export { dredgeFrames, dredgeTemplates } from "./dredgeMoments";
export { softHistogramBins, softHistogramSpikes } from "./histogram";
export { entropyRows } from "./entropy";
export { transformerTiles } from "./transformer";
export { cnnTiles } from "./cnn";

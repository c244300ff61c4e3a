import type { PanelDef } from "../ui/panel.ts";
import { activity } from "./activity/index.tsx";
import { agreement } from "./agreement/index.tsx";
import { alpha } from "./alpha/index.tsx";
import { amplitudeFit } from "./amplitudeFit/index.tsx";
import { amplitudes } from "./amplitudes/index.tsx";
import { checks } from "./checks/index.tsx";
import { compare } from "./compare/index.tsx";
import { correlation } from "./correlation/index.tsx";
import { displacement } from "./displacement/index.tsx";
import { figures } from "./figures/index.tsx";
import { film } from "./film/index.tsx";
import { gridCorrelation } from "./gridCorrelation/index.tsx";
import { gridRaster } from "./gridRaster/index.tsx";
import { localPairs } from "./localPairs/index.tsx";
import { loss } from "./loss/index.tsx";
import { methods } from "./methods/index.tsx";
import { motion } from "./motion/index.tsx";
import { probe } from "./probe/index.tsx";
import { projections } from "./projections/index.tsx";
import { rasterCorrected } from "./rasterCorrected/index.tsx";
import { rasterRaw } from "./rasterRaw/index.tsx";
import { runs } from "./runs/index.tsx";
import { spike3d } from "./spike3d/index.tsx";
import { traces } from "./traces/index.tsx";
import { unitDriftPanel } from "./unitDrift/index.tsx";
import { unitsPanel } from "./units/index.tsx";
import { waveform } from "./waveform/index.tsx";

/** Every panel, in the order in which they are docked: a panel stands after the one it is placed beside. */
export const panels: readonly PanelDef[] = [
  rasterRaw,
  projections,
  localPairs,
  alpha,
  displacement,
  agreement,
  film,
  motion,
  correlation,
  gridCorrelation,
  rasterCorrected,
  gridRaster,
  compare,
  methods,
  activity,
  amplitudes,
  spike3d,
  amplitudeFit,
  unitDriftPanel,
  loss,
  runs,
  checks,
  figures,
  probe,
  unitsPanel,
  traces,
  waveform,
];

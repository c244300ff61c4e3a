import type { FormatRow } from "../../protocol/datasets.ts";
import { iblAlf } from "./iblAlf.ts";
import { imposedMotion } from "./imposedMotion.ts";
import { kilosort } from "./kilosort.ts";
import { kilosortDrift } from "./kilosortDrift.ts";
import { medicineMotion } from "./medicineMotion.ts";
import { medicinePeaks } from "./medicinePeaks.ts";
import { motionTable } from "./motionTable.ts";
import { mtscomp } from "./mtscomp.ts";
import { networkWeights } from "./networkWeights.ts";
import { nwb } from "./nwb.ts";
import { nwbZarr } from "./nwbZarr.ts";
import { openephys } from "./openephys.ts";
import { plainBinary } from "./plainBinary.ts";
import { listInWords, type Reader } from "./reader.ts";
import { runDirectory } from "./runDirectory.ts";
import { simulatedMotion } from "./simulatedMotion.ts";
import { slnFolder } from "./slnFolder.ts";
import { slnSubset } from "./slnSubset.ts";
import { spikeglx } from "./spikeglx.ts";
import { spikeinterfaceAnalyzer } from "./spikeinterfaceAnalyzer.ts";
import { spikeinterfaceBinary } from "./spikeinterfaceBinary.ts";
import { spikeinterfaceMotion } from "./spikeinterfaceMotion.ts";
import { spikeinterfacePeaks } from "./spikeinterfacePeaks.ts";
import { spikeinterfaceZarr } from "./spikeinterfaceZarr.ts";
import { zarrFolder } from "./zarrFolder.ts";

/** Every format, in the order they are asked. A file goes to the first that claims it, so the more specific stand first. */
export const readers: readonly Reader[] = [
  // first, so that nobody else looks at thousands of chunks
  spikeinterfaceAnalyzer,
  spikeinterfaceZarr,
  nwbZarr,
  zarrFolder,
  runDirectory,
  networkWeights,
  medicinePeaks,
  slnFolder,
  slnSubset,
  iblAlf,
  spikeinterfacePeaks,
  spikeinterfaceMotion,
  medicineMotion,
  imposedMotion,
  simulatedMotion,
  kilosortDrift,
  motionTable,
  mtscomp,
  spikeglx,
  openephys,
  kilosort,
  spikeinterfaceBinary,
  nwb,
  plainBinary,
];

/** Their titles, as a sentence lists them. */
export function formatNames(): string {
  return listInWords(readers.map(({ title }) => title));
}

/** The table of formats, in the order they are asked. */
export function formatRows(): FormatRow[] {
  return readers.map(({ id, title, about }) => ({ id, title, ...about }));
}

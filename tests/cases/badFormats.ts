import type { BadInput } from "./badInput.ts";
import { badModels } from "./badModels.ts";
import { badMtscomp } from "./badMtscomp.ts";
import { badNwb } from "./badNwb.ts";
import { badOpenephys } from "./badOpenephys.ts";
import { badPlain } from "./badPlain.ts";
import { badRecordings } from "./badRecordings.ts";
import { badSets } from "./badSets.ts";
import { badSorters } from "./badSorters.ts";
import { badSpikeinterface } from "./badSpikeinterface.ts";
import { badTruths } from "./badTruths.ts";

/** What is wrong with files of one format or another, each list beside the files it damages. */
export const badFormats: readonly BadInput[] = [
  ...badRecordings,
  ...badMtscomp,
  ...badNwb,
  ...badOpenephys,
  ...badSets,
  ...badTruths,
  ...badModels,
  ...badSpikeinterface,
  ...badSorters,
  ...badPlain,
];

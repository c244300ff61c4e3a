import type { StepResult } from "../protocol/methods.ts";
import { formatCount, formatNumber } from "./format.ts";
import { motionSummary } from "./motionSummary.ts";

/** What a finished step says of itself in one line: its spikes, its motion. `durationSec` is that of the recording. */
export function outcomeOf(result: StepResult, durationSec: number): string {
  const parts: string[] = [];
  if (result.spikes) {
    const { nSpikes } = result.spikes;
    const rate = durationSec > 0 ? `, ${formatNumber(nSpikes / durationSec)}/s` : "";
    parts.push(`${formatCount(nSpikes)} spikes${rate}`);
  }
  const leftOut = result.summary.channels_bad ?? 0;
  if (leftOut > 0) parts.push(leftOut === 1 ? "1 channel left out" : `${formatCount(leftOut)} channels left out`);
  if (result.motion) parts.push(`Displacement: ${motionSummary(result.motion)}`);
  return parts.join("; ");
}

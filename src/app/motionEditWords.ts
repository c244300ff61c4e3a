import type { Range } from "../core/types.ts";
import type { MotionEdit } from "../protocol/motionEdits.ts";
import { formatCount, formatNumber } from "./format.ts";

/** Seconds with as many digits as a time bin needs. */
function seconds(sec: number): string {
  return String(Number(sec.toFixed(2))).replace("-", "−");
}

export function rangeInWords([from, to]: Range): string {
  return `${seconds(from)} – ${seconds(to)} s`;
}

function binsInWords(binSec: number, nDepths: number): string {
  const time = binSec > 0 ? [`bins of ${formatNumber(binSec)} s`] : [];
  const depth = nDepths > 0 ? [`${formatCount(nDepths)} ${nDepths === 1 ? "depth" : "depths"}`] : [];
  return [...time, ...depth].join(", ") || "bins as they are";
}

function whatInWords(edit: MotionEdit): string {
  switch (edit.kind) {
    case "clean": {
      const smoothing = edit.smoothSec > 0 ? `, smoothed by ${formatNumber(edit.smoothSec)} s` : "";
      return `cleaned above ${formatNumber(edit.maxSpeedUmPerSec)} µm/s${smoothing}`;
    }
    case "mask":
      return `masked ${edit.rangesSec.map(rangeInWords).join(", ")}`;
    case "curve": {
      const range: Range = [Math.min(...edit.timeSec), Math.max(...edit.timeSec)];
      const depth = edit.depthUm === null ? "all depths" : `${formatNumber(edit.depthUm)} µm`;
      return `curve over ${rangeInWords(range)}, ${depth}`;
    }
    case "smooth":
      return `smoothed by ${formatNumber(edit.sigmaSec)} s`;
    case "zero":
      return "median of each depth at 0";
    case "shift":
      return `shifted by ${formatNumber(edit.byUm)} µm`;
    case "resample":
      return binsInWords(edit.binSec, edit.nDepths);
  }
}

/** An edit in a few words, as the list of edits shows it. */
export function editInWords(edit: MotionEdit): string {
  const shank = edit.shank === undefined ? "" : ` (shank ${edit.shank})`;
  return `${whatInWords(edit)}${shank}`;
}

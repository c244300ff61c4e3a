import type { ProbeSites, Range } from "../core/types.ts";
import { amplitudeInWords, amplitudeUnitOf, type DatasetInfo, type UnitInfo } from "../protocol/datasets.ts";
import type { PickedSpike } from "../protocol/pictures.ts";
import type { UnfinishedRun } from "../protocol/recordings.ts";

/** Numbers as the page writes them: grouped thousands, a real minus sign, always with their unit. */

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export function formatCount(n: number): string {
  return grouped.format(n).replace("-", "−");
}

/** Up to `digits` significant digits below 100, whole numbers above; "–" when it is not a finite number. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 100) return formatCount(value);
  if (size > 0 && size < 1e-3) return value.toExponential(Math.max(0, digits - 1)).replaceAll("-", "−");
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

/** 1860 → "31 min"; 75 → "1 min 15 s"; 4.2 → "4.2 s"; 7260 → "2 h 1 min". */
export function formatDuration(sec: number): string {
  if (!Number.isFinite(sec)) return "–";
  if (sec < 10) return `${formatNumber(sec, 2)} s`;
  const whole = Math.round(sec);
  if (whole < 60) return `${whole} s`;
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (h > 0) return m > 0 ? `${h} h ${m} min` : `${h} h`;
  return s > 0 ? `${m} min ${s} s` : `${m} min`;
}

export function formatRange([low, high]: Range, unit: string): string {
  return `${formatNumber(low)} to ${formatNumber(high)} ${unit}`;
}

export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let i = 0;
  while (value >= 1000 && i < units.length - 1) {
    value /= 1000;
    i++;
  }
  return `${formatNumber(value)} ${units[i]}`;
}

/** One line that says what a data set holds: kind, counts, duration, ranges. */
export function describeDataset(info: DatasetInfo): string {
  const parts: string[] = [];
  if (info.nChannels !== undefined) parts.push(`${formatCount(info.nChannels)} channels`);
  if (info.nSpikes !== undefined) parts.push(`${formatCount(info.nSpikes)} spikes`);
  if (info.units) parts.push(describeUnits(info.units));
  if (info.nTimeBins !== undefined && info.nDepthBins !== undefined) {
    parts.push(`${formatCount(info.nTimeBins)} time × ${formatCount(info.nDepthBins)} depth bins`);
  }
  parts.push(formatDuration(info.durationSec));
  if (info.rateHz !== undefined) parts.push(`${formatNumber(info.rateHz / 1000)} kHz`);
  if (info.probe?.model) parts.push(describeProbe(info.probe));
  if (info.depthRangeUm) parts.push(`depth ${formatRange(info.depthRangeUm, "µm")}`);
  if (info.amplitudeRangeUv) {
    const [low, high] = info.amplitudeRangeUv.map((value) => formatNumber(value));
    parts.push(`amplitude ${amplitudeInWords(`${low} to ${high}`, amplitudeUnitOf(info))}`);
  }
  if (info.displacementRangeUm) parts.push(`displacement ${formatRange(info.displacementRangeUm, "µm")}`);
  return `${info.title}: ${parts.join(", ")}`;
}

/** "214 units (120 good, 94 mua)"; of many kinds of labels the commonest three. */
function describeUnits(units: readonly UnitInfo[]): string {
  const counts = new Map<string, number>();
  for (const { label } of units) if (label) counts.set(label, (counts.get(label) ?? 0) + 1);
  const commonest = [...counts].sort(([, a], [, b]) => b - a).slice(0, 3);
  const labels = commonest.map(([label, n]) => `${formatCount(n)} ${label}`).join(", ");
  return `${formatCount(units.length)} ${units.length === 1 ? "unit" : "units"}${labels ? ` (${labels})` : ""}`;
}

/** "Neuropixels 2.0, 4 shanks"; "positions unknown" where the file does not tell. */
function describeProbe({ model, nShanks, positionsUm }: ProbeSites): string {
  const shanks = nShanks > 1 ? `, ${nShanks} shanks` : "";
  return positionsUm.length > 0 ? `${model}${shanks}` : `${model}, positions unknown`;
}

/** Always `digits` decimals, with a real minus sign, and none before a zero; "–" where there is no number. */
function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return "–";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/**
 * "spike 123,456: 512.331 s, depth 231.2 µm → 240.0 µm corrected, −85.3 µV, unit 127 good"; the corrected depth when there is a
 * motion, the unit when it has one.
 */
export function describeSpike(
  { index, timeSec, depthUm, correctedDepthUm, ampUv }: PickedSpike,
  ampUnit = "µV",
  unit: string | null = null,
): string {
  const corrected = correctedDepthUm === null ? "" : ` → ${fixed(correctedDepthUm, 1)} µm corrected`;
  const place = `${fixed(timeSec, 3)} s, depth ${fixed(depthUm, 1)} µm${corrected}`;
  const amplitude =
    ampUnit === "µV" ? `${fixed(ampUv, 1)} µV` : `amplitude ${amplitudeInWords(formatNumber(ampUv, 4), ampUnit)}`;
  return `spike ${formatCount(index)}: ${place}, ${amplitude}${unit ? `, unit ${unit}` : ""}`;
}

/** "52 % (12,345 spikes)": how far a stopped run had come; of several steps also in which: "step 2 of 3, Pretrain: 52 % …". */
export function describeUnfinished({ step, nSpikes, recipe }: UnfinishedRun): string {
  const nSteps = recipe.steps.length;
  const where = nSteps > 1 ? `step ${step.index + 1} of ${nSteps}, ${step.title || step.method}: ` : "";
  return `${where}${Math.floor(100 * step.share)} % (${formatCount(nSpikes)} spikes)`;
}

import type { Range } from "../core/types.ts";
import { textWidthPx } from "./pen.ts";

export interface Tick {
  value: number;
  label: string;
}

/** 10^floor(log10 v) without the rounding error of Math.pow at whole decades. */
function decade(value: number): number {
  return Number(`1e${Math.floor(Math.log10(value) + 1e-9)}`);
}

/** The smallest step of 1, 2 or 5 times a power of ten that is not below `atLeast`. */
export function niceStep(atLeast: number): number {
  const base = decade(atLeast);
  for (const factor of [1, 2, 5]) if (factor * base >= atLeast * (1 - 1e-9)) return factor * base;
  return 10 * base;
}

/**
 * Ticks at multiples of 1, 2 or 5 times a power of ten, all inside the range, at most `maxTicks` of them. A range
 * without extent, or NaN, gives none.
 */
export function ticksOf([low, high]: Range, maxTicks: number): Tick[] {
  if (!(high > low) || maxTicks < 1 || !Number.isFinite(high - low)) return [];
  const step = niceStep((high - low) / maxTicks);
  const slack = 1e-9 * (high - low); // a tick at an edge is not lost to rounding
  const ticks: Tick[] = [];
  for (let k = Math.ceil((low - slack) / step); k * step <= high + slack; k++) {
    const value = k === 0 ? 0 : k * step; // never −0
    ticks.push({ value, label: tickLabel(value, step, Math.max(-low, high)) });
  }
  return ticks;
}

/**
 * A number as a label: no more decimals than the step needs, a true minus sign, thousands as k on an axis whose
 * `largest` value is 20,000 or more.
 */
export function tickLabel(value: number, step: number, largest: number): string {
  const isThousands = step >= 1000 && largest >= 20000 && value !== 0;
  const shownStep = isThousands ? step / 1000 : step;
  const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(shownStep) + 1e-9)));
  const text = Math.abs(isThousands ? value / 1000 : value).toFixed(decimals);
  return `${value < 0 ? "−" : ""}${text}${isThousands ? "k" : ""}`;
}

/** Ticks along a horizontal axis whose labels do not touch, however long they are. */
export function horizontalTicks(range: Range, widthPx: number, textPx: number): Tick[] {
  const usual = Math.max(1, Math.floor(widthPx / 60));
  return ticksThatFit(range, usual, widthPx, (ticks) => {
    const widest = Math.max(...ticks.map((tick) => textWidthPx(tick.label, textPx)));
    return widest + 0.8 * textPx;
  });
}

/** Ticks along a vertical axis: one text height and a half from one to the next. */
export function verticalTicks(range: Range, heightPx: number, textPx: number): Tick[] {
  return ticksThatFit(range, Math.floor(heightPx / (3.2 * textPx)), heightPx, () => 1.6 * textPx);
}

/**
 * At most `usual` ticks, fewer where they would be nearer to each other than `apartPx` says; more where that leaves fewer than two,
 * which say nothing of the scale, as long as there is room for them.
 */
function ticksThatFit(
  range: Range,
  usual: number,
  lengthPx: number,
  apartPx: (ticks: readonly Tick[]) => number,
): Tick[] {
  const spacingPx = (ticks: readonly Tick[]) => ((ticks[1].value - ticks[0].value) / (range[1] - range[0])) * lengthPx;
  const fits = (ticks: readonly Tick[]) =>
    ticks.length > 0 && apartPx(ticks) <= (ticks.length > 1 ? spacingPx(ticks) : lengthPx);
  let best: Tick[] = [];
  for (let most = usual; most >= 1 && best.length === 0; most--) {
    const ticks = ticksOf(range, most);
    if (fits(ticks)) best = ticks;
  }
  for (let most = usual + 1; most <= usual + 6 && best.length < 2; most++) {
    const ticks = ticksOf(range, most);
    if (ticks.length > 1 && fits(ticks)) best = ticks;
  }
  return best;
}

/**
 * Ticks on a logarithmic scale: 0 where that is inside, then 1, 2, 5, 10, 20, …, inside the limits; `positionOf` gives 0 to 1 along an
 * axis of `heightPx`. Those that would touch the one below are left out.
 */
export function logTicks(
  [low, high]: Range,
  positionOf: (value: number) => number,
  heightPx: number,
  textPx: number,
): Tick[] {
  const ticks: Tick[] = low <= 0 ? [{ value: 0, label: "0" }] : [];
  let lastPx = low <= 0 ? positionOf(0) * heightPx : Number.NEGATIVE_INFINITY;
  for (let base = low > 0 ? decade(low) : 1; base <= high; base *= 10) {
    for (const value of [base, 2 * base, 5 * base]) {
      const atPx = positionOf(value) * heightPx;
      if (value < low || value > high || atPx - lastPx < 1.5 * textPx) continue;
      ticks.push({ value, label: tickLabel(value, base, high) });
      lastPx = atPx;
    }
  }
  return ticks;
}

import { textWidthPx } from "./pen.ts";

/** At most `digits` decimals, with a real minus sign; "–" for what is no number. */
export function rounded(value: number, digits: number): string {
  if (!Number.isFinite(value)) return "–";
  const short = Number(value.toFixed(digits));
  return short === 0 ? "0" : String(short).replace("-", "−");
}

/** Volts in the largest of their units that leaves a whole number of few digits; what is not in µV as it is. */
export function volts(uv: number, unit = "µV"): string {
  if (unit !== "µV" || uv < 1e4) return `${uv} ${unit}`;
  return uv < 1e6 ? `${uv / 1e3} mV` : `${uv / 1e6} V`;
}

/** A text cut with "…" where it is wider than there is room. */
export function fitted(text: string, widthPx: number, sizePx: number): string {
  if (textWidthPx(text, sizePx) <= widthPx) return text;
  const nLetters = Math.max(1, Math.floor(widthPx / textWidthPx("x", sizePx)) - 1);
  return `${text.slice(0, nLetters).trimEnd()}…`;
}

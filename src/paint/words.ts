import { textWidthPx } from "./pen.ts";

/** At most `digits` decimals, with a real minus sign; "–" for what is no number. */
export function rounded(value: number, digits: number): string {
  if (!Number.isFinite(value)) return "–";
  const short = Number(value.toFixed(digits));
  return short === 0 ? "0" : String(short).replace("-", "−");
}

/** A text cut with "…" where it is wider than there is room. */
export function fitted(text: string, widthPx: number, sizePx: number): string {
  if (textWidthPx(text, sizePx) <= widthPx) return text;
  const nLetters = Math.max(1, Math.floor(widthPx / textWidthPx("x", sizePx)) - 1);
  return `${text.slice(0, nLetters).trimEnd()}…`;
}

/** A number of a table: always as many decimals, a real minus sign, "–" for one that does not exist. */
export function decimals(value: number, digits: number): string {
  if (!Number.isFinite(value)) return "–";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** The same with its sign, for a difference. */
export function signed(value: number, digits: number): string {
  return value > 0 && Number(value.toFixed(digits)) > 0 ? `+${decimals(value, digits)}` : decimals(value, digits);
}

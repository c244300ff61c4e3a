/** Mean over runs of neighbours, so that no more than maxPoints are drawn and none is left out. */
export function thin(values: readonly number[], maxPoints: number): number[] {
  const size = Math.max(1, Math.ceil(values.length / maxPoints));
  const out: number[] = [];
  for (let i = 0; i < values.length; i += size) {
    const end = Math.min(values.length, i + size);
    let sum = 0;
    for (let j = i; j < end; j++) sum += values[j];
    out.push(sum / (end - i));
  }
  return out;
}

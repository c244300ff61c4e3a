import type { Section } from "./butterworth.ts";

/** Which ends of a stretch are ends of the recording; at the others the recording goes on, but is not given. */
export interface StretchEnds {
  atStart: boolean;
  atEnd: boolean;
}

/**
 * Filter forwards and backwards, in place and in float64, every column of [nRows, nColumns].
 *
 * The rule of scipy.signal.sosfiltfilt with its defaults: at an end of the recording the signal is continued by its odd
 * reflection, 3·(2·sections + 1 − sections of first order) samples of it; both passes begin in the steady state of their
 * first value. At an end that is none nothing is added: what lies within the filter's decay of it is not exact.
 */
export function sosFilter(
  sections: readonly Section[],
  values: Float64Array,
  nRows: number,
  nColumns: number,
  { atStart, atEnd }: StretchEnds = { atStart: true, atEnd: true },
): void {
  if (nRows === 0) return;
  const nFirstOrder = sections.filter(([, , b2, , a2]) => b2 === 0 && a2 === 0).length;
  const reflected = Math.min(3 * (2 * sections.length + 1 - nFirstOrder), nRows - 1);
  const before = atStart ? reflected : 0;
  const after = atEnd ? reflected : 0;
  const line = new Float64Array(before + nRows + after);
  for (let c = 0; c < nColumns; c++) {
    const first = values[c];
    const last = values[(nRows - 1) * nColumns + c];
    for (let i = 0; i < before; i++) line[i] = 2 * first - values[(before - i) * nColumns + c];
    for (let i = 0; i < nRows; i++) line[before + i] = values[i * nColumns + c];
    for (let i = 0; i < after; i++) line[before + nRows + i] = 2 * last - values[(nRows - 2 - i) * nColumns + c];
    runSections(sections, line);
    line.reverse();
    runSections(sections, line);
    line.reverse();
    for (let i = 0; i < nRows; i++) values[i * nColumns + c] = line[before + i];
  }
}

/** Transposed direct form II from the steady state of the first value. */
function runSections(sections: readonly Section[], line: Float64Array): void {
  let level = line[0]; // what each section's input would have been for ever
  for (const [b0, b1, b2, a1, a2] of sections) {
    const settled = (level * (b0 + b1 + b2)) / (1 + a1 + a2);
    let z1 = settled - b0 * level;
    let z2 = b2 * level - a2 * settled;
    for (let i = 0; i < line.length; i++) {
      const x = line[i];
      const y = b0 * x + z1;
      z1 = b1 * x - a1 * y + z2;
      z2 = b2 * x - a2 * y;
      line[i] = y;
    }
    level = settled;
  }
}

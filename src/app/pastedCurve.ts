import { AppError } from "../core/errors.ts";
import type { DrawnCurve } from "../core/motionEdits/replaceCurve.ts";

const EXPECTED = 'expected "time in s, displacement in µm"';

/** Numbers of one line; semicolons and tabs leave the comma to be a decimal one. */
function numbersOf(line: string): number[] {
  const hasOtherSeparator = /[;\t]/.test(line);
  const cells = line.split(hasOtherSeparator ? /[;\t]/ : /,|\s+/).map((cell) => cell.trim());
  const filled = cells.filter((cell) => cell !== "");
  return filled.map((cell) => Number((hasOtherSeparator ? cell.replace(",", ".") : cell).replace("−", "-")));
}

/**
 * A curve as text: one line per point, seconds and micrometres separated by a comma, tab, semicolon or blanks. Empty lines,
 * lines that begin with # and one heading are passed over. Throws AppError that names the line which is something else.
 */
export function parsePastedCurve(text: string): DrawnCurve {
  const timeSec: number[] = [];
  const displacementUm: number[] = [];
  let isFirst = true;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const numbers = numbersOf(line);
    const isPoint = numbers.length === 2 && numbers.every(Number.isFinite);
    if (isPoint) {
      timeSec.push(numbers[0]);
      displacementUm.push(numbers[1]);
    } else if (!isFirst || numbers.some(Number.isFinite)) {
      const found = line.length > 40 ? `${line.slice(0, 40)}…` : line;
      throw new AppError("bad-data", `Line ${index + 1}: ${EXPECTED}, found “${found}”.`, { line: index + 1 });
    }
    isFirst = false;
  }
  if (timeSec.length === 0) throw new AppError("bad-data", `No line holds a point: ${EXPECTED} on each.`);
  return { timeSec, displacementUm };
}

/** Finding a line of text by a few letters of it, in any order of its words. */

const isWordStart = (text: string, at: number): boolean => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]);

/** A word as a whole is worth more than its letters strewn over the text, and more at the start of a word. */
const AS_START = 100;
const AS_PART = 60;
const PER_LETTER_AT_START = 8;
const PER_GAP = -1;

/** How well the letters of one word stand in the text, in their order; null when they do not. */
function scoreWord(word: string, text: string): number | null {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (isWordStart(text, at)) return AS_START - Math.min(at, 30) / 2;
  }
  const part = text.indexOf(word);
  if (part >= 0) return AS_PART - Math.min(part, 30) / 2;
  let score = 0;
  let last = -1;
  for (const letter of word) {
    const next = text.indexOf(letter, last + 1);
    if (next < 0) return null;
    score += isWordStart(text, next) ? PER_LETTER_AT_START : PER_GAP * Math.min(4, next - last - 1);
    last = next;
  }
  // letters found here and there, far from each other, mean another word
  return score > 0 ? score : null;
}

/** How well a query stands for a text: every one of its words must be there. Higher is better; null when it does not match. */
export function fuzzyScore(query: string, text: string): number | null {
  const inText = text.toLowerCase();
  let total = 0;
  for (const word of query.toLowerCase().split(/\s+/)) {
    if (word === "") continue;
    const score = scoreWord(word, inText);
    if (score === null) return null;
    total += score;
  }
  return total;
}

/** The entries that match, the best first; those that match equally well keep their order. */
export function fuzzyFilter<T>(query: string, entries: readonly T[], textOf: (entry: T) => string): T[] {
  return entries
    .map((entry) => ({ entry, score: fuzzyScore(query, textOf(entry)) }))
    .filter((one): one is { entry: T; score: number } => one.score !== null)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

/**
 * The few Python literals that occur in .npy headers: dicts with text keys, tuples, lists, text, integers, booleans, None.
 * Tuples and lists both become arrays. Nothing is evaluated.
 */
export type PythonLiteral = string | number | boolean | null | PythonLiteral[] | Map<string, PythonLiteral>;

const MAX_DEPTH = 16; // numpy nests at most a few levels: a structured type inside a structured type
const WORDS = new Map<string, PythonLiteral>([
  ["True", true],
  ["False", false],
  ["None", null],
]);
const ESCAPES: Record<string, string> = { "\\": "\\", "'": "'", '"': '"', n: "\n", t: "\t", r: "\r" };

interface Cursor {
  text: string;
  at: number;
}

/**
 * Parse one literal that fills the text, apart from white space. Throws SyntaxError naming the position; the caller adds the
 * file. Integers beyond 2^53 come back rounded: check with Number.isSafeInteger.
 */
export function parsePythonLiteral(text: string): PythonLiteral {
  const cursor: Cursor = { text, at: 0 };
  const value = parseValue(cursor, 0);
  skipSpace(cursor);
  if (cursor.at < text.length) fail(cursor, "the end");
  return value;
}

function fail(cursor: Cursor, expected: string): never {
  const found = cursor.at < cursor.text.length ? JSON.stringify(cursor.text[cursor.at]) : "the end";
  throw new SyntaxError(`expected ${expected} at position ${cursor.at}, found ${found}`);
}

function skipSpace(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && " \t\r\n".includes(cursor.text[cursor.at])) cursor.at++;
}

function parseValue(cursor: Cursor, depth: number): PythonLiteral {
  if (depth > MAX_DEPTH) fail(cursor, `at most ${MAX_DEPTH} nested brackets`);
  skipSpace(cursor);
  const c = cursor.text[cursor.at];
  if (c === "{") return parseDict(cursor, depth);
  if (c === "(") return parseSequence(cursor, ")", depth);
  if (c === "[") return parseSequence(cursor, "]", depth);
  if (c === "'" || c === '"') return parseText(cursor);
  const word = /[A-Za-z]+|-?[0-9]+L?/y;
  word.lastIndex = cursor.at;
  const match = word.exec(cursor.text)?.[0];
  if (match === undefined) return fail(cursor, "a value");
  const known = WORDS.get(match);
  const value = known === undefined ? Number.parseInt(match, 10) : known;
  if (Number.isNaN(value)) fail(cursor, "a value");
  cursor.at += match.length;
  return value;
}

/** Items up to the closing bracket, a trailing comma allowed. "(3)" becomes [3], which is how numpy 1.0 wrote no shape. */
function parseSequence(cursor: Cursor, close: string, depth: number): PythonLiteral[] {
  cursor.at++;
  const items: PythonLiteral[] = [];
  for (;;) {
    skipSpace(cursor);
    if (cursor.text[cursor.at] === close) break;
    items.push(parseValue(cursor, depth + 1));
    skipSpace(cursor);
    if (cursor.text[cursor.at] === ",") cursor.at++;
    else if (cursor.text[cursor.at] !== close) fail(cursor, `"," or "${close}"`);
  }
  cursor.at++;
  return items;
}

function parseDict(cursor: Cursor, depth: number): Map<string, PythonLiteral> {
  cursor.at++;
  const dict = new Map<string, PythonLiteral>();
  for (;;) {
    skipSpace(cursor);
    if (cursor.text[cursor.at] === "}") break;
    if (cursor.text[cursor.at] !== "'" && cursor.text[cursor.at] !== '"') fail(cursor, "a key");
    const key = parseText(cursor);
    skipSpace(cursor);
    if (cursor.text[cursor.at] !== ":") fail(cursor, '":"');
    cursor.at++;
    dict.set(key, parseValue(cursor, depth + 1));
    skipSpace(cursor);
    if (cursor.text[cursor.at] === ",") cursor.at++;
    else if (cursor.text[cursor.at] !== "}") fail(cursor, '"," or "}"');
  }
  cursor.at++;
  return dict;
}

function parseText(cursor: Cursor): string {
  const quote = cursor.text[cursor.at++];
  let out = "";
  for (;;) {
    const c = cursor.text[cursor.at];
    if (c === undefined) fail(cursor, "a closing quote");
    cursor.at++;
    if (c === quote) return out;
    out += c === "\\" ? parseEscape(cursor) : c;
  }
}

function parseEscape(cursor: Cursor): string {
  const code = /x([0-9a-f]{2})|u([0-9a-f]{4})/iy;
  code.lastIndex = cursor.at;
  const hex = code.exec(cursor.text);
  if (hex) {
    cursor.at += hex[0].length;
    return String.fromCharCode(Number.parseInt(hex[1] ?? hex[2], 16));
  }
  const plain = ESCAPES[cursor.text[cursor.at]];
  if (plain === undefined) fail(cursor, "a known escape");
  cursor.at++;
  return plain;
}

import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import type { Folder } from "../drop.ts";
import { headOf } from "../sniff.ts";

/** A value of a plain assignment: text, number, True or False, None, or a list of texts. */
type PythonValue = string | number | boolean | null | readonly string[];

/** What params.py says, by key. Nothing of it is executed: what is not a plain value is as if it were not there. */
export interface Params {
  source: ByteSource;
  values: ReadonlyMap<string, PythonValue>;
}

const KEYS = ["dat_path", "n_channels_dat", "dtype", "offset", "sample_rate", "hp_filtered"];
const MAX_PARAMS_BYTES = 1024 * 1024;
const NEVER_PARAMS = /\.(npy|npz|zip|json|png|svg|bin|cbin|dat|raw|tsv|csv|meta|nwb|h5)$/i;

/**
 * The params.py of a folder, known by its text whatever its name: at least two of the keys phy reads. One that is called
 * params.py stands before others; null when there is none.
 */
export async function paramsIn({ files }: Folder): Promise<Params | null> {
  const found: Params[] = [];
  for (const source of files.values()) {
    if (source.size === 0 || source.size > MAX_PARAMS_BYTES || NEVER_PARAMS.test(source.path)) continue;
    const head = new TextDecoder().decode(await headOf(source));
    if (!KEYS.some((key) => head.includes(key))) continue;
    const values = assignmentsIn(new TextDecoder().decode(await source.read(0, source.size)));
    if (KEYS.filter((key) => values.has(key)).length >= 2) found.push({ source, values });
  }
  return found.find(({ source }) => /(^|\/)params\.py$/.test(source.path)) ?? found[0] ?? null;
}

/** `key = value` at the start of a line; the last of a key counts, as in Python. */
export function assignmentsIn(text: string): Map<string, PythonValue> {
  const values = new Map<string, PythonValue>();
  for (const match of text.matchAll(/^([A-Za-z_]\w*)[ \t]*=(?!=)[ \t]*/gm)) {
    const value = valueAt(text, match.index + match[0].length);
    if (value === undefined) values.delete(match[1]);
    else values.set(match[1], value);
  }
  return values;
}

const TEXT = /(?:\w*Path\(\s*)?([rRuUbB]{0,2})(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/y;
const NUMBER = /[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y;
const WORD = /(?:True|False|None)\b/y;
const BETWEEN = /(?:[\s,)]|#[^\n]*)*/y;

function valueAt(text: string, at: number): PythonValue | undefined {
  if (text[at] === "[" || text[at] === "(") return listAt(text, at);
  const word = matchAt(WORD, text, at)?.[0];
  if (word) return word === "None" ? null : word === "True";
  const number = matchAt(NUMBER, text, at)?.[0];
  if (number) return Number(number.replaceAll("_", ""));
  const found = matchAt(TEXT, text, at);
  return found ? textOf(found) : undefined;
}

/** Texts in brackets, over as many lines as it takes; undefined where anything else stands between them. */
function listAt(text: string, start: number): string[] | undefined {
  const items: string[] = [];
  let at = start + 1;
  for (;;) {
    at += matchAt(BETWEEN, text, at)?.[0].length ?? 0;
    const found = matchAt(TEXT, text, at);
    if (!found) break;
    items.push(textOf(found));
    at += found[0].length;
  }
  // the closing round bracket of a tuple counts as something between
  return text[at] === "]" || text[start] === "(" ? items : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Only quotes and backslashes count as escaped: of "C:\new" a person means the folder, not the line break. */
function textOf([, prefix, single, double]: RegExpExecArray): string {
  const raw = single ?? double;
  return /r/i.test(prefix) ? raw : raw.replace(/\\(['"\\])/g, "$1");
}

/** Files the raw recording was read from, as written; empty where none is named. */
export function rawPaths({ values }: Params): readonly string[] {
  const path = values.get("dat_path");
  if (typeof path === "string") return path === "" || path === "None" ? [] : [path];
  return Array.isArray(path) ? path : [];
}

/** Samples per second. Throws AppError when it is missing or no rate. */
export function rateOf(params: Params): number {
  const rate = params.values.get("sample_rate");
  if (typeof rate === "number" && rate > 0 && Number.isFinite(rate)) return rate;
  throw paramsError(params, "sample_rate", "the sampling rate in Hz, e.g. sample_rate = 30000");
}

/** A whole number of at least `least`. Throws AppError; without `otherwise` also when it is missing. */
export function wholeOf(params: Params, key: string, least: number, otherwise?: number): number {
  const value = params.values.get(key) ?? otherwise;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= 1e12) return value;
  throw paramsError(params, key, `a whole number of at least ${least}`);
}

export function paramsError({ source, values }: Params, key: string, expected: string): AppError {
  const value = values.get(key);
  const found = value === undefined ? "none" : JSON.stringify(value).slice(0, 60);
  return new AppError("bad-file", `${source.path}: expected ${key} to be ${expected}, found ${found}.`, {
    path: source.path,
    key,
  });
}

/** A numpy number as it lies in a file. */
export interface Scalar {
  kind: "b" | "i" | "u" | "f";
  bytes: number;
  littleEndian: boolean;
}

/** What a numpy type string says: how many bytes one item takes, and which number it is, if it is one we can read. */
export interface Dtype {
  /** as numpy writes it, e.g. "<f8" */
  descr: string;
  /** bytes per item; 0 when the file does not say (pickled objects) */
  itemBytes: number;
  /** null for text, complex numbers, dates, objects, and float128 */
  scalar: Scalar | null;
}

const READABLE = new Set(["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]);
const WORDS: Record<string, string> = {
  b: "booleans",
  i: "integers",
  u: "unsigned integers",
  f: "floating point numbers",
  c: "complex numbers",
  S: "text",
  a: "text",
  U: "text",
  O: "Python objects",
  M: "dates",
  m: "time differences",
  V: "raw bytes",
};

/** Parse a type string such as "<f8", "|b1", ">i4", "<U12", "<M8[ns]". null when it is none that numpy writes. */
export function parseDtype(descr: string): Dtype | null {
  const match = /^([<>|=])([biufcSaUOMmV])(\d*)(\[[\w/]+\])?$/.exec(descr);
  if (!match) return null;
  const [, order, kind, digits] = match;
  const size = Number(digits || "0");
  if (!Number.isSafeInteger(size) || size > 2 ** 31) return null;
  const itemBytes = kind === "O" ? 0 : kind === "U" ? size * 4 : size;
  if (!READABLE.has(kind + digits)) return { descr, itemBytes, scalar: null };
  return { descr, itemBytes, scalar: { kind: kind as Scalar["kind"], bytes: size, littleEndian: order !== ">" } };
}

/** A type in words for a message: "text (<U12)". */
export function dtypeInWords(descr: string): string {
  const kind = /^[<>|=]?([a-zA-Z])/.exec(descr)?.[1] ?? "";
  return `${WORDS[kind] ?? "an unknown type"} (${descr})`;
}

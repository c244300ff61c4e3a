/** A file to be written: path relative to where the reader saves it, forward slashes. */
export interface WrittenFile {
  path: string;
  bytes: Uint8Array;
}

/** UTF-8 text as a file. */
export function textFile(path: string, text: string): WrittenFile {
  return { path, bytes: new TextEncoder().encode(text) };
}

/** A value as JSON with two spaces and a final newline. Numbers that JSON lacks (NaN, infinity) become null. */
export function jsonFile(path: string, value: unknown): WrittenFile {
  return textFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

export const inNode = typeof process !== "undefined" && process.versions?.node !== undefined;

/** A module of Node itself, hidden from bundlers of the page, which have no such thing. Call it only `inNode`. */
export function nodeModule<T>(name: string): Promise<T> {
  const specifier = `node:${name}`;
  return import(/* @vite-ignore */ specifier) as Promise<T>;
}

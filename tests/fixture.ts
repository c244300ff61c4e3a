/** Fixtures by path below tests/fixtures, or ../shared, in Node and in the browser. A missing one fails the test. */
/** Where the browser's tests find ../shared: vitest.config.ts. */
const shared = import.meta.env?.SHARED_URL ?? "";
const inNode = typeof process !== "undefined" && process.versions?.node !== undefined;

export async function fixtureBytes(path: string, root = "tests/fixtures"): Promise<Uint8Array> {
  if (inNode) {
    const { readFile } = await import("node:fs/promises");
    return readFile(`${root}/${path}`);
  }
  const response = await fetch(
    `${root.startsWith("../shared") ? root.replace("../shared", shared) : `/${root}`}/${path}`,
  );
  if (!response.ok) throw new Error(`missing fixture ${path}`);
  return new Uint8Array(await response.arrayBuffer());
}

export async function fixtureJson<T>(path: string, root?: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await fixtureBytes(path, root))) as T;
}

export interface Npy {
  shape: number[];
  values: Float32Array | Float64Array | Int32Array | Int16Array | Uint8Array;
}

const types = {
  "<f4": Float32Array,
  "<f8": Float64Array,
  "<i4": Int32Array,
  "<i2": Int16Array,
  "|u1": Uint8Array,
} as const;

/** Independent of the product's own reader: v1, little-endian; a table in Fortran order is turned to C order. */
export async function fixtureNpy(path: string, root?: string): Promise<Npy> {
  const bytes = await fixtureBytes(path, root);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, 10 + headerLength));
  const descr = /'descr': '([^']+)'/.exec(header)![1] as keyof typeof types;
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]
    .split(",")
    .map((s) => s.trim())
    .filter(Boolean)
    .map(Number);
  const data = Uint8Array.from(bytes.subarray(10 + headerLength));
  const values = new types[descr](data.buffer);
  if (!header.includes("'fortran_order': True")) return { shape, values };
  const [nRows, nColumns] = shape;
  return { shape, values: values.map((_, i) => values[(i % nColumns) * nRows + Math.floor(i / nColumns)]) };
}

export async function fixtureFloats(path: string, root?: string): Promise<Float32Array> {
  return Float32Array.from((await fixtureNpy(path, root)).values);
}

const CONSTRUCTORS = [
  "ArrayBuffer",
  "Uint8Array",
  "Int8Array",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
] as const;

interface Sized {
  new (...given: unknown[]): object;
  BYTES_PER_ELEMENT?: number;
}

/** Run something in which no typed array may be asked for that is larger than `limitBytes`; one that is fails it. */
export async function withAllocationLimit<T>(limitBytes: number, action: () => Promise<T>): Promise<T> {
  const place = globalThis as unknown as Record<string, Sized>;
  const originals = CONSTRUCTORS.map((name) => place[name]);
  for (const [i, name] of CONSTRUCTORS.entries()) {
    place[name] = new Proxy(originals[i], {
      construct(of, given, target) {
        const bytes = typeof given[0] === "number" ? given[0] * (of.BYTES_PER_ELEMENT ?? 1) : 0;
        if (bytes > limitBytes) throw new Error(`an allocation of ${bytes} bytes: out of bounds`);
        return Reflect.construct(of, given, target === place[name] ? of : target);
      },
    });
  }
  try {
    return await action();
  } finally {
    for (const [i, name] of CONSTRUCTORS.entries()) place[name] = originals[i];
  }
}

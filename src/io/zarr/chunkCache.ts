/** Decoded chunks by their names, the latest used kept, as far as so many bytes go. What is being made is made once. */
export class ChunkCache<T extends { byteLength: number }> {
  readonly #maxBytes: number;
  readonly #entries = new Map<string, { made: Promise<T>; bytes: number }>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** bytes kept now */
  get bytes(): number {
    return this.#bytes;
  }

  get(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(name);
    if (known) {
      this.#entries.delete(name);
      this.#entries.set(name, known);
      return known.made;
    }
    const made = make();
    const entry = { made, bytes: 0 };
    this.#entries.set(name, entry);
    made.then(
      ({ byteLength }) => {
        if (this.#entries.get(name) !== entry) return;
        entry.bytes = byteLength;
        this.#bytes += byteLength;
        this.#trim();
      },
      () => void this.#entries.delete(name),
    );
    return made;
  }

  #trim(): void {
    for (const [name, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return;
      if (bytes === 0) continue; // still being made
      this.#entries.delete(name);
      this.#bytes -= bytes;
    }
  }
}

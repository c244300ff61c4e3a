import { requireEndingHeap, requireFewReads } from "./guards.ts";
import type { SyncSource } from "./syncSource.ts";

const PAGE_BYTES = 64 * 1024;
const MAX_PAGES = 128;

/**
 * Bytes of a file for a library that asks for a few at a time. What is smaller than a page comes out of pages kept here,
 * least recently used first out; what is larger is read as it is asked for and not kept.
 */
export class PagedFile {
  readonly size: number;
  private readonly source: SyncSource;
  private nReads = 0;
  private readonly pages = new Map<number, Uint8Array>();

  constructor(source: SyncSource) {
    this.source = source;
    this.size = source.size;
  }

  /** To be called when a use of the file begins. */
  startCounting(): void {
    this.nReads = 0;
  }

  /**
   * Copy up to `length` bytes from `position` on into `target` at `offset`; how many there were. Throws as readSync does, and
   * for what HDF5 would not come to the end of.
   */
  read(target: Int8Array, offset: number, length: number, position: number): number {
    const end = Math.min(position + length, this.size);
    if (end <= position) return 0;
    requireFewReads(this.source.path, ++this.nReads);
    this.copy(target, offset, position, end);
    requireEndingHeap(this.source.path, new Uint8Array(target.buffer, target.byteOffset + offset, end - position));
    return end - position;
  }

  private copy(target: Int8Array, offset: number, position: number, end: number): void {
    if (end - position >= PAGE_BYTES) {
      const bytes = this.source.readSync(position, end);
      target.set(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset);
      return;
    }
    for (let at = position; at < end; ) {
      const index = Math.floor(at / PAGE_BYTES);
      const page = this.page(index);
      const from = at - index * PAGE_BYTES;
      const n = Math.min(end - at, page.length - from);
      target.set(page.subarray(from, from + n), offset + at - position);
      at += n;
    }
  }

  private page(index: number): Uint8Array {
    const known = this.pages.get(index);
    const page = known ?? this.source.readSync(index * PAGE_BYTES, Math.min(this.size, (index + 1) * PAGE_BYTES));
    this.pages.delete(index);
    this.pages.set(index, page);
    if (this.pages.size > MAX_PAGES) this.pages.delete(this.pages.keys().next().value as number);
    return page;
  }
}

/** Bytes of elements gathered by their place in the element, as Blosc's byte shuffle leaves them, put back. */
export function unshuffleBytes(bytes: Uint8Array, out: Uint8Array, typeBytes: number): void {
  const n = Math.floor(bytes.length / typeBytes);
  for (let place = 0; place < typeBytes; place++) {
    const from = place * n;
    for (let i = 0, to = place; i < n; i++, to += typeBytes) out[to] = bytes[from + i];
  }
  out.set(bytes.subarray(n * typeBytes), n * typeBytes);
}

/**
 * Bits of elements gathered by their place in the element, as Blosc's bit shuffle leaves them, put back: row r of the stored
 * matrix holds bit r of every element, eight elements a byte, lowest bit first. Blosc shuffles only whole eights of elements.
 */
export function unshuffleBits(bytes: Uint8Array, out: Uint8Array, typeBytes: number): void {
  const n = Math.floor(bytes.length / typeBytes);
  if (n % 8 !== 0) {
    out.set(bytes);
    return;
  }
  const rowBytes = n / 8;
  for (let place = 0; place < typeBytes; place++) {
    for (let g = 0; g < rowBytes; g++) {
      const at = place * n + g; // eight rows of n / 8 bytes a place
      let low =
        bytes[at] | (bytes[at + rowBytes] << 8) | (bytes[at + 2 * rowBytes] << 16) | (bytes[at + 3 * rowBytes] << 24);
      let high =
        bytes[at + 4 * rowBytes] |
        (bytes[at + 5 * rowBytes] << 8) |
        (bytes[at + 6 * rowBytes] << 16) |
        (bytes[at + 7 * rowBytes] << 24);
      // an 8 × 8 bit matrix is turned over in three steps: single bits, pairs, fours
      let swap = (low ^ (low >>> 7)) & 0x00aa00aa;
      low ^= swap ^ (swap << 7);
      swap = (high ^ (high >>> 7)) & 0x00aa00aa;
      high ^= swap ^ (swap << 7);
      swap = (low ^ (low >>> 14)) & 0x0000cccc;
      low ^= swap ^ (swap << 14);
      swap = (high ^ (high >>> 14)) & 0x0000cccc;
      high ^= swap ^ (swap << 14);
      swap = (low & 0xf0f0f0f0) >>> 4;
      low = (low & 0x0f0f0f0f) | ((high & 0x0f0f0f0f) << 4);
      high = swap | (high & 0xf0f0f0f0);
      const to = 8 * g * typeBytes + place;
      out[to] = low;
      out[to + typeBytes] = low >>> 8;
      out[to + 2 * typeBytes] = low >>> 16;
      out[to + 3 * typeBytes] = low >>> 24;
      out[to + 4 * typeBytes] = high;
      out[to + 5 * typeBytes] = high >>> 8;
      out[to + 6 * typeBytes] = high >>> 16;
      out[to + 7 * typeBytes] = high >>> 24;
    }
  }
  out.set(bytes.subarray(n * typeBytes), n * typeBytes);
}

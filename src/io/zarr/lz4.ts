const MIN_MATCH = 4;

/**
 * One LZ4 block (the block format, without a frame) of exactly `nBytes` decoded bytes. Throws Error with half a sentence where
 * the block is not of that size, or points outside of what is there.
 */
export function decodeLz4(bytes: Uint8Array, nBytes: number): Uint8Array {
  const out = new Uint8Array(nBytes);
  let [at, to] = [0, 0];
  const lengthFrom = (start: number) => {
    let length = start;
    if (start < 15) return length;
    for (let more = 255; more === 255; length += more) {
      if (at >= bytes.length) throw damagedLz4();
      more = bytes[at++];
    }
    return length;
  };
  while (at < bytes.length) {
    const token = bytes[at++];
    const nLiterals = lengthFrom(token >> 4);
    if (at + nLiterals > bytes.length || to + nLiterals > nBytes) throw damagedLz4();
    out.set(bytes.subarray(at, at + nLiterals), to);
    at += nLiterals;
    to += nLiterals;
    if (at === bytes.length) break; // the last sequence has no match
    if (at + 2 > bytes.length) throw damagedLz4();
    const distance = bytes[at] | (bytes[at + 1] << 8);
    at += 2;
    const end = to + lengthFrom(token & 15) + MIN_MATCH;
    if (distance === 0 || distance > to || end > nBytes) throw damagedLz4();
    if (end - to <= distance) out.copyWithin(to, to - distance, end - distance);
    else for (let i = to; i < end; i++) out[i] = out[i - distance]; // a match may run into what it writes
    to = end;
  }
  if (to !== nBytes) throw damagedLz4();
  return out;
}

const damagedLz4 = () => new Error("LZ4 data that is damaged");

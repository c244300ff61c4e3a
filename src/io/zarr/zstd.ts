const MAGIC = 0xfd2fb528;

/**
 * The decoded size a Zstandard frame declares (RFC 8878, 3.1.1.1), so that it is known before anything is decoded. Throws
 * Error with half a sentence for what is no frame, or one that does not say.
 */
export function zstdContentBytes(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 6 || view.getUint32(0, true) !== MAGIC) throw new Error("no Zstandard data");
  const descriptor = bytes[4];
  const isSingleSegment = (descriptor & 32) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6];
  if (at + sizeBytes > bytes.length) throw new Error("Zstandard data that is cut short");
  switch (sizeBytes) {
    case 1:
      return bytes[at];
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    case 8:
      return Number(view.getBigUint64(at, true));
    default:
      throw new Error("a Zstandard frame that does not say its size");
  }
}

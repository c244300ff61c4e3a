import { unzlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import { crc32, encodePng, pngDataUri } from "../../src/paint/png.ts";

/** Just enough of a PNG reader for what we write: checks every chunk's length and sum, undoes filter 0. */
function decodePng(file: Uint8Array): { widthPx: number; heightPx: number; rgba: Uint8Array } {
  expect([...file.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(file.buffer, file.byteOffset);
  let [widthPx, heightPx] = [0, 0];
  let packedRows = new Uint8Array(0);
  const types: string[] = [];
  for (let at = 8; at < file.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    const data = file.slice(at + 8, at + 8 + length);
    expect(view.getUint32(at + 8 + length)).toBe(tableFreeCrc(file.subarray(at + 4, at + 8 + length)));
    if (type === "IHDR") {
      const header = new DataView(data.buffer);
      [widthPx, heightPx] = [header.getUint32(0), header.getUint32(4)];
      expect([...data.subarray(8)]).toEqual([8, 6, 0, 0, 0]);
    }
    if (type === "IDAT") packedRows = data;
    types.push(type);
    at += 12 + length;
  }
  expect(types).toEqual(["IHDR", "IDAT", "IEND"]);
  const rows = unzlibSync(packedRows);
  const rgba = new Uint8Array(widthPx * heightPx * 4);
  for (let y = 0; y < heightPx; y++) {
    const from = y * (widthPx * 4 + 1);
    expect(rows[from]).toBe(0);
    rgba.set(rows.subarray(from + 1, from + 1 + widthPx * 4), y * widthPx * 4);
  }
  return { widthPx, heightPx, rgba };
}

/** The sum by long division, bit by bit, as the specification words it. */
function tableFreeCrc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}

describe("png", () => {
  it("gives the check value of CRC-32", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });

  it("decodes to the pixels that went in", () => {
    const rgba = Uint8ClampedArray.from({ length: 7 * 5 * 4 }, (_, i) => (i * 37) % 256);
    const read = decodePng(encodePng({ rgba, widthPx: 7, heightPx: 5 }));
    expect(read.widthPx).toBe(7);
    expect(read.heightPx).toBe(5);
    expect([...read.rgba]).toEqual([...rgba]);
  });

  it("makes an address that decodes to the same file", () => {
    const image = {
      rgba: new Uint8ClampedArray(120 * 90 * 4).map((_, i) => (i * i) % 251),
      widthPx: 120,
      heightPx: 90,
    };
    const [head, body] = pngDataUri(image).split(",");
    expect(head).toBe("data:image/png;base64");
    expect(Buffer.from(body, "base64").equals(Buffer.from(encodePng(image)))).toBe(true);
  });

  it("refuses pixels that do not fill the image", () => {
    expect(() => encodePng({ rgba: new Uint8ClampedArray(4), widthPx: 2, heightPx: 1 })).toThrow(
      "four bytes per pixel",
    );
  });
});

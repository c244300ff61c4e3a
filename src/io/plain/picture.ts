import { AppError } from "../../core/errors.ts";
import { type PlainLayout, type PlainPicture, plainTypes } from "../../protocol/plainBinary.ts";
import type { ByteSource } from "../byteSource.ts";
import { bytesOfType, decodePlain } from "./numberTypes.ts";

const MAX_SAMPLES = 512;
const MAX_PICTURE_BYTES = 1 << 20;
const MAX_SAVED = 65_536;
/** Share of values beyond the limits of the colours, at each end. */
const BEYOND = 0.02;

/**
 * Throw AppError for a layout that nothing can be read by. `size`: bytes of the file.
 */
export function checkLayout(path: string, size: number, layout: PlainLayout): void {
  const { nSaved, sync, rateHz, offsetBytes, uvPerBit, dtype } = layout;
  const check = (holds: boolean, expected: string, found: unknown) => {
    if (!holds) throw new AppError("bad-parameter", `${path}: expected ${expected}, found ${found}.`, { path });
  };
  const isWhole = (value: number) => Number.isSafeInteger(value) && value >= 0;
  check(plainTypes.includes(dtype), `one of the number types ${plainTypes.join(", ")}`, dtype);
  check(isWhole(nSaved) && nSaved >= 1 && nSaved <= MAX_SAVED, `1 to ${MAX_SAVED} channels`, nSaved);
  check(isWhole(sync) && sync < nSaved, `fewer sync words than the ${nSaved} channels`, sync);
  check(Number.isFinite(rateHz) && rateHz >= 1 && rateHz <= 1e7, "a sampling rate of 1 to 10,000,000 Hz", rateHz);
  check(isWhole(offsetBytes), "a whole number of bytes to skip", offsetBytes);
  check(uvPerBit === null || (Number.isFinite(uvPerBit) && uvPerBit > 0), "a scale above 0 µV", uvPerBit);
  const rowBytes = nSaved * bytesOfType(dtype);
  const found = `${Math.max(0, size - offsetBytes)}`;
  check(
    size - offsetBytes >= rowBytes,
    `at least one sample of ${nSaved} channels (${rowBytes} bytes)`,
    `${found} bytes`,
  );
}

/** Samples in the middle of a headerless binary by a layout, at most 512 or 1 MiB of them. Throws AppError as checkLayout. */
export async function plainPicture(source: ByteSource, layout: PlainLayout): Promise<PlainPicture> {
  checkLayout(source.path, source.size, layout);
  const { nSaved, dtype, offsetBytes } = layout;
  const rowBytes = nSaved * bytesOfType(dtype);
  const nSamples = Math.floor((source.size - offsetBytes) / rowBytes);
  const nShown = Math.min(nSamples, MAX_SAMPLES, Math.max(1, Math.floor(MAX_PICTURE_BYTES / rowBytes)));
  const start = offsetBytes + Math.floor((nSamples - nShown) / 2) * rowBytes;
  const rows = decodePlain(await source.read(start, start + nShown * rowBytes), dtype);
  const values = new Float32Array(rows.length);
  let nNotFinite = 0;
  for (let t = 0; t < nShown; t++) {
    for (let c = 0; c < nSaved; c++) {
      const value = rows[t * nSaved + c];
      const isNumber = Number.isFinite(value);
      if (!isNumber) nNotFinite++;
      values[c * nShown + t] = isNumber ? value : Number.NaN;
    }
  }
  return {
    image: { values, widthPx: nShown, heightPx: nSaved, xRange: [0, nShown], yRange: [0, nSaved] },
    limits: usualLimits(values),
    nSamples,
    leftBytes: source.size - offsetBytes - nSamples * rowBytes,
    nNotFinite,
  };
}

/** What all but a few values lie between; equal where all are the same. */
function usualLimits(values: Float32Array): [number, number] {
  const step = Math.max(1, Math.floor(values.length / 50_000));
  const some = values.filter((value, i) => i % step === 0 && !Number.isNaN(value)).sort();
  if (some.length === 0) return [0, 0];
  return [some[Math.floor(BEYOND * some.length)], some[Math.ceil((1 - BEYOND) * some.length) - 1]];
}

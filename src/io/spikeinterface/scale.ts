import type { Samples } from "../../core/types.ts";
import type { Numbers } from "../npy/decode.ts";
import { bad } from "./fields.ts";

/** How stored numbers become µV: µV = (stored + offset) × uvPerBit. */
export interface Scale {
  /** [neural channels] */
  uvPerBit: Float64Array;
  /** [saved channels] in stored units; null when it is 0 for every one */
  offset: Float64Array | null;
}

/**
 * SpikeInterface's scale, µV = stored × gain_to_uV + offset_to_uV, in our terms. `nChannels` neural channels come first of
 * `nSaved`. Without gains one unit counts as 1 µV, and a warning says so. Throws AppError for a gain that is not above 0.
 */
export function scaleOf(
  path: string,
  { nChannels, nSaved }: { nChannels: number; nSaved: number },
  gainUv: readonly number[] | null,
  offsetUv: readonly number[] | null,
  warnings: string[],
): Scale {
  if (!gainUv) {
    warnings.push(
      `${path}: expected gain_to_uV, the µV of one unit, found none; one unit is taken as 1 µV, so amplitudes are not in µV.`,
    );
  }
  const uvPerBit = Float64Array.from({ length: nChannels }, (_, c) => gainUv?.[c] ?? 1);
  const wrong = uvPerBit.findIndex((gain) => !(gain > 0));
  if (wrong >= 0) throw bad(path, "gain_to_uV above 0 for every channel", `${uvPerBit[wrong]} for channel ${wrong}`);
  const offset = new Float64Array(nSaved); // words of sync have none
  if (offsetUv) for (let c = 0; c < nChannels; c++) offset[c] = offsetUv[c] / uvPerBit[c];
  return { uvPerBit, offset: offset.some((value) => value !== 0) ? offset : null };
}

/** Whether samples of these numbers stay int16. */
export const staysInt16 = (isInt16: boolean, { offset }: Scale) => isInt16 && offset === null;

/** Stored numbers [n, nSaved] as samples, the offset of each channel added. int16 without offsets stays as it is. */
export function scaledSamples(values: Numbers, { offset }: Scale): Samples {
  if (offset === null) {
    if (values instanceof Int16Array || values instanceof Float32Array) return values;
    return Float32Array.from(values);
  }
  const out = new Float32Array(values.length);
  const n = offset.length;
  for (let start = 0; start < values.length; start += n) {
    for (let c = 0; c < n; c++) out[start + c] = values[start + c] + offset[c];
  }
  return out;
}

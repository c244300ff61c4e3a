import { AppError } from "../core/errors.ts";
import type { Sorting } from "../protocol/datasets.ts";
import { type ByteSource, readJsonObject } from "./byteSource.ts";
import { jsonFile, type WrittenFile } from "./write/file.ts";

/**
 * What a run directory keeps of a sorting beside the unit of each spike (spikes/unit.npy): what was said of units, and what
 * amplitudes are in. `spikes/sorting.json`: {"amplitudeUnit": text, "unitLabels": {"12": "good"}}, either of them absent where
 * nothing is known.
 */

/** The file; null where there is nothing to keep. */
export function sortingFile(path: string, { units, amplitudeUnit }: Sorting): WrittenFile | null {
  const labels = (units ?? []).flatMap(({ id, label }) => (label === undefined ? [] : [[id, label] as const]));
  if (labels.length === 0 && amplitudeUnit === undefined) return null;
  const unitLabels = labels.length > 0 ? { unitLabels: Object.fromEntries(labels) } : {};
  return jsonFile(path, { ...(amplitudeUnit === undefined ? {} : { amplitudeUnit }), ...unitLabels });
}

/** As it was written. Throws AppError for anything else. */
export async function readSortingFile(
  source: ByteSource,
): Promise<{ amplitudeUnit?: string; unitLabels?: ReadonlyMap<number, string> }> {
  const { amplitudeUnit, unitLabels = {} } = await readJsonObject(source);
  const labels = typeof unitLabels === "object" && unitLabels !== null ? Object.entries(unitLabels) : null;
  const isWritten = labels?.every(([id, label]) => /^\d+$/.test(id) && typeof label === "string");
  if (!isWritten || (amplitudeUnit !== undefined && typeof amplitudeUnit !== "string")) {
    const { path } = source;
    throw new AppError(
      "bad-file",
      `${path}: expected labels of units and the unit of amplitudes as a run had written them, found something else.`,
      { path },
    );
  }
  return { amplitudeUnit, unitLabels: new Map(labels?.map(([id, label]) => [Number(id), String(label)])) };
}

import type { DatasetInfo } from "../protocol/datasets.ts";

/** What `inspect` prints: one object for one data set, an array for several. Plain JSON, units in the names. */
export function inspectJson(sets: readonly { info: DatasetInfo }[]): DatasetInfo | DatasetInfo[] {
  const infos = sets.map(({ info }) => info);
  return infos.length === 1 ? infos[0] : infos;
}

import type { DatasetInfo, OpenedDataset } from "../protocol/datasets.ts";

/** What `inspect` prints: one object for one data set, an array for several. Plain JSON, units in the names. */
export function inspectJson(opened: readonly OpenedDataset[]): DatasetInfo | DatasetInfo[] {
  const infos = opened.map((dataset) => dataset.info);
  return infos.length === 1 ? infos[0] : infos;
}

import type { OtherPlaces } from "../protocol/pictures.ts";
import { withPaint } from "./clients.ts";
import { knownPositions } from "./positions.ts";
import { getResults, keepPictures } from "./results.ts";
import { notifyError } from "./sessionStore.ts";

/**
 * Sets of positions that the paint worker needs beside the ones it has, because a panel that was looked at holds them against
 * others: 16 bytes per spike and set, copied once, and taken back when no panel asks for them any more.
 */
const wanted = new Map<string, readonly string[]>();

/** Say which results a panel needs, by name; what is not there is left out. Call again when results are others. */
export function wantPlaces(panel: string, sets: readonly string[]): void {
  if (sets.length > 0) wanted.set(panel, sets);
  else wanted.delete(panel);
  const known = knownPositions();
  const names = [...new Set([...wanted.values()].flat())].filter((name) => name in known);
  const next: OtherPlaces[] = names.map((set) => ({ set, xyza: known[set] }));
  const before = getResults().otherPlaces;
  const isSame = before.length === next.length && before.every(({ xyza }, i) => xyza === next[i].xyza);
  if (isSame) return;
  keepPictures({ otherPlaces: next });
  withPaint((paint) => paint.setParts({ otherPlaces: next })).catch(notifyError);
}

import type { DroppedFile } from "../protocol/datasets.ts";
import { activeDataSet } from "./dataSets.ts";
import { isMadeHere, type KeptThing, loadHandles } from "./keptHandles.ts";
import { useSession } from "./sessionStore.ts";

const nameOf = (path: string) => path.split("/").at(-1) ?? path;

/**
 * A drop of the recording that the open data set waits for, with the files that the page made for it at an earlier visit (how
 * it is read, where its contacts lie), as if they lay beside it. Any other drop is left as it is.
 */
export async function withKeptFiles(dropped: DroppedFile[]): Promise<DroppedFile[]> {
  const active = activeDataSet();
  const { recording } = useSession.getState();
  const [awaited] = recording?.info.absent ? recording.info.files : [];
  if (!active || !awaited) return dropped;
  const found = dropped.find(({ path, file }) => nameOf(path) === nameOf(awaited.path) && file.size === awaited.bytes);
  if (!found) return dropped;
  const folder = found.path.slice(0, found.path.length - nameOf(found.path).length);
  const things = await loadHandles(active.id).catch((): KeptThing[] => []);
  const kept = things.filter(isMadeHere);
  const beside = kept.map(({ path, file }) => ({ path: folder + nameOf(path), file }));
  const known = new Set(dropped.map(({ path }) => path));
  return [...dropped, ...beside.filter(({ path }) => !known.has(path))];
}

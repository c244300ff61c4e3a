import type { FoundSet } from "../protocol/datasets.ts";

/** Words by which people tell probes apart in names: imec0, probe_1, ProbeA, probe00. */
const PROBE_WORDS = /imec\d+|probe[-_ ]?(?:\d+|[a-z](?![a-z]))/gi;

/**
 * The key of the set that spikes or a motion go with; undefined where there is none, or where nothing tells which.
 * Spikes go with a recording (of the AP band where there is one), a motion with spikes or a recording. Names that say another
 * probe never go together; of the others the nearest counts, by the folders both lie in and then by the steps between them.
 */
export function partnerOf(found: FoundSet, sets: readonly FoundSet[]): string | undefined {
  if (found.error !== undefined || (found.kind !== "spikes" && found.kind !== "motion")) return undefined;
  const usable = sets.filter((one) => one !== found && one.error === undefined);
  const recordings = usable.filter(({ kind }) => kind === "recording");
  const ofAp = recordings.filter(({ stream }) => stream === "ap");
  const searched = ofAp.length > 0 ? ofAp : recordings;
  const candidates = found.kind === "spikes" ? searched : [...searched, ...usable.filter((o) => o.kind === "spikes")];
  const own = probesOf(found);
  const same = candidates.filter((one) => own.size > 0 && [...probesOf(one)].some((word) => own.has(word)));
  const silent = candidates.filter((one) => own.size === 0 || probesOf(one).size === 0);
  const nearest = nearestOf(found, same.length > 0 ? same : silent);
  if (nearest.length === 1) return nearest[0].key;
  // as near to a recording as to the spikes that are of it: of the recording
  const main = nearest.filter(({ kind }) => kind === "recording");
  return main.length === 1 ? main[0].key : undefined;
}

function probesOf({ path, title, place }: FoundSet): Set<string> {
  const words = `${path} ${place} ${title}`.match(PROBE_WORDS) ?? [];
  return new Set(words.map((word) => word.toLowerCase().replace(/[-_ ]/g, "")));
}

function nearestOf(found: FoundSet, candidates: readonly FoundSet[]): FoundSet[] {
  const rank = candidates.map((one) => closeness(foldersOf(found), foldersOf(one)));
  const best = rank.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return candidates.filter((_, i) => rank[i] === best);
}

function foldersOf({ path }: FoundSet): string[] {
  return path.split("/").slice(0, -1);
}

/** The more folders in common the closer; of as many, the fewer steps between the two. */
function closeness(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((name, i) => name !== b[i]);
  const common = differs < 0 ? a.length : differs;
  const steps = a.length + b.length - 2 * common;
  return common - steps / 1e4;
}

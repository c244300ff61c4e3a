import type { FoundSet } from "./datasets.ts";

/** What of a drop is opened without being asked for. */
export interface Choice {
  /** key of the recording; null for none */
  recordingKey: string | null;
  /** keys of spikes (at most one), motions and networks */
  keys: string[];
}

const usableOf = (found: readonly FoundSet[]) => found.filter(({ error }) => error === undefined);

/**
 * The first recording of the AP band, or that of the only spikes; the only spikes that are of it, or the only ones there are;
 * the motions of those; every network. Where more than one set of spikes would do, none is opened: a person chooses.
 */
export function openedAtOnce(found: readonly FoundSet[]): Choice {
  const usable = usableOf(found);
  const of = (kind: FoundSet["kind"]) => usable.filter((one) => one.kind === kind);
  const [recordings, spikes] = [of("recording"), of("spikes")];
  const only = spikes.length === 1 ? spikes[0] : null;
  const recording =
    recordings.find(({ key }) => key === only?.partner) ??
    recordings.find(({ stream }) => stream === "ap") ??
    recordings[0];
  const over = recording ? spikes.filter(({ partner }) => partner === recording.key) : spikes;
  const chosen = over.length === 1 ? over[0] : null;
  const isPlain = recordings.length < 2 && spikes.length < 2;
  const main = [recording?.key, chosen?.key];
  const motions = of("motion").filter(({ partner }) => (partner === undefined ? isPlain : main.includes(partner)));
  const keys = [...(chosen ? [chosen] : []), ...motions, ...of("model")].map(({ key }) => key);
  return { recordingKey: recording?.key ?? null, keys };
}

/** What is opened when a person chooses a set: itself, the recording that spikes are of, and the motions that are of it alone. */
export function openedWith(found: readonly FoundSet[], key: string): Choice {
  const chosen = found.find((one) => one.key === key);
  const motions = usableOf(found).filter(({ kind, partner }) => kind === "motion" && partner === key);
  const keys = motions.map((one) => one.key);
  if (chosen?.kind === "recording") return { recordingKey: key, keys };
  const over = usableOf(found).find((one) => one.kind === "recording" && one.key === chosen?.partner);
  const isSpikes = chosen?.kind === "spikes";
  return { recordingKey: isSpikes ? (over?.key ?? null) : null, keys: [key, ...keys] };
}

/**
 * Whether a drop leaves something to choose or to know of: another recording than the LF band of the one probe, another set of
 * spikes, a motion of something else, or what is broken beside what is not.
 */
export function isChoice(found: readonly FoundSet[]): boolean {
  const { recordingKey, keys } = openedAtOnce(found);
  const left = found.filter(({ key }) => key !== recordingKey && !keys.includes(key));
  const nProbes = usableOf(found).filter(({ kind, stream }) => kind === "recording" && stream === "ap").length;
  return found.length > 1 && left.some(({ stream }) => stream !== "lf" || nProbes > 1);
}

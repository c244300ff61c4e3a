import { useDataSets } from "../app/dataSets.ts";
import { showDropList, useDropList } from "../app/dropList.ts";
import { formatBytes, formatCount, formatDuration, formatNumber } from "../app/format.ts";
import { isActive } from "../app/jobReducer.ts";
import { dataSetWith, openListed } from "../app/openListed.ts";
import { useRun } from "../app/runStore.ts";
import { useSession } from "../app/sessionStore.ts";
import type { FoundSet } from "../protocol/datasets.ts";
import "./dropList.css";

/** "385 channels, 30 kHz, 12 min" of a recording; how large it is of anything. */
function sizeOf({ nChannels, rateHz, durationSec, nFiles, bytes }: FoundSet): string {
  const facts = [
    ...(nChannels === undefined ? [] : [`${formatCount(nChannels)} channels`]),
    ...(rateHz === undefined ? [] : [`${formatNumber(rateHz / 1000)} kHz`]),
    ...(durationSec === undefined ? [] : [formatDuration(durationSec)]),
  ];
  return [...facts, `${formatCount(nFiles)} ${nFiles === 1 ? "file" : "files"}, ${formatBytes(bytes)}`].join(" · ");
}

/** Which recording spikes or a motion are taken to be of, so that probes are not mixed. */
function belongsTo({ kind, partner }: FoundSet, sets: readonly FoundSet[]): string {
  if (kind !== "spikes" && kind !== "motion") return "";
  const of = sets.find(({ key }) => key === partner);
  if (of) return `of ${of.path}, which is nearest`;
  const hasRecordings = sets.some((one) => one.kind === "recording" && one.error === undefined);
  return hasRecordings ? "nothing tells which recording it is of" : "";
}

function useIsOpen({ key, kind, path }: FoundSet): boolean {
  const activeId = useDataSets((state) => state.activeId);
  const spikesPath = useSession(({ spikes, spikesFrom }) =>
    spikesFrom === "file" ? spikes?.files[0]?.path : undefined,
  );
  const recordingKey = useSession(({ recording }) => recording?.key);
  const dataSetId = useDropList(({ dataSetOf }) => dataSetOf[key]);
  if (kind === "recording") return recordingKey === key;
  const isOfActive = dataSetId !== undefined && dataSetId === activeId;
  return isOfActive && (kind !== "spikes" || spikesPath === path);
}

function Row({ set, sets }: { set: FoundSet; sets: readonly FoundSet[] }) {
  const isOpen = useIsOpen(set);
  const isBusy = useSession((state) => state.opening !== null);
  const locked = useRun((state) => isActive(state.job));
  // what was opened stands in a data set of its own, which may be closed
  useDataSets((state) => state.entries);
  const known = set.kind === "spikes" && dataSetWith(set.key) !== null;
  const { title, kind, place, path, error } = set;
  const belongs = belongsTo(set, sets);
  const word = isOpen ? "open" : known ? "Show" : "Open";
  return (
    <li className={isOpen ? "found-set found-set-open" : "found-set"} data-testid="found-set">
      <span className="found-what">
        <strong>{title}</strong> <span className="muted">{kind ?? "cannot be read"}</span>
      </span>
      <span className="found-where">
        {path || place}
        {error === undefined && <span className="muted"> {sizeOf(set)}</span>}
        {belongs !== "" && error === undefined && <span className="muted found-of">{belongs}</span>}
        {error !== undefined && <span className="found-error">{error}</span>}
      </span>
      {error === undefined && (
        <button
          type="button"
          className="button"
          disabled={isOpen || isBusy || locked}
          title={locked ? "A run is under way on what is open" : undefined}
          aria-label={`${word} ${path}`}
          onClick={() => void openListed(set.key)}
        >
          {word}
        </button>
      )}
    </li>
  );
}

/** What the last drop held, where that was more than could be opened at once. */
export function DropList() {
  const { sets, isShown } = useDropList();
  if (!isShown || sets.length === 0) return null;
  return (
    <section className="drop-list" aria-label="Found in the drop" data-testid="drop-list">
      <div className="row spread">
        <h2>
          Found in the drop <span className="muted">{sets.length} data sets; nothing is read before it is opened</span>
        </h2>
        <button type="button" className="quiet" onClick={() => showDropList(false)} aria-label="Close the list">
          ✕
        </button>
      </div>
      <ul>
        {[...sets.filter(({ error }) => !error), ...sets.filter(({ error }) => error)].map((set) => (
          <Row key={set.key} set={set} sets={sets} />
        ))}
      </ul>
    </section>
  );
}

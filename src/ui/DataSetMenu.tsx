import { useEffect, useState } from "react";
import {
  closeDataSet,
  type DataSetEntry,
  nameOfDataSet,
  renameDataSet,
  switchDataSet,
  useDataSets,
} from "../app/dataSets.ts";
import { showDropList, useDropList } from "../app/dropList.ts";
import { formatBytes, formatCount } from "../app/format.ts";
import { isActive } from "../app/jobReducer.ts";
import { forgetEverything, keptBytes, startEmpty, useKept } from "../app/keptSession.ts";
import { useRun } from "../app/runStore.ts";
import "./dataSets.css";
import { Menu } from "./Menu.tsx";
import { RenameField } from "./RenameField.tsx";

const KEPT_WORDS: Record<ReturnType<typeof useKept.getState>["state"], string> = {
  starting: "Looking for what the last visit left…",
  restoring: "Opening what the last visit left…",
  on: "Data, results and view are kept in this browser for the next visit; nothing leaves this machine.",
  elsewhere: "Another page of this browser keeps its data sets; those of this one are gone when it is closed.",
  nowhere: "This browser keeps nothing for the page: what is open is gone when it is closed.",
};

function Row({ entry, isCurrent }: { entry: DataSetEntry; isCurrent: boolean }) {
  const locked = useRun((state) => isActive(state.job));
  const isLoading = useDataSets((state) => state.loadingId === entry.id);
  const [renaming, setRenaming] = useState(false);
  const name = nameOfDataSet(entry);
  const about = entry.nSpikes === null ? entry.kind : `${entry.kind}, ${formatCount(entry.nSpikes)} spikes`;
  return (
    <li className={isCurrent ? "data-set data-set-current" : "data-set"} data-testid={`data-set-${name}`}>
      {renaming ? (
        <RenameField name={name} onRename={(next) => renameDataSet(entry.id, next)} onEnd={() => setRenaming(false)} />
      ) : (
        <button
          type="button"
          className="data-set-open"
          aria-current={isCurrent ? "true" : undefined}
          disabled={locked && !isCurrent}
          title={locked && !isCurrent ? "A run is under way on what is open" : `Show ${name}`}
          onClick={() => void switchDataSet(entry.id)}
        >
          <span>{name}</span>
          <span className="muted">{isLoading ? "reading…" : about}</span>
        </button>
      )}
      <button
        type="button"
        className="quiet"
        onClick={() => setRenaming(true)}
        aria-label={`Rename ${name}`}
        title="Rename"
      >
        ✎
      </button>
      <button
        type="button"
        className="quiet"
        disabled={locked && isCurrent}
        onClick={() => void closeDataSet(entry.id)}
        aria-label={`Close ${name}`}
        title="Close: its memory and its room in this browser are given back"
      >
        ✕
      </button>
    </li>
  );
}

/** Bytes that the browser keeps for the page, asked for when the menu is there. */
export function ForgetEverything() {
  const [bytes, setBytes] = useState<number | null>(null);
  const isDirty = useKept((state) => state.isDirty);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is written changes the size
  useEffect(() => {
    keptBytes().then(setBytes, () => setBytes(null));
  }, [isDirty]);
  return (
    <button
      type="button"
      className="button"
      onClick={() => void forgetEverything()}
      title="Data sets, stopped runs and their waveforms, layout and habits; the program itself stays"
      data-testid="forget-everything"
    >
      Forget everything kept in this browser{bytes === null ? "" : ` (${formatBytes(bytes)} with the program)`}
    </button>
  );
}

/** The data sets of the session: which is on screen, their names, what stays for the next visit. */
export function DataSetMenu() {
  const { entries, activeId } = useDataSets();
  const kept = useKept((state) => state.state);
  const isDirty = useKept((state) => state.isDirty);
  const nFound = useDropList((state) => (state.isShown ? 0 : state.sets.length));
  const active = entries.find(({ id }) => id === activeId);
  if (!active) return null;
  const others = entries.length > 1 ? ` (1 of ${entries.length})` : "";
  return (
    <div className="data-sets">
      <Menu
        testId="data-sets"
        className="quiet outlined data-sets-button"
        label={
          <>
            <span className="data-sets-name">{nameOfDataSet(active)}</span>
            {others} ▾
          </>
        }
      >
        <div className="menu-column" data-testid="data-sets-kept" data-kept={kept === "on" && !isDirty}>
          <h2>Data sets</h2>
          <ul className="data-set-list">
            {entries.map((entry) => (
              <Row key={entry.id} entry={entry} isCurrent={entry.id === activeId} />
            ))}
          </ul>
          <p className="muted">Drop another recording or other spikes, and they are added here.</p>
          {nFound > 0 && (
            <button type="button" className="button" onClick={() => showDropList(true)}>
              What was found in the last drop ({nFound})
            </button>
          )}
          <h2>For the next visit</h2>
          <p className="muted">{KEPT_WORDS[kept]}</p>
          <button type="button" className="button" onClick={() => void startEmpty()} data-testid="start-empty">
            Close all and start empty
          </button>
          <ForgetEverything />
        </div>
      </Menu>
    </div>
  );
}

import { useState } from "react";
import { isActive } from "../app/jobReducer.ts";
import { motionSummary, originInWords } from "../app/motionSummary.ts";
import { activateMotion, type MotionEntry, markTruth, removeMotion, updateMotion, useMotions } from "../app/motions.ts";
import { valueToText } from "../app/recipeForm.ts";
import { useRun } from "../app/runStore.ts";
import { useView } from "../app/viewStore.ts";
import type { ParamValues } from "../protocol/methods.ts";
import "./motionList.css";
import { RenameField } from "./RenameField.tsx";
import { useThrottledMotions } from "./useThrottledMotions.ts";

const UPDATE_EVERY_MS = 500;

/** Every parameter of a run, for who hovers. */
function paramsInWords(params: ParamValues): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${valueToText(value)}`)
    .join(", ");
}

function Row({ entry, isCurrent, isTruth }: { entry: MotionEntry; isCurrent: boolean; isTruth: boolean }) {
  const theme = useView((state) => state.theme);
  const methods = useRun((state) => state.methods);
  const isRunning = useRun((state) => isActive(state.job));
  const [renaming, setRenaming] = useState(false);
  const { id, title, shown, from, colour } = entry;
  const isBeingLearned = isRunning && from.kind === "run" && !from.complete && isCurrent;
  return (
    <li className={isCurrent ? "motion-row motion-current" : "motion-row"} data-testid={`motion-${title}`}>
      <input
        type="radio"
        name="active-motion"
        checked={isCurrent}
        onChange={() => activateMotion(id)}
        aria-label={`Correct the rasters by ${title}`}
        title="Correct the rasters by this one; a step that refines a motion starts from it"
      />
      <button
        type="button"
        className="motion-swatch"
        style={{ borderColor: colour[theme], background: shown ? colour[theme] : "transparent" }}
        aria-pressed={shown}
        aria-label={`Show ${title}`}
        title={shown ? "Shown: click to hide" : "Hidden: click to show"}
        onClick={() => updateMotion(id, { shown: !shown })}
      />
      {renaming ? (
        <RenameField
          name={entry.title}
          onRename={(title) => updateMotion(entry.id, { title })}
          onEnd={() => setRenaming(false)}
        />
      ) : (
        <button
          type="button"
          className="motion-title"
          title={`${title}: rename`}
          aria-label={`Rename ${title}`}
          onClick={() => setRenaming(true)}
        >
          {title}
        </button>
      )}
      <button
        type="button"
        className={isTruth ? "motion-truth motion-is-truth" : "motion-truth"}
        aria-pressed={isTruth}
        aria-label={`${title} is the truth`}
        title={isTruth ? "The others are held against this one" : "Mark as the truth that the others are held against"}
        onClick={() => markTruth(isTruth ? null : id)}
      >
        truth
      </button>
      <button
        type="button"
        className="quiet"
        disabled={isBeingLearned}
        aria-label={`Remove ${title}`}
        title="Remove from the session"
        onClick={() => removeMotion(id)}
      >
        ✕
      </button>
      <p className="muted motion-origin" title={from.kind === "run" ? paramsInWords(from.params) : undefined}>
        {originInWords(entry, methods ?? [], isBeingLearned)} · {motionSummary(entry.motion)}
      </p>
    </li>
  );
}

/** The motions of the session: which one corrects the rasters, which are shown, which is true. */
export function MotionList() {
  const { entries, activeId, truthId } = useThrottledMotions(UPDATE_EVERY_MS);
  const nEntries = useMotions((state) => state.entries.length);
  if (nEntries === 0) return null;
  return (
    <section className="motion-list" aria-label="Motions" data-testid="motion-list">
      <h2>Motions</h2>
      <ul>
        {entries.map((entry) => (
          <Row key={entry.id} entry={entry} isCurrent={entry.id === activeId} isTruth={entry.id === truthId} />
        ))}
      </ul>
    </section>
  );
}

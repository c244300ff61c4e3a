import {
  type EditTool,
  historyInHand,
  redoEdit,
  removeEdit,
  resetEdits,
  stopEditing,
  undoEdit,
  useMotionEditing,
} from "../app/motionEditing.ts";
import { editInWords } from "../app/motionEditWords.ts";
import { useMotions } from "../app/motions.ts";
import { motionOfShank } from "../core/motion.ts";
import type { Range } from "../core/types.ts";
import type { MotionEdit } from "../protocol/motionEdits.ts";
import "./motionEdit.css";
import { ToolFields } from "./MotionEditTools.tsx";

const TOOLS: readonly { id: EditTool; title: string; help: string }[] = [
  { id: "clean", title: "Clean", help: "Cut excursions that are too fast to be tissue" },
  { id: "mask", title: "Mask", help: "Bridge stretches of time that are not to be believed" },
  { id: "draw", title: "Draw", help: "Draw a curve on the picture" },
  { id: "paste", title: "Paste", help: "Put in a curve as text" },
  { id: "smooth", title: "Smooth", help: "Gaussian over time" },
  { id: "level", title: "Level", help: "Choose what is zero" },
  { id: "bins", title: "Bins", help: "Other time and depth bins" },
];

/** Edits as rows of the list: a mask has one for each of its ranges. */
function rowsOf(edits: readonly MotionEdit[]): { edit: MotionEdit; index: number; range: Range | null }[] {
  return edits.flatMap((edit, index): { edit: MotionEdit; index: number; range: Range | null }[] =>
    edit.kind === "mask"
      ? edit.rangesSec.map((range) => ({ edit: { ...edit, rangesSec: [range] }, index, range }))
      : [{ edit, index, range: null }],
  );
}

function EditList({ edits }: { edits: readonly MotionEdit[] }) {
  if (edits.length === 0) return null;
  return (
    <ul className="edit-list" aria-label="Edits, in the order in which they are made" data-testid="edit-list">
      {rowsOf(edits).map(({ edit, index, range }) => {
        const words = editInWords(edit);
        return (
          <li key={`${index}-${words}`}>
            <span>{words}</span>
            <button
              type="button"
              className="quiet"
              aria-label={`Take out: ${words}`}
              title="Take this edit out; those after it are made again"
              onClick={() => removeEdit(index, range)}
            >
              ✕
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function ShankChoice({ shanks }: { shanks: readonly number[] }) {
  const shank = useMotionEditing((state) => state.shank);
  return (
    <label className="edit-shank">
      Shank
      <select
        value={shank ?? "all"}
        onChange={({ target: { value } }) =>
          useMotionEditing.setState({ shank: value === "all" ? null : Number(value) })
        }
        data-testid="edit-shank"
      >
        <option value="all">all</option>
        {shanks.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function HistoryButtons() {
  const history = useMotionEditing(historyInHand);
  return (
    <span className="edit-history">
      <button
        type="button"
        className="quiet"
        disabled={!history || history.past.length === 0}
        onClick={undoEdit}
        title="Undo (ctrl + z)"
        aria-label="Undo the last edit"
        data-testid="edit-undo"
      >
        ↶
      </button>
      <button
        type="button"
        className="quiet"
        disabled={!history || history.future.length === 0}
        onClick={redoEdit}
        title="Redo (ctrl + shift + z)"
        aria-label="Redo the edit"
        data-testid="edit-redo"
      >
        ↷
      </button>
      <button
        type="button"
        className="quiet"
        disabled={!history || history.now.length === 0}
        onClick={resetEdits}
        title="Take out all edits; undo brings them back"
        data-testid="edit-reset"
      >
        Reset
      </button>
    </span>
  );
}

/** The tools for the edited copy of a motion, and what has been done with them; nothing while none is edited. */
export function MotionEditor() {
  const { id, tool, shank, problem } = useMotionEditing();
  const history = useMotionEditing(historyInHand);
  const entry = useMotions(({ entries }) => entries.find((one) => one.id === id));
  if (!entry) return null;
  const { motion, title } = entry;
  return (
    <section className="motion-editor" aria-label={`Edit ${title}`} data-testid="motion-editor">
      <div className="row spread">
        <h2>Edit motion</h2>
        <HistoryButtons />
      </div>
      <div className="motion-editor-title">
        <p>{title}</p>
        <button
          type="button"
          className="button"
          onClick={stopEditing}
          title="End the editing (e)"
          data-testid="edit-done"
        >
          Done
        </button>
      </div>
      <div className="edit-tools">
        {TOOLS.map(({ id: one, title: name, help }) => (
          <button
            key={one}
            type="button"
            className="quiet"
            aria-pressed={tool === one}
            title={help}
            onClick={() => useMotionEditing.setState({ tool: one, problem: null })}
            data-testid={`tool-${one}`}
          >
            {name}
          </button>
        ))}
      </div>
      {motion.byShank && motion.byShank.length > 1 && <ShankChoice shanks={[...motion.byShank.keys()]} />}
      <ToolFields tool={tool} motion={motionOfShank(motion, shank ?? undefined)} />
      {problem && (
        <p className="field-error" role="alert" data-testid="edit-problem">
          {problem}
        </p>
      )}
      <EditList edits={history?.now ?? []} />
    </section>
  );
}

import { brushedRows, setBrush, useBrush } from "./brush.ts";
import { notifyError } from "./sessionStore.ts";

/** The brushed spikes as undo keeps them: the rows are with the paint worker, so they are fetched after every change. */

/** One state of the brush; two of the same rows are two. */
export interface BrushRows {
  /** null while none is brushed */
  rows: Int32Array | null;
}

const NONE: BrushRows = { rows: null };

let now: BrushRows = NONE;
/** the brush is being put back: its rows are known */
let isPutting = false;
let lastQuestion = 0;

/** The brush as it is, or as it was a moment ago while its rows are on their way. */
export function brushNow(): BrushRows {
  return now;
}

export function brushBytes(value: unknown): number {
  return (value as BrushRows | undefined)?.rows?.byteLength ?? 0;
}

/** Brush what was brushed then. Never rejects. */
export async function putBrush(then: BrushRows): Promise<void> {
  now = then;
  lastQuestion++;
  isPutting = true;
  await setBrush(then.rows);
  isPutting = false;
}

/** Follow the brush, and tell of every change once its rows are known; returns the function that stops it. */
export function followBrush(changed: () => void): () => void {
  const fetchRows = async () => {
    const mine = ++lastQuestion;
    const rows = await brushedRows();
    if (mine !== lastQuestion || rows === now.rows) return; // the same rows at other positions are no step
    now = rows ? { rows } : NONE;
    changed();
  };
  return useBrush.subscribe((state, before) => {
    if (isPutting || state.brushed === before.brushed) return;
    if (state.brushed === null) {
      lastQuestion++;
      now = NONE;
      changed();
    } else fetchRows().catch(notifyError);
  });
}

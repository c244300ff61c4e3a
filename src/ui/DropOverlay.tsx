import { type ReactNode, useLayoutEffect, useState } from "react";
import { collectDrop, dropHandles, type ItemLike } from "../app/dropWalk.ts";
import { openFiles } from "../app/openFiles.ts";

/** Panels of the dock are dragged too; only drags that carry files are ours. */
function carriesFiles(event: DragEvent): event is DragEvent & { dataTransfer: DataTransfer } {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** While files hang over the page the browser says so at least every 550 ms (HTML Standard, 6.11.5). */
const SILENCE_MS = 1000;
/** Not every browser says where a leave goes to; what only went to another element is heard of again within this. */
const LEAVE_MS = 100;

/** Listen on the whole document; `setOver` says whether files hang over the page. */
function listenForDrops(setOver: (over: boolean) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const awayIn = (ms: number) => {
    clearTimeout(silence);
    silence = setTimeout(() => setOver(false), ms);
  };
  // Both events: where what lies under the pointer has just changed, as when panels are being laid out, only an enter is heard
  // before the drop, and a drop that nothing has accepted is not given to the page.
  const accept = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    setOver(true);
    awayIn(SILENCE_MS); // the leave of an element that is gone by then is never heard
  };
  const leave = (event: DragEvent) => {
    if (carriesFiles(event) && event.relatedTarget === null) awayIn(LEAVE_MS);
  };
  const drop = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    awayIn(0);
    const items: ArrayLike<ItemLike> = event.dataTransfer.items;
    const handles = dropHandles(items);
    void openFiles(collectDrop(items), "what was dropped", handles);
  };
  document.addEventListener("dragenter", accept, { signal });
  document.addEventListener("dragover", accept, { signal });
  document.addEventListener("dragleave", leave, { signal });
  document.addEventListener("drop", drop, { signal });
  return () => {
    stop.abort();
    clearTimeout(silence);
  };
}

/** Takes files and folders dropped anywhere on the page, at any time. */
export function DropOverlay({ children }: { children: ReactNode }) {
  const [over, setOver] = useState(false);
  useLayoutEffect(() => listenForDrops(setOver), []);
  return (
    <div className="drop-target" data-testid="drop-zone">
      {children}
      {over && (
        <div className="drop-veil" aria-hidden="true">
          <p>Drop to open. Nothing leaves this machine.</p>
        </div>
      )}
    </div>
  );
}

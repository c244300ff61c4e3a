import { type ReactNode, useLayoutEffect, useState } from "react";
import { collectDrop, dropHandles, type ItemLike } from "../app/dropWalk.ts";
import { openFiles } from "../app/openFiles.ts";

/** Panels of the dock are dragged too; only drags that carry files are ours. */
function carriesFiles(event: DragEvent): event is DragEvent & { dataTransfer: DataTransfer } {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** Listen on the whole document; `setOver` says whether files hang over the page. */
function listenForDrops(setOver: (over: boolean) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  // enter and leave fire for every element; the page is left when they balance
  let depth = 0;
  const enter = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    depth++;
    setOver(true);
  };
  const leave = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) setOver(false);
  };
  const hover = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  };
  const drop = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    setOver(false);
    const items: ArrayLike<ItemLike> = event.dataTransfer.items;
    const handles = dropHandles(items);
    void openFiles(collectDrop(items), "what was dropped", handles);
  };
  document.addEventListener("dragenter", enter, { signal });
  document.addEventListener("dragleave", leave, { signal });
  document.addEventListener("dragover", hover, { signal });
  document.addEventListener("drop", drop, { signal });
  return () => stop.abort();
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

import { type ChangeEvent, useRef } from "react";
import { collectPicked } from "../app/dropWalk.ts";
import { openFiles } from "../app/openFiles.ts";

/** Two buttons that open the browser's file and folder pickers. */
export function FilePickers({ compact = false }: { compact?: boolean }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  // React's types do not know the attribute; the property is in every browser
  const folderRef = (input: HTMLInputElement | null) => {
    folder.current = input;
    if (input) input.webkitdirectory = true;
  };
  const picked = (event: ChangeEvent<HTMLInputElement>) => {
    const list = collectPicked(event.target.files ?? []);
    if (list.length > 0) void openFiles(Promise.resolve(list), "the chosen files");
    // the same file chosen again must count as a change
    event.target.value = "";
  };
  return (
    <>
      <button type="button" className="button" onClick={() => files.current?.click()}>
        {compact ? "Open files…" : "Choose files…"}
      </button>
      <button type="button" className="button" onClick={() => folder.current?.click()}>
        {compact ? "Open folder…" : "Choose a folder…"}
      </button>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        onChange={picked}
        data-testid="file-input"
        aria-label="Files to open"
      />
      <input
        ref={folderRef}
        type="file"
        hidden
        onChange={picked}
        data-testid="folder-input"
        aria-label="Folder to open"
      />
    </>
  );
}

import { pickFiles } from "./filePicker.ts";

/** Two buttons that open the browser's file and folder pickers. */
export function FilePickers({ compact = false }: { compact?: boolean }) {
  return (
    <>
      <button type="button" className="button" onClick={() => void pickFiles("files")}>
        {compact ? "Open files…" : "Choose files…"}
      </button>
      <button type="button" className="button" onClick={() => void pickFiles("folder")}>
        {compact ? "Open folder…" : "Choose a folder…"}
      </button>
    </>
  );
}

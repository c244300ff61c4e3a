import { collectPicked } from "../app/dropWalk.ts";
import { openFiles } from "../app/openFiles.ts";

/** the field at work: kept, because a field that nothing refers to may be gone before a person has chosen */
let asking: HTMLInputElement | null = null;

/** Let the browser ask for files or for a folder, and open what is chosen. */
export function pickFiles(kind: "files" | "folder"): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.webkitdirectory = kind === "folder";
  input.addEventListener("change", () => {
    const list = collectPicked(input.files ?? []);
    if (list.length > 0) void openFiles(Promise.resolve(list), "the chosen files");
    asking = null;
  });
  asking = input;
  asking.click();
}

import { collectHandles, collectPicked, pickHandles } from "../app/dropWalk.ts";
import { openFiles } from "../app/openFiles.ts";

/** the field at work: kept, because a field that nothing refers to may be gone before a person has chosen */
let asking: HTMLInputElement | null = null;

/** Let the browser ask for files or for a folder, and open what is chosen. Never rejects. */
export async function pickFiles(kind: "files" | "folder"): Promise<void> {
  // a handle can be opened again at the next visit, what a field gives cannot
  const handles = await pickHandles(kind);
  if (handles === null) askByField(kind);
  else if (handles.length > 0) await openFiles(collectHandles(handles), "the chosen files", Promise.resolve(handles));
}

/** As every browser can. */
function askByField(kind: "files" | "folder"): void {
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

/**
 * Folders of the engine's scratch that kept runs and data sets need (their waveforms, states to train on from), also those of
 * another page of this browser: a job gives back the room of all others when it begins.
 */
const KEY = "driftscope-scratch-folders";

export function keptFolders(): string[] {
  const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
  return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
}

export function setKeptFolders(folders: readonly string[]): void {
  localStorage.setItem(KEY, JSON.stringify(folders));
}

import type { ProbeChoice } from "../protocol/plainBinary.ts";
import { withIo } from "./clients.ts";
import { openFiles } from "./openFiles.ts";
import { closePlain, describedFiles, usePlain } from "./plainImport.ts";
import { errorSentence, useSession } from "./sessionStore.ts";

/**
 * Give the open recording, which does not say where its contacts lie, a chosen probe: as a file beside it that it is read again
 * with. Resolves with one sentence where that cannot be, with null when it is done. Never rejects.
 */
export async function attachProbe(choice: ProbeChoice): Promise<string | null> {
  const { recording } = useSession.getState();
  const [first] = recording?.info.files ?? [];
  if (!recording || !first) return "No recording is open that a probe could be attached to.";
  const path = `${first.path.replace(/\.[^./]*$/, "")}.probe.json`;
  try {
    const file = await withIo((io) => io.probeFile(path, choice, recording.recording.nChannels));
    if (!file) return "Choose a probe first.";
    await openFiles(Promise.resolve([file]), "the probe", Promise.resolve([file]));
    return null;
  } catch (error) {
    return errorSentence(error);
  }
}

/** Open the headerless binary as its form says. What is wrong stands in the form. Never rejects. */
export async function openPlain(): Promise<void> {
  const { asked } = usePlain.getState();
  const made = await describedFiles();
  if (!asked || !made) return;
  closePlain();
  const names = new Set(made.map(({ path }) => path));
  const files = [...asked.files.filter(({ path }) => !names.has(path)), ...made];
  const name = asked.peeks[asked.index].path.split("/").at(-1);
  await openFiles(Promise.resolve(files), name, Promise.resolve([...asked.handles, ...made]));
}

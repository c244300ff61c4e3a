import { create } from "zustand";
import type { DroppedFile } from "../protocol/datasets.ts";
import {
  type PaintedPlain,
  type PlainLayout,
  type PlainPeek,
  type PlainType,
  type ProbeChoice,
  UNDESCRIBED,
} from "../protocol/plainBinary.ts";
import { withIo } from "./clients.ts";
import type { KeptThing } from "./keptHandles.ts";
import { latestOnly } from "./latest.ts";
import { saveBlob } from "./saveFile.ts";
import { dismiss, errorSentence, useSession } from "./sessionStore.ts";

/** A headerless binary that was dropped: how it is to be read is asked in a form, and seen on a picture of its samples. */

/** The form as it is typed. */
export interface PlainTexts {
  dtype: PlainType;
  nSaved: string;
  sync: string;
  rateHz: string;
  offsetBytes: string;
  /** "" for unknown */
  uvPerBit: string;
}

export interface PlainImport {
  /** everything that was dropped */
  files: DroppedFile[];
  handles: readonly KeptThing[];
  /** the binaries among them, largest first; never empty */
  peeks: readonly PlainPeek[];
  /** which of them is asked about */
  index: number;
  texts: PlainTexts;
  probe: ProbeChoice;
  /** null until it is drawn, or where the layout cannot be */
  picture: PaintedPlain | null;
  /** what is wrong with the layout; null when nothing is */
  error: string | null;
}

interface PlainState {
  asked: PlainImport | null;
}

export const usePlain = create<PlainState>(() => ({ asked: null }));

function textsOf({ guess }: PlainPeek): PlainTexts {
  const { dtype, nSaved, sync, rateHz, offsetBytes, uvPerBit } = guess;
  return {
    dtype,
    nSaved: String(nSaved),
    sync: String(sync),
    rateHz: String(rateHz),
    offsetBytes: String(offsetBytes),
    uvPerBit: uvPerBit === null ? "" : String(uvPerBit),
  };
}

/** What was typed; NaN where that is no number, which whoever reads by it refuses. */
export function layoutOf(texts: PlainTexts): PlainLayout {
  const number = (text: string) => (text.trim() === "" ? Number.NaN : Number(text));
  return {
    dtype: texts.dtype,
    nSaved: number(texts.nSaved),
    sync: number(texts.sync),
    rateHz: number(texts.rateHz),
    offsetBytes: number(texts.offsetBytes),
    uvPerBit: texts.uvPerBit.trim() === "" ? null : number(texts.uvPerBit),
  };
}

/**
 * After files could not be opened: where that is because of a headerless binary, ask how it is to be read instead of only
 * saying so. Never rejects.
 */
export async function offerPlain(pending: Promise<DroppedFile[]>, handles: readonly KeptThing[]): Promise<void> {
  const reason = useSession.getState().notices.findLast(({ level }) => level === "error");
  if (!reason) return;
  try {
    const files = await pending;
    const peeks = await withIo((io) => io.peek(files));
    const index = peeks.findIndex(({ path }) => reason.text.includes(path));
    if (index < 0) return;
    // any other reason may be what is wrong: a .meta left behind, a description of other samples
    if (reason.text.includes(UNDESCRIBED)) dismiss(reason.id);
    const asked = { files, handles, peeks, index, texts: textsOf(peeks[index]) };
    usePlain.setState({ asked: { ...asked, probe: { kind: "none" }, picture: null, error: null } });
    redraw();
  } catch {
    // why it could not be opened stands on the page already
  }
}

export function closePlain(): void {
  usePlain.setState({ asked: null });
}

function change(next: Partial<PlainImport>): void {
  usePlain.setState(({ asked }) => ({ asked: asked && { ...asked, ...next } }));
}

/** Ask about another binary of the same drop. */
export function choosePlain(index: number): void {
  const { asked } = usePlain.getState();
  if (!asked) return;
  change({ index, texts: textsOf(asked.peeks[index]), picture: null, error: null });
  redraw();
}

export function setPlainText<K extends keyof PlainTexts>(name: K, text: PlainTexts[K]): void {
  const { asked } = usePlain.getState();
  if (!asked) return;
  const texts = { ...asked.texts, [name]: text };
  // sync words were looked for in rows of the guessed length only
  const { guess } = asked.peeks[asked.index];
  if (name === "nSaved") texts.sync = Number(text) === guess.nSaved ? String(guess.sync) : "0";
  change({ texts });
  redraw();
}

export function setPlainProbe(probe: ProbeChoice): void {
  change({ probe, error: null });
}

function binaryOf({ files, peeks, index }: PlainImport): DroppedFile {
  const { path } = peeks[index];
  const found = files.find((one) => one.path === path);
  return found ?? files[0];
}

const draw = latestOnly<PlainImport>(
  async (asked) => {
    const isCurrent = () => usePlain.getState().asked?.texts === asked.texts;
    try {
      const picture = await withIo((io) => io.plainPicture(binaryOf(asked), layoutOf(asked.texts)));
      if (isCurrent()) change({ picture, error: null });
    } catch (error) {
      // the picture before stays: it says what was right
      if (isCurrent()) change({ error: errorSentence(error) });
    }
  },
  () => undefined,
);

function redraw(): void {
  const { asked } = usePlain.getState();
  if (asked) draw(asked);
}

/** The files that describe the binary as the form says; null with the sentence in the form where they cannot be. */
export async function describedFiles(): Promise<DroppedFile[] | null> {
  const { asked } = usePlain.getState();
  if (!asked) return null;
  try {
    return await withIo((io) => io.describePlain(binaryOf(asked), layoutOf(asked.texts), asked.probe));
  } catch (error) {
    change({ error: errorSentence(error) });
    return null;
  }
}

/** Hand the description, and the probe where one was chosen, to the browser's downloads. */
export async function savePlainDescription(): Promise<void> {
  for (const { path, file } of (await describedFiles()) ?? []) saveBlob(file, path.split("/").at(-1) ?? path);
}

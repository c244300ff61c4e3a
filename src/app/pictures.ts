import { create } from "zustand";
import type { PictureKind } from "../protocol/pictures.ts";

/** A canvas that the paint worker holds. */
export interface AttachedPicture {
  id: string;
  kind: PictureKind;
  /** panel that it stands in; empty outside of all */
  panelId: string;
}

/** Canvases that the paint worker holds at the moment, oldest first. */
export const usePictures = create<{ attached: readonly AttachedPicture[] }>(() => ({ attached: [] }));

let lastId = 0;

/** An id for a new canvas of this kind, unique for the life of the page. */
export function newPictureId(kind: PictureKind): string {
  return `${kind}-${++lastId}`;
}

/** The paint worker has taken the canvas. */
export function rememberPicture(picture: AttachedPicture): void {
  usePictures.setState(({ attached }) => ({ attached: [...attached, picture] }));
}

export function forgetPicture(id: string): void {
  usePictures.setState(({ attached }) => ({ attached: attached.filter((one) => one.id !== id) }));
}

export function pictureIds(): string[] {
  return usePictures.getState().attached.map(({ id }) => id);
}

/** The newest canvas of a kind; null while none is on screen. */
export function pictureIdOf(kind: PictureKind): string | null {
  return usePictures.getState().attached.findLast((one) => one.kind === kind)?.id ?? null;
}

/** The pictures of a panel, oldest first. */
export function picturesIn(panelId: string): AttachedPicture[] {
  return usePictures.getState().attached.filter((one) => one.panelId === panelId);
}

import type { PictureKind } from "../protocol/pictures.ts";

/** Canvases that the paint worker holds at the moment, by id. */
const attached = new Map<string, PictureKind>();

let lastId = 0;

/** An id for a new canvas of this kind, unique for the life of the page. */
export function newPictureId(kind: PictureKind): string {
  return `${kind}-${++lastId}`;
}

/** The paint worker has taken the canvas. */
export function rememberPicture(id: string, kind: PictureKind): void {
  attached.set(id, kind);
}

export function forgetPicture(id: string): void {
  attached.delete(id);
}

export function pictureIds(): string[] {
  return [...attached.keys()];
}

/** The newest canvas of a kind; null while none is on screen. */
export function pictureIdOf(kind: PictureKind): string | null {
  return [...attached].findLast(([, one]) => one === kind)?.[0] ?? null;
}

import type { Page } from "playwright";

/** Files or folders in the hand; a place is px of the page, the middle of it where none is given. */
export function startDrag(
  page: Page,
  paths: string[],
): Promise<{
  send(type: "dragEnter" | "dragOver" | "drop", place?: [number, number]): Promise<void>;
  end(): Promise<void>;
}>;

/** A whole drag: enter, over, drop. */
export function dropPaths(page: Page, paths: string[]): Promise<void>;

import type { PictureView } from "../protocol/pictures.ts";
import type { Plot } from "./figure.ts";
import type { Theme } from "./theme.ts";

/** The moment under the pointer, in whichever picture that is. */
export function addCursor(plot: Plot, view: PictureView, theme: Theme): void {
  const t = view.cursorTimeSec;
  if (t !== null) plot.layers.push({ kind: "vertical", x: t, colour: theme.cursor });
}

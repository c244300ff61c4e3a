import type { Motion } from "../core/types.ts";
import type { PictureView } from "../protocol/workers.ts";
import { withPaint } from "./clients.ts";
import { latestOnly } from "./latest.ts";
import { pictureIds } from "./pictures.ts";
import { finalActivity, getResults, subscribeResults } from "./results.ts";
import { notifyError } from "./sessionStore.ts";
import { useStatus } from "./statusStore.ts";
import { pictureView, useView } from "./viewStore.ts";

/** Keeps the paint worker's view and motion equal to the page's, never more than one message behind. */

const fail = (error: unknown) => notifyError(error);

/** Ask how long the slowest picture took, for the status line. */
export async function readRedrawMs(): Promise<void> {
  const times = await Promise.all(pictureIds().map((id) => withPaint((paint) => paint.lastRedrawMs(id))));
  const known = times.filter(Number.isFinite);
  if (known.length > 0) useStatus.setState({ redrawMs: Math.max(...known) });
}

const sendView = latestOnly<PictureView>(async (view) => {
  await withPaint((paint) => paint.setView(view));
  await readRedrawMs();
}, fail);

const sendMotion = latestOnly<Motion | null>((motion) => withPaint((paint) => paint.setMotion(motion)), fail);

/** Start following; returns the function that stops it. */
export function startPaintSync(): () => void {
  const stopView = useView.subscribe((state, before) => {
    // depth of the cursor is read on the page only
    const { cursorDepthUm: _now, bounds: _bounds, ...a } = state;
    const { cursorDepthUm: _then, bounds: _boundsThen, ...b } = before;
    if (JSON.stringify(a) !== JSON.stringify(b)) sendView(pictureView(state));
  });
  const stopMotion = subscribeResults("motion", () => sendMotion(getResults().motion));
  const stopRun = subscribeResults("run", () => {
    const activity = finalActivity(getResults().run);
    if (activity) withPaint((paint) => paint.setActivity(activity)).catch(notifyError);
  });
  return () => {
    stopView();
    stopMotion();
    stopRun();
  };
}

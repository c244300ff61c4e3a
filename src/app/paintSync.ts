import type { Motion } from "../core/types.ts";
import type { DrawnMotion } from "../protocol/motions.ts";
import type { PictureView, PlacedSpikes } from "../protocol/pictures.ts";
import { readBrush, startBrushSync } from "./brush.ts";
import { withPaint } from "./clients.ts";
import { startColourSync } from "./colourData.ts";
import { forgetCorrelation } from "./correlation.ts";
import { latestOnly } from "./latest.ts";
import { drawnMotions, useMotions } from "./motions.ts";
import { pictureIds } from "./pictures.ts";
import { shownPositions, usePositions } from "./positions.ts";
import { finalActivity, getResults, subscribeResults } from "./results.ts";
import { followMotion, startSelectionSync } from "./selection.ts";
import { notifyError } from "./sessionStore.ts";
import { useStatus } from "./statusStore.ts";
import { startUnitSync } from "./units.ts";
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

const sendMotion = latestOnly<Motion | null>(async (motion) => {
  await withPaint((paint) => paint.setMotion(motion));
  followMotion();
}, fail);

const sendMotions = latestOnly<readonly DrawnMotion[]>(async (motions) => {
  await withPaint((paint) => paint.setMotions(motions));
}, fail);

const sendPositions = latestOnly<PlacedSpikes | null>(async (placed) => {
  await withPaint((paint) => paint.setPositions(placed));
  followMotion();
  await readBrush();
}, fail);

/** Follow whose positions are to be shown: a choice, what a run has found, or what it is finding. */
function startPositionsSync(): () => void {
  let sent: PlacedSpikes | null = null;
  let generation = getResults().spikesGeneration;
  const forget = () => {
    if (getResults().spikesGeneration === generation) return;
    generation = getResults().spikesGeneration;
    usePositions.setState({ chosen: null, live: null });
    forgetCorrelation();
  };
  const send = () => {
    const next = shownPositions();
    if (next?.xyza === sent?.xyza && next?.rows === sent?.rows) return;
    sent = next;
    sendPositions(next);
  };
  const stops = [
    subscribeResults("spikes", forget),
    usePositions.subscribe(send),
    subscribeResults("run", send),
    subscribeResults("spikes", send),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Start following; returns the function that stops it. */
export function startPaintSync(): () => void {
  const stopView = useView.subscribe((state, before) => {
    // of what the page alone reads (bounds, the cursor's depth, what is said of a spike) the worker hears nothing
    const view = pictureView(state);
    if (JSON.stringify(view) !== JSON.stringify(pictureView(before))) sendView(view);
  });
  const stopSelection = startSelectionSync();
  const stopMotion = subscribeResults("motion", () => sendMotion(getResults().motion));
  const stopMotions = useMotions.subscribe(() => sendMotions(drawnMotions()));
  const stopRun = subscribeResults("run", () => {
    const activity = finalActivity(getResults().run);
    if (activity) withPaint((paint) => paint.setParts({ activity })).catch(notifyError);
  });
  const stopPositions = startPositionsSync();
  const stopColours = startColourSync();
  const stopBrush = startBrushSync();
  const stopUnits = startUnitSync();
  return () => {
    stopPositions();
    stopColours();
    stopBrush();
    stopUnits();
    stopView();
    stopSelection();
    stopMotion();
    stopMotions();
    stopRun();
  };
}

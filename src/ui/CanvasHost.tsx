import { transfer } from "comlink";
import { useContext, useEffect, useId, useRef } from "react";
import { brushAt, useBrush } from "../app/brush.ts";
import { withPaint } from "../app/clients.ts";
import { pickOnFilm } from "../app/film.ts";
import { latestOnly } from "../app/latest.ts";
import { readRedrawMs } from "../app/paintSync.ts";
import { forgetPicture, newPictureId, rememberPicture } from "../app/pictures.ts";
import { pickAt, pickChannelAt } from "../app/selection.ts";
import { notifyError, useSession } from "../app/sessionStore.ts";
import { highlightPicked } from "../app/units.ts";
import { useView } from "../app/viewStore.ts";
import type { PictureKind } from "../protocol/pictures.ts";
import { isInside, type PlotArea } from "../protocol/plotArea.ts";
import { PanelContext } from "./panelContext.ts";
import { usePictureWords } from "./pictureWords.ts";
import type { PictureTool } from "./stroke.ts";
import { usePictureKeys } from "./usePictureKeys.ts";
import { type Box, type PictureActions, usePicturePointer } from "./usePicturePointer.ts";

interface CanvasHostProps {
  kind: PictureKind;
  /** what the picture shows, in words, for those who cannot see it */
  label: string;
  /** what a plain drag draws; absent or null where it moves the picture */
  tool?: PictureTool | null;
  /** a plain click on one of several plots means that plot, by its number from 0 */
  onPlot?(index: number): void;
}

/** Pictures on which single spikes have a place: a click on the ground of one means none. */
const PICKS_SPIKES: ReadonlySet<PictureKind> = new Set([
  "raster-raw",
  "raster-corrected",
  "compare-rasters",
  "projections",
  "projections-stack",
  "local-pairs",
  "alpha-axes",
  "alpha-local",
  "displacement",
  "agreement",
  "unit-drift",
]);

/** Number of the plot that a point lies in; −1 beside all of them. */
function plotAt(areas: readonly PlotArea[], { x, y }: { x: number; y: number }): number {
  return areas.findIndex((area) => isInside(area, x, y));
}

function boxOf({ left, top, width, height }: PlotArea) {
  return { left, top, width, height };
}

function boxStyle({ a, b }: Box) {
  return {
    left: Math.min(a.x, b.x),
    top: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

/**
 * Make a canvas inside `host`, hand it to the paint worker and keep the worker told of its size. The canvas is made
 * here and not by React, because a canvas can be handed over once only and React mounts twice in development. A panel
 * behind a tab has no size; its canvas is made when it comes to the front.
 */
function attachPicture(
  host: HTMLElement,
  kind: PictureKind,
  panelId: string,
  readArea: (id: string) => Promise<void>,
): () => void {
  const id = newPictureId(kind);
  let canvas: HTMLCanvasElement | null = null;
  let gone = false;
  const fail = (error: unknown) => {
    if (!gone) notifyError(error);
  };
  const size = () => [host.clientWidth, host.clientHeight, devicePixelRatio] as const;
  const attach = async (made: HTMLCanvasElement) => {
    made.dataset.painted = "false";
    made.dataset.kind = kind;
    host.prepend(made);
    const offscreen = made.transferControlToOffscreen();
    const attached = withPaint((paint) => paint.attach(id, kind, transfer(offscreen, [offscreen]), ...size()));
    rememberPicture({ id, kind, panelId });
    await attached;
    await readArea(id);
    await withPaint((paint) => paint.whenPainted(id));
    made.dataset.painted = "true";
    await readRedrawMs();
  };
  const observer = new ResizeObserver(() => {
    if (host.clientWidth === 0 || host.clientHeight === 0) return;
    if (canvas) {
      withPaint((paint) => paint.resize(id, ...size())).then(() => readArea(id), fail);
      return;
    }
    canvas = document.createElement("canvas");
    attach(canvas).catch(fail);
  });
  observer.observe(host);
  return () => {
    gone = true;
    observer.disconnect();
    if (!canvas) return;
    forgetPicture(id);
    canvas.remove();
    withPaint((paint) => paint.detach(id)).catch((error: unknown) => notifyError(error));
  };
}

/** A picture drawn by the paint worker, with the pointer's gestures. Everything linked goes through the view store. */
export function CanvasHost({ kind, label, tool = null, onPlot }: CanvasHostProps) {
  const onPlotNow = useRef(onPlot);
  onPlotNow.current = onPlot;
  const host = useRef<HTMLDivElement>(null);
  const panelId = useContext(PanelContext);
  const areas = useRef<readonly PlotArea[]>([]);
  const actions = useRef<PictureActions | null>(null);
  // a restarted paint worker has no canvases: make them anew
  const generation = useSession((state) => state.paintGeneration);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the generation is the reason to run again
  useEffect(() => {
    if (!host.current) return;
    const readArea = async (id: string) => {
      areas.current = await withPaint((paint) => paint.plotAreas(id));
      actions.current = { refresh: () => again(id) };
      if (kind === "probe") actions.current.pick = ({ x, y }) => void pickChannelAt(id, x, y);
      else if (onPlotNow.current) actions.current.pick = (at) => onPlotNow.current?.(plotAt(areas.current, at));
      else if (kind === "film-frame") actions.current.pick = (at) => pickOnFilm(id, areas.current, at);
      else if (PICKS_SPIKES.has(kind)) {
        actions.current.pick = ({ x, y }) =>
          void pickAt(id, x, y).then(() => highlightPicked(useView.getState().selected));
        actions.current.brush = (outline, how) => void brushAt(id, outline, how);
      }
    };
    let gone = false;
    const again = latestOnly(readArea, (error) => {
      // a question that was still waiting when its canvas went away has no answer and needs none
      if (!gone) notifyError(error);
    });
    const detach = attachPicture(host.current, kind, panelId, readArea);
    return () => {
      gone = true;
      actions.current = null;
      areas.current = [];
      detach();
    };
  }, [kind, generation, panelId]);
  const shape = useBrush((state) => state.shape);
  const toolNow = useRef(tool);
  toolNow.current = tool ?? (shape && PICKS_SPIKES.has(kind) ? { shape } : null);
  const { box, line } = usePicturePointer(host, areas, actions, toolNow);
  const plot = usePictureKeys(host, areas, actions);
  const words = usePictureWords(areas);
  const wordsId = useId();
  return (
    <div
      ref={host}
      className="picture"
      role="application"
      aria-roledescription="picture"
      aria-label={label}
      aria-describedby={wordsId}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows and other keys move what it shows
      tabIndex={0}
      data-testid={`picture-${kind}`}
    >
      <p id={wordsId} className="visually-hidden">
        {words}
      </p>
      {plot && <div className="plot-mark" style={boxOf(plot)} />}
      {box && <div className="zoom-box" style={boxStyle(box)} />}
      {line.length > 0 && (
        <svg className="stroke" aria-hidden="true">
          <polyline points={line.map(({ x, y }) => `${x},${y}`).join(" ")} />
        </svg>
      )}
    </div>
  );
}

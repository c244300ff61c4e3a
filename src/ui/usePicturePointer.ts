import { type RefObject, useEffect, useState } from "react";
import { resetView, setRanges, useView } from "../app/viewStore.ts";
import type { BrushHow } from "../protocol/brush.ts";
import type { Quantity } from "../protocol/pictures.ts";
import { areaAt, isInside, type PlotArea, plotToData } from "../protocol/plotArea.ts";
import { boxRanges, dragBy, type Point, zoomAt } from "./pictureAxes.ts";
import { clampedTo, drawnBy, howBrushed, isBrush, mayBegin, outlineOf, type PictureTool } from "./stroke.ts";

const ZOOM_PER_PX = 0.0016;
const PX_PER_LINE = 16;
/** A pointer that moved less than this between down and up was meant as a click, px. */
const CLICK_PX = 4;

export interface Box {
  a: Point;
  b: Point;
}

/** What a drag under way has marked, for the overlay; CSS px from the picture's top left. */
export interface Marked {
  box: Box | null;
  line: readonly Point[];
}

const NOTHING: Marked = { box: null, line: [] };

function pointIn(element: HTMLElement, event: MouseEvent): Point {
  const rect = element.getBoundingClientRect();
  return { x: event.clientX - rect.left, y: event.clientY - rect.top };
}

/** The area that a gesture at a point is about: beside all of them the first. */
function areaFor(areas: readonly PlotArea[], { x, y }: Point): PlotArea | undefined {
  return areaAt(areas, x, y) ?? areas[0];
}

/** Put the shared cursor where the pointer is; null values where the plot has no such axis. */
function hover(areas: readonly PlotArea[], { x, y }: Point): void {
  const area = areaAt(areas, x, y);
  const at = area && plotToData(area, x, y);
  const along = (quantity: Quantity) =>
    at === null ? null : area?.x === quantity ? at.x : area?.y === quantity ? at.y : null;
  useView.setState({ cursorTimeSec: along("time"), cursorDepthUm: along("depth") });
}

function wheelFactor(event: WheelEvent): number {
  // with shift held, browsers turn a vertical wheel into a horizontal one
  const raw = event.deltaY || event.deltaX;
  const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? raw * PX_PER_LINE : raw;
  return Math.exp(Math.max(-240, Math.min(240, px)) * ZOOM_PER_PX);
}

interface Drag {
  from: Point;
  /** the area it began in, as it was then */
  area: PlotArea;
  /** what was on screen then */
  shown: ReturnType<typeof useView.getState>;
  box: boolean;
  /** what it draws, and where it has been; null when it moves the picture */
  stroke: { tool: PictureTool; points: Point[] } | null;
  /** it has gone far enough to be no click, even if it comes back */
  moved: boolean;
}

/** What a picture can be asked by its pointer; null while it has no canvas. */
export interface PictureActions {
  /** its margins may have changed */
  refresh(): void;
  /** a plain click on its data; absent on pictures that show neither single spikes nor contacts */
  pick?(at: Point): void;
  /** a closed line around spikes; absent on pictures that show none */
  brush?(outline: readonly number[], how: BrushHow): void;
}

type Actions = RefObject<PictureActions | null>;

type Areas = RefObject<readonly PlotArea[]>;

type Tool = RefObject<PictureTool | null>;

function markedBy({ tool, points }: NonNullable<Drag["stroke"]>, { top, height }: PlotArea): Marked {
  if (tool.shape === "line" || tool.shape === "lasso") return { box: null, line: points };
  const [from, to] = [points[0], points[points.length - 1]];
  if (tool.shape === "box") return { box: { a: from, b: to }, line: [] };
  return { box: { a: { x: from.x, y: top }, b: { x: to.x, y: top + height } }, line: [] };
}

/** Drag to pan or to draw, shift-drag for a box, click to pick, and the shared cursor while nothing is dragged. */
function dragHandlers(
  element: HTMLElement,
  areas: Areas,
  actions: Actions,
  tool: Tool,
  mark: (marked: Marked) => void,
) {
  let drag: Drag | null = null;
  const end = () => {
    drag = null;
    mark(NOTHING);
  };
  const begin = (from: Point, hasShift: boolean, area: PlotArea): Drag => {
    const chosen = tool.current;
    const stroke =
      chosen && (isBrush(chosen) || !hasShift) && mayBegin(area, from) ? { tool: chosen, points: [from] } : null;
    return { from, area, shown: useView.getState(), box: hasShift && !stroke, stroke, moved: false };
  };
  const finish = ({ from, area, stroke, moved }: Drag, event: PointerEvent) => {
    const drawing = stroke && !isBrush(stroke.tool) ? stroke.tool : null;
    if (stroke && drawing) {
      const drawn = drawnBy(drawing, area, stroke.points, CLICK_PX);
      if (drawn) drawing.finish(drawn);
    } else if (stroke && isBrush(stroke.tool) && moved) {
      actions.current?.brush?.(outlineOf(stroke.tool, stroke.points), howBrushed(event));
    } else if (!moved && isInside(area, from.x, from.y)) actions.current?.pick?.(from);
  };
  return {
    down(event: PointerEvent) {
      const from = pointIn(element, event);
      const area = areaFor(areas.current, from);
      if (event.button !== 0 || !area) return;
      element.setPointerCapture(event.pointerId);
      drag = begin(from, event.shiftKey, area);
    },
    move(event: PointerEvent) {
      const point = pointIn(element, event);
      if (!drag) {
        hover(areas.current, point);
        return;
      }
      const [dx, dy] = [point.x - drag.from.x, point.y - drag.from.y];
      drag.moved ||= Math.hypot(dx, dy) >= CLICK_PX;
      if (drag.box) mark({ box: { a: drag.from, b: point }, line: [] });
      else if (drag.stroke) {
        drag.stroke.points.push(clampedTo(drag.area, point));
        mark(markedBy({ ...drag.stroke, points: [...drag.stroke.points] }, drag.area));
      } else if (drag.moved) setRanges(dragBy(drag.shown, drag.area, dx, dy));
    },
    up(event: PointerEvent) {
      if (!drag) return;
      if (drag.box) {
        const next = boxRanges(useView.getState(), drag.area, drag.from, pointIn(element, event));
        if (next) setRanges(next);
      } else finish(drag, event);
      end();
    },
    cancel: end,
    leave() {
      if (!drag) useView.setState({ cursorTimeSec: null, cursorDepthUm: null });
    },
  };
}

function listen(
  element: HTMLElement,
  areas: Areas,
  actions: Actions,
  tool: Tool,
  mark: (marked: Marked) => void,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const wheel = (event: WheelEvent) => {
    const at = pointIn(element, event);
    const area = areaFor(areas.current, at);
    if (!area || event.ctrlKey) return;
    event.preventDefault();
    const only = event.shiftKey ? "y" : event.altKey ? "x" : "both";
    setRanges(zoomAt(useView.getState(), area, at, wheelFactor(event), only));
  };
  const { down, move, up, cancel, leave } = dragHandlers(element, areas, actions, tool, mark);
  // the margins follow the tick labels, hence the view: ask again whenever a gesture may begin or has changed it
  const ask = () => actions.current?.refresh();
  const stopFollowing = useView.subscribe((now, before) => {
    const isOther = now.ranges !== before.ranges || now.freeRanges !== before.freeRanges;
    if (isOther && element.matches(":hover")) ask();
  });
  element.addEventListener("pointerenter", ask, { signal });
  element.addEventListener("wheel", wheel, { passive: false, signal });
  element.addEventListener("pointerdown", down, { signal });
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", up, { signal });
  element.addEventListener("pointercancel", cancel, { signal });
  element.addEventListener("pointerleave", leave, { signal });
  element.addEventListener("dblclick", resetView, { signal });
  return () => {
    stopFollowing();
    stop.abort();
  };
}

/** Wheel, drag, box, click and double click on a picture; returns what a drag under way has marked, for the overlay. */
export function usePicturePointer(
  host: RefObject<HTMLElement | null>,
  areas: Areas,
  actions: Actions,
  tool: Tool,
): Marked {
  const [marked, mark] = useState<Marked>(NOTHING);
  useEffect(() => {
    const element = host.current;
    return element ? listen(element, areas, actions, tool, mark) : undefined;
  }, [host, areas, actions, tool]);
  return marked;
}

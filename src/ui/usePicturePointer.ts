import { type RefObject, useEffect, useState } from "react";
import { resetView, setRanges, useView } from "../app/viewStore.ts";
import { isInside, offsetOf, type PlotArea, plotToData } from "../protocol/plotArea.ts";
import { boxRanges, dragBy, type PictureAxes, type Point, zoomAt } from "./pictureAxes.ts";
import { clampedTo, drawnBy, mayBegin, type PictureTool } from "./stroke.ts";

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

/** Where a point of a picture with several areas would lie on the first of them. */
function onFirst(point: Point, offset: Point): Point {
  return { x: point.x - offset.x, y: point.y - offset.y };
}

/** Put the shared cursor where the pointer is; null values where the picture has no such axis. */
function hover(axes: PictureAxes, area: PlotArea, at: Point): void {
  const point = onFirst(at, offsetOf(area, at.x, at.y));
  if (!isInside(area, point.x, point.y)) {
    useView.setState({ cursorTimeSec: null, cursorDepthUm: null });
    return;
  }
  const data = plotToData(area, point.x, point.y);
  useView.setState({
    cursorTimeSec: axes.x === "time" ? data.x : null,
    cursorDepthUm: axes.y === "depth" ? data.y : null,
  });
}

function wheelFactor(event: WheelEvent): number {
  // with shift held, browsers turn a vertical wheel into a horizontal one
  const raw = event.deltaY || event.deltaX;
  const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? raw * PX_PER_LINE : raw;
  return Math.exp(Math.max(-240, Math.min(240, px)) * ZOOM_PER_PX);
}

interface Drag {
  from: Point;
  /** of the area it began in */
  offset: Point;
  ranges: ReturnType<typeof useView.getState>["ranges"];
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
}

type Actions = RefObject<PictureActions | null>;

type Area = RefObject<PlotArea | null>;

type Tool = RefObject<PictureTool | null>;

function markedBy({ tool, points }: NonNullable<Drag["stroke"]>, { top, height }: PlotArea): Marked {
  if (tool.shape === "line") return { box: null, line: points };
  const [from, to] = [points[0], points[points.length - 1]];
  return { box: { a: { x: from.x, y: top }, b: { x: to.x, y: top + height } }, line: [] };
}

/** Drag to pan or to draw, shift-drag for a box, click to pick, and the shared cursor while nothing is dragged. */
function dragHandlers(
  element: HTMLElement,
  axes: PictureAxes,
  area: Area,
  actions: Actions,
  tool: Tool,
  mark: (marked: Marked) => void,
) {
  let drag: Drag | null = null;
  const end = () => {
    drag = null;
    mark(NOTHING);
  };
  const begin = (from: Point, isBox: boolean, inside: PlotArea): Drag => {
    const draws = !isBox && tool.current !== null && mayBegin(inside, from);
    const stroke = draws && tool.current ? { tool: tool.current, points: [from] } : null;
    const offset = offsetOf(inside, from.x, from.y);
    return { from, offset, ranges: useView.getState().ranges, box: isBox, stroke, moved: false };
  };
  return {
    down(event: PointerEvent) {
      if (event.button !== 0 || !area.current) return;
      element.setPointerCapture(event.pointerId);
      drag = begin(pointIn(element, event), event.shiftKey, area.current);
    },
    move(event: PointerEvent) {
      if (!area.current) return;
      const point = pointIn(element, event);
      if (!drag) {
        hover(axes, area.current, point);
        return;
      }
      const [dx, dy] = [point.x - drag.from.x, point.y - drag.from.y];
      drag.moved ||= Math.hypot(dx, dy) >= CLICK_PX;
      if (drag.box) mark({ box: { a: drag.from, b: point }, line: [] });
      else if (drag.stroke) {
        drag.stroke.points.push(clampedTo(area.current, point));
        mark(markedBy({ ...drag.stroke, points: [...drag.stroke.points] }, area.current));
      } else if (drag.moved) setRanges(dragBy(axes, drag.ranges, area.current, dx, dy));
    },
    up(event: PointerEvent) {
      if (drag && area.current) {
        const { from, offset, box, stroke, moved } = drag;
        if (box) {
          const [a, b] = [onFirst(from, offset), onFirst(pointIn(element, event), offset)];
          const next = boxRanges(axes, useView.getState().ranges, area.current, a, b);
          if (next) setRanges(next);
        } else if (stroke) {
          const drawn = drawnBy(stroke.tool, area.current, stroke.points, CLICK_PX);
          if (drawn) stroke.tool.finish(drawn);
        } else if (!moved && isInside(area.current, from.x, from.y)) actions.current?.pick?.(from);
      }
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
  axes: PictureAxes,
  area: Area,
  actions: Actions,
  tool: Tool,
  mark: (marked: Marked) => void,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const wheel = (event: WheelEvent) => {
    if (!area.current || event.ctrlKey) return;
    event.preventDefault();
    const only = event.shiftKey ? "y" : event.altKey ? "x" : "both";
    const at = pointIn(element, event);
    const point = onFirst(at, offsetOf(area.current, at.x, at.y));
    setRanges(zoomAt(axes, useView.getState().ranges, area.current, point, wheelFactor(event), only));
  };
  const { down, move, up, cancel, leave } = dragHandlers(element, axes, area, actions, tool, mark);
  // the margins follow the tick labels, hence the view: ask again whenever a gesture may begin or has changed it
  const ask = () => actions.current?.refresh();
  const stopFollowing = useView.subscribe((now, before) => {
    if (now.ranges !== before.ranges && element.matches(":hover")) ask();
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
  axes: PictureAxes,
  area: Area,
  actions: Actions,
  tool: Tool,
): Marked {
  const [marked, mark] = useState<Marked>(NOTHING);
  useEffect(() => {
    const element = host.current;
    return element ? listen(element, axes, area, actions, tool, mark) : undefined;
  }, [host, axes, area, actions, tool]);
  return marked;
}

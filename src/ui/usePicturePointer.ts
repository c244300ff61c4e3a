import { type RefObject, useEffect, useState } from "react";
import { resetView, setRanges, useView } from "../app/viewStore.ts";
import { isInside, type PlotArea, plotToData } from "../protocol/plotArea.ts";
import { boxRanges, dragBy, type PictureAxes, type Point, zoomAt } from "./pictureAxes.ts";

const ZOOM_PER_PX = 0.0016;
const PX_PER_LINE = 16;
/** A pointer that moved less than this between down and up was meant as a click, px. */
const CLICK_PX = 4;

export interface Box {
  a: Point;
  b: Point;
}

function pointIn(element: HTMLElement, event: MouseEvent): Point {
  const rect = element.getBoundingClientRect();
  return { x: event.clientX - rect.left, y: event.clientY - rect.top };
}

/** Put the shared cursor where the pointer is; null values where the picture has no such axis. */
function hover(axes: PictureAxes, area: PlotArea, point: Point): void {
  if (!isInside(area, point.x, point.y)) {
    useView.setState({ cursorTimeSec: null, cursorDepthUm: null });
    return;
  }
  const at = plotToData(area, point.x, point.y);
  useView.setState({
    cursorTimeSec: axes.x === "time" ? at.x : null,
    cursorDepthUm: axes.y === "depth" ? at.y : null,
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
  ranges: ReturnType<typeof useView.getState>["ranges"];
  box: boolean;
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

/** Drag to pan, shift-drag for a box, click to pick, and the shared cursor while nothing is dragged. */
function dragHandlers(
  element: HTMLElement,
  axes: PictureAxes,
  area: Area,
  actions: Actions,
  setBox: (box: Box | null) => void,
) {
  let drag: Drag | null = null;
  const end = () => {
    drag = null;
    setBox(null);
  };
  return {
    down(event: PointerEvent) {
      if (event.button !== 0 || !area.current) return;
      element.setPointerCapture(event.pointerId);
      drag = { from: pointIn(element, event), ranges: useView.getState().ranges, box: event.shiftKey, moved: false };
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
      if (drag.box) setBox({ a: drag.from, b: point });
      else if (drag.moved) setRanges(dragBy(axes, drag.ranges, area.current, dx, dy));
    },
    up(event: PointerEvent) {
      if (drag && area.current) {
        const { from, box, moved } = drag;
        if (box) {
          const next = boxRanges(axes, useView.getState().ranges, area.current, from, pointIn(element, event));
          if (next) setRanges(next);
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
  setBox: (box: Box | null) => void,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const wheel = (event: WheelEvent) => {
    if (!area.current || event.ctrlKey) return;
    event.preventDefault();
    const only = event.shiftKey ? "y" : event.altKey ? "x" : "both";
    const point = pointIn(element, event);
    setRanges(zoomAt(axes, useView.getState().ranges, area.current, point, wheelFactor(event), only));
  };
  const { down, move, up, cancel, leave } = dragHandlers(element, axes, area, actions, setBox);
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

/** Wheel, drag, box, click and double click on a picture; returns the box being drawn, for the overlay. */
export function usePicturePointer(
  host: RefObject<HTMLElement | null>,
  axes: PictureAxes,
  area: Area,
  actions: Actions,
): Box | null {
  const [box, setBox] = useState<Box | null>(null);
  useEffect(() => {
    const element = host.current;
    return element ? listen(element, axes, area, actions, setBox) : undefined;
  }, [host, axes, area, actions]);
  return box;
}

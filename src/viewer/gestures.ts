import type { Range } from "../core/types.ts";
import type { Quantity } from "../protocol/pictures.ts";
import { areaAt, isInside, type PlotArea } from "../protocol/plotArea.ts";
import { boxRanges, dragBy, type Point, zoomAt } from "../ui/pictureAxes.ts";
import type { Model } from "./model.ts";

const zoomPerPx = 0.0016;
const pxPerLine = 16;
/** a pointer that moved less than this between down and up was meant as a click, px */
const clickPx = 4;

/** What gestures on a picture lead to. */
export interface GestureTarget {
  model: Model;
  areas(): readonly PlotArea[];
  change(ranges: Partial<Record<Quantity, Range>>): void;
  pick(at: Point): void;
  reset(): void;
  /** where the box under way is; null when none is */
  mark(box: { a: Point; b: Point } | null): void;
}

function pointIn(element: HTMLElement, event: MouseEvent): Point {
  const rect = element.getBoundingClientRect();
  return { x: event.clientX - rect.left, y: event.clientY - rect.top };
}

function wheelFactor(event: WheelEvent): number {
  const raw = event.deltaY || event.deltaX; // with shift held, browsers turn a vertical wheel into a horizontal one
  const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? raw * pxPerLine : raw;
  return Math.exp(Math.max(-240, Math.min(240, px)) * zoomPerPx);
}

/** Wheel, drag, shift-drag, click and double click on a picture, as in the workbench. */
export function listenToGestures(element: HTMLElement, target: GestureTarget): void {
  const { model } = target;
  const areaFor = ({ x, y }: Point) => areaAt(target.areas(), x, y) ?? target.areas()[0];
  let drag: { from: Point; area: PlotArea; shown: ReturnType<Model["get"]>; isBox: boolean; moved: boolean } | null =
    null;
  const end = () => {
    drag = null;
    target.mark(null);
  };
  element.addEventListener(
    "wheel",
    (event) => {
      const at = pointIn(element, event);
      const area = areaFor(at);
      if (!area || event.ctrlKey || !(area.x || area.y)) return;
      event.preventDefault();
      const only = event.shiftKey ? "y" : event.altKey ? "x" : "both";
      target.change(zoomAt(model.get(), area, at, wheelFactor(event), only));
    },
    { passive: false },
  );
  element.addEventListener("pointerdown", (event) => {
    const from = pointIn(element, event);
    const area = areaFor(from);
    if (event.button !== 0 || !area) return;
    element.setPointerCapture(event.pointerId);
    drag = { from, area, shown: model.get(), isBox: event.shiftKey, moved: false };
  });
  element.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const point = pointIn(element, event);
    const [dx, dy] = [point.x - drag.from.x, point.y - drag.from.y];
    drag.moved ||= Math.hypot(dx, dy) >= clickPx;
    if (drag.isBox) target.mark({ a: drag.from, b: point });
    else if (drag.moved) target.change(dragBy(drag.shown, drag.area, dx, dy));
  });
  element.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { from, area, isBox, moved } = drag;
    if (isBox) {
      const next = boxRanges(model.get(), area, from, pointIn(element, event));
      if (next) target.change(next);
    } else if (!moved && isInside(area, from.x, from.y)) target.pick(from);
    end();
  });
  element.addEventListener("pointercancel", end);
  element.addEventListener("dblclick", () => target.reset());
}

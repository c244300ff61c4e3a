import { type RefObject, useEffect, useRef, useState } from "react";
import { type SomeRanges, setRanges, useView } from "../app/viewStore.ts";
import type { PlotArea } from "../protocol/plotArea.ts";
import { dragBy, zoomAt } from "./pictureAxes.ts";
import { say } from "./said.ts";
import type { PictureActions } from "./usePicturePointer.ts";

const PAN = 0.1;
const ZOOM = 0.8;

/** Share of the plot by which an arrow moves what is shown: to the right and upwards. */
const ARROWS: Readonly<Record<string, readonly [right: number, up: number]>> = {
  ArrowLeft: [-PAN, 0],
  ArrowRight: [PAN, 0],
  ArrowUp: [0, PAN],
  ArrowDown: [0, -PAN],
};

/** Ranges after a key, along the axes of this plot; null for a key that means nothing here. */
export function rangesByKey(key: string, shown: Parameters<typeof dragBy>[0], area: PlotArea): SomeRanges | null {
  const arrow = ARROWS[key];
  const middle = { x: area.left + area.width / 2, y: area.top + area.height / 2 };
  // as if the picture had been dragged the other way; an arrow along an axis that shows all there is moves nothing
  if (arrow) {
    const [right, up] = arrow;
    const axes = { ...area, x: right === 0 ? null : area.x, y: up === 0 ? null : area.y };
    return dragBy(shown, axes, -right * area.width, up * area.height);
  }
  if (key === "+" || key === "=") return zoomAt(shown, area, middle, ZOOM, "both");
  if (key === "-") return zoomAt(shown, area, middle, 1 / ZOOM, "both");
  return null;
}

/**
 * Keys of a picture that has the focus: arrows, + and − act on its own axes, Enter selects what is in the middle, n takes the
 * next of several plots. What means nothing here is left to the page. Returns the plot that the keys act on, where there are
 * several and the focus is in it.
 */
export function usePictureKeys(
  host: RefObject<HTMLElement | null>,
  areas: RefObject<readonly PlotArea[]>,
  actions: RefObject<PictureActions | null>,
): PlotArea | null {
  const at = useRef(0);
  const [marked, setMarked] = useState<PlotArea | null>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const stop = new AbortController();
    const { signal } = stop;
    const area = () => areas.current[at.current] ?? areas.current[0];
    const mark = () => setMarked(areas.current.length > 1 && element.matches(":focus-visible") ? area() : null);
    const next = () => {
      at.current = (at.current + 1) % areas.current.length;
      say(`Plot ${at.current + 1} of ${areas.current.length}`);
      mark();
    };
    const press = (event: KeyboardEvent) => {
      const plot = area();
      if (event.target !== element || !plot || event.ctrlKey || event.metaKey || event.altKey) return;
      const ranges = rangesByKey(event.key, useView.getState(), plot);
      if (ranges && Object.keys(ranges).length > 0) setRanges(ranges);
      else if (event.key === "Enter" && actions.current?.pick) {
        actions.current.pick({ x: plot.left + plot.width / 2, y: plot.top + plot.height / 2 });
      } else if (event.key === "n" && areas.current.length > 1) next();
      else return;
      event.preventDefault();
    };
    element.addEventListener("keydown", press, { signal });
    element.addEventListener("focus", mark, { signal });
    element.addEventListener("blur", () => setMarked(null), { signal });
    return () => stop.abort();
  }, [host, areas, actions]);
  return marked;
}

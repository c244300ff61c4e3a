import { firstOrbit, type Orbit, turned, zoomed } from "../protocol/orbit.ts";
import type { Model } from "./model.ts";

const degPerPx = 0.5;
const degPerKey = 6;
const zoomPerPx = 0.0016;
const zoomPerKey = 1.15;

/** A drag or the arrow keys turn a picture of space, the wheel or + and − zoom it, a double click or 0 brings it back. */
export function listenToOrbit(element: HTMLElement, model: Model): void {
  const change = (next: (orbit: Orbit) => Orbit) => model.set({ orbit: next(model.get().orbit) });
  let last: { x: number; y: number } | null = null;
  element.tabIndex = 0;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    last = { x: event.clientX, y: event.clientY };
  });
  element.addEventListener("pointermove", ({ clientX: x, clientY: y }) => {
    if (!last) return;
    const [dx, dy] = [x - last.x, y - last.y];
    change((orbit) => turned(orbit, -degPerPx * dx, degPerPx * dy));
    last = { x, y };
  });
  const end = () => {
    last = null;
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
  element.addEventListener("dblclick", () => change(() => firstOrbit));
  element.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey) return;
      event.preventDefault();
      const px = Math.max(-240, Math.min(240, event.deltaY));
      change((orbit) => zoomed(orbit, Math.exp(-zoomPerPx * px)));
    },
    { passive: false },
  );
  const keys: Record<string, (orbit: Orbit) => Orbit> = {
    ArrowLeft: (orbit) => turned(orbit, degPerKey, 0),
    ArrowRight: (orbit) => turned(orbit, -degPerKey, 0),
    ArrowUp: (orbit) => turned(orbit, 0, -degPerKey),
    ArrowDown: (orbit) => turned(orbit, 0, degPerKey),
    "+": (orbit) => zoomed(orbit, zoomPerKey),
    "-": (orbit) => zoomed(orbit, 1 / zoomPerKey),
    "0": () => firstOrbit,
  };
  element.addEventListener("keydown", (event) => {
    const next = keys[event.key];
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // on the page these keys mean time and depth
    change(next);
  });
}

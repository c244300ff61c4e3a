import { type ReactNode, useEffect, useRef } from "react";
import { resetOrbit, turnOrbit, zoomOrbit } from "../app/orbit.ts";

const DEG_PER_PX = 0.5;
const DEG_PER_KEY = 6;
const ZOOM_PER_PX = 0.0016;
const ZOOM_PER_KEY = 1.15;

/** What each key does while the picture has the focus. */
const KEYS: Record<string, () => void> = {
  ArrowLeft: () => turnOrbit(DEG_PER_KEY, 0),
  ArrowRight: () => turnOrbit(-DEG_PER_KEY, 0),
  ArrowUp: () => turnOrbit(0, -DEG_PER_KEY),
  ArrowDown: () => turnOrbit(0, DEG_PER_KEY),
  "+": () => zoomOrbit(ZOOM_PER_KEY),
  "-": () => zoomOrbit(1 / ZOOM_PER_KEY),
  "0": resetOrbit,
};

function listen(element: HTMLElement): () => void {
  const stop = new AbortController();
  let last: { x: number; y: number } | null = null;
  // the picture inside has gestures of its own for axes that can be moved, which a scene does not have
  const take = <E extends Event>(name: string, handle: (event: E) => void) =>
    element.addEventListener(
      name,
      (event) => {
        event.stopPropagation();
        handle(event as E);
      },
      { capture: true, passive: false, signal: stop.signal },
    );
  take<PointerEvent>("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    element.focus();
    last = { x: event.clientX, y: event.clientY };
  });
  take<PointerEvent>("pointermove", ({ clientX: x, clientY: y }) => {
    if (last) turnOrbit(-DEG_PER_PX * (x - last.x), DEG_PER_PX * (y - last.y));
    if (last) last = { x, y };
  });
  const end = () => {
    last = null;
  };
  take("pointerup", end);
  take("pointercancel", end);
  take("dblclick", resetOrbit);
  take<WheelEvent>("wheel", (event) => {
    if (event.ctrlKey) return;
    event.preventDefault();
    const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 * event.deltaY : event.deltaY;
    zoomOrbit(Math.exp(-ZOOM_PER_PX * Math.max(-240, Math.min(240, px))));
  });
  element.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
      event.preventDefault();
      event.stopPropagation();
      KEYS[event.key]();
    },
    { signal: stop.signal },
  );
  return () => stop.abort();
}

/**
 * Around a picture of space: a drag or the arrow keys turn it, the wheel or + and − zoom it, a double click or 0 brings it back.
 */
export function OrbitArea({ label, children }: { label: string; children: ReactNode }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    element.tabIndex = 0;
    return listen(element);
  }, []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has no keys of its own, and this is one thing that is turned
    <div ref={host} className="orbit" role="group" aria-roledescription="rotatable scene" aria-label={label}>
      {children}
    </div>
  );
}

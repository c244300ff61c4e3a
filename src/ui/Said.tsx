import { useEffect } from "react";
import { getResults } from "../app/results.ts";
import { useView } from "../app/viewStore.ts";
import { pictureInWords } from "./pictureWords.ts";
import { say, useSaid } from "./said.ts";

/** Keys are let rest before what they have done is said, ms. */
const REST_MS = 700;

/** After keys have moved the view, what it shows: once, when they have come to rest. */
function useTelling(): void {
  useEffect(() => {
    let byKey = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = new AbortController();
    const options = { capture: true, signal: stop.signal };
    window.addEventListener(
      "keydown",
      () => {
        byKey = true;
      },
      options,
    );
    for (const type of ["pointerdown", "wheel"] as const) {
      window.addEventListener(
        type,
        () => {
          byKey = false;
        },
        { ...options, passive: true },
      );
    }
    const tell = () => say(pictureInWords(LINKED, useView.getState(), getResults().spikes?.timeSec ?? null));
    const stopView = useView.subscribe((now, before) => {
      if (!byKey || now.ranges === before.ranges) return;
      clearTimeout(timer);
      timer = setTimeout(tell, REST_MS);
    });
    return () => {
      clearTimeout(timer);
      stop.abort();
      stopView();
    };
  }, []);
}

/** A plot of what every picture shares. */
const LINKED = [
  {
    left: 0,
    top: 0,
    width: 1,
    height: 1,
    xRange: [0, 1],
    yRange: [0, 1],
    xUnit: "s",
    yUnit: "µm",
    x: "time",
    y: "depth",
  },
] as const satisfies Parameters<typeof pictureInWords>[0];

/** What a screen reader says after a key. */
export function Said() {
  const sentence = useSaid((state) => state.sentence);
  useTelling();
  return (
    <p role="status" className="visually-hidden" data-testid="said">
      {sentence}
    </p>
  );
}

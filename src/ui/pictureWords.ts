import { useEffect, useState } from "react";
import { describeSpike, formatCount, formatRange } from "../app/format.ts";
import { getResults } from "../app/results.ts";
import { amplitudeUnitNow, unitInWords } from "../app/units.ts";
import { useView, type ViewState } from "../app/viewStore.ts";
import type { Range } from "../core/types.ts";
import type { Quantity } from "../protocol/pictures.ts";
import type { PlotArea } from "../protocol/plotArea.ts";

/** What a picture shows now, in words, for those who do not see it. */

/** The view counts as at rest after this, ms: nothing is said while it moves. */
const REST_MS = 500;

const NAMES: Readonly<Partial<Record<Quantity, string>>> = {
  amp: "amplitude",
  localX: "x from the anchor",
  localY: "depth from the anchor",
  localZ: "z from the anchor",
  logAlpha: "log α",
  unitDepth: "depth around the unit",
};

/** Rows of an ascending column that lie within a range: found by halving, not by counting. */
export function countWithin(ascending: ArrayLike<number>, [low, high]: Range): number {
  const firstFrom = (isIn: (value: number) => boolean): number => {
    let [from, to] = [0, ascending.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isIn(ascending[middle])) to = middle;
      else from = middle + 1;
    }
    return from;
  };
  return firstFrom((value) => value > high) - firstFrom((value) => value >= low);
}

function axesInWords(areas: readonly PlotArea[], { ranges, freeRanges }: ViewState): string {
  const said = new Map<Quantity, string>();
  for (const area of areas) {
    for (const axis of ["x", "y"] as const) {
      const quantity = area[axis];
      if (!quantity || said.has(quantity)) continue;
      const [own, unit] = axis === "x" ? [area.xRange, area.xUnit] : [area.yRange, area.yUnit];
      const range = { ...freeRanges, ...ranges }[quantity] ?? own;
      said.set(quantity, `${NAMES[quantity] ?? quantity} ${formatRange(range, unit)}`.trim());
    }
  }
  return [...said.values()].join(", ");
}

/** "Time 0 to 600 s, depth 0 to 1,540 µm. 12,345 of 91,492 spikes are in this time. …" */
export function pictureInWords(areas: readonly PlotArea[], view: ViewState, timeSec: ArrayLike<number> | null): string {
  const axes = axesInWords(areas, view);
  const sentences = [axes === "" ? "" : `${axes[0].toUpperCase()}${axes.slice(1)}.`];
  if (timeSec && timeSec.length > 0) {
    const shown = formatCount(countWithin(timeSec, view.ranges.time));
    sentences.push(`${shown} of ${formatCount(timeSec.length)} spikes are in this time.`);
  }
  if (view.selected)
    sentences.push(`Selected: ${describeSpike(view.selected, amplitudeUnitNow(), unitInWords(view.selected.index))}.`);
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

/** The words of a picture, told anew when the view has come to rest. */
export function usePictureWords(areas: { readonly current: readonly PlotArea[] }): string {
  const [words, setWords] = useState("");
  useEffect(() => {
    const tell = () =>
      setWords(pictureInWords(areas.current, useView.getState(), getResults().spikes?.timeSec ?? null));
    let timer = setTimeout(tell, REST_MS);
    const stop = useView.subscribe((now, before) => {
      const isOther =
        now.ranges !== before.ranges || now.freeRanges !== before.freeRanges || now.selected !== before.selected;
      if (!isOther) return;
      clearTimeout(timer);
      timer = setTimeout(tell, REST_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [areas]);
  return words;
}

import { panRange, zoomRange } from "../app/viewMath.ts";
import { sequentialMaps } from "../paint/colourMaps.ts";
import type { PageContents } from "../protocol/interactivePage.ts";
import type { LinkedQuantity } from "../protocol/pictures.ts";
import { toggleTheme } from "./controls.ts";
import { type Model, resetRanges, setRanges, stepSelection } from "./model.ts";

const panPart = 0.1;
const zoomFactor = 0.8;

function nextMap(model: Model): void {
  const at = sequentialMaps.indexOf(model.get().colourMap);
  model.set({ colourMap: sequentialMaps[(at + 1) % sequentialMaps.length] });
}

/** The keys of the workbench that mean something here. */
export function listenToKeys(contents: PageContents, model: Model): void {
  const pan = (quantity: LinkedQuantity, part: number) => {
    const range = model.get().ranges[quantity];
    setRanges(model, contents, { [quantity]: panRange(range, part * (range[1] - range[0])) });
  };
  const zoom = (factor: number) => {
    const { time, depth } = model.get().ranges;
    const about = (range: typeof time) => zoomRange(range, (range[0] + range[1]) / 2, factor);
    setRanges(model, contents, { time: about(time), depth: about(depth) });
  };
  const keys: Record<string, () => void> = {
    "[": () => stepSelection(model, contents, -1),
    "]": () => stepSelection(model, contents, 1),
    "0": () => resetRanges(model, contents),
    "+": () => zoom(zoomFactor),
    "-": () => zoom(1 / zoomFactor),
    c: () => nextMap(model),
    t: () => toggleTheme(model),
    Escape: () => model.set({ selected: null }),
    ArrowLeft: () => pan("time", -panPart),
    ArrowRight: () => pan("time", panPart),
    ArrowUp: () => pan("depth", panPart),
    ArrowDown: () => pan("depth", -panPart),
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLSelectElement;
    const act = keys[event.key];
    if (!act || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}

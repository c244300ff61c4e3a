import { create } from "zustand";

/** Whether the sheet with the keys is on screen. */
export const useKeyHelp = create<{ open: boolean }>(() => ({ open: false }));

export function toggleKeyHelp(): void {
  useKeyHelp.setState((state) => ({ open: !state.open }));
}

export function closeKeyHelp(): void {
  useKeyHelp.setState({ open: false });
}

/** Every key and gesture, as the sheet lists them. */
export const KEY_LIST: readonly { group: string; keys: readonly (readonly [keys: string, what: string])[] }[] = [
  {
    group: "View",
    keys: [
      ["wheel", "zoom at the pointer"],
      ["shift + wheel", "zoom the vertical axis only"],
      ["alt + wheel", "zoom the horizontal axis only"],
      ["click", "select the spike or the contact at the pointer; none on empty ground"],
      ["drag", "move"],
      ["shift + drag", "zoom into a box"],
      ["double click", "show everything"],
      ["← → ↑ ↓", "move by a tenth of the screen"],
      ["+ −", "zoom in and out"],
      ["0", "show everything"],
      ["[ ]", "previous and next spike; with none selected, the one at the middle of the time shown"],
      ["x", "a spike at random, of those brushed or else on screen"],
      ["z", "zoom into the depths around the selected spike or channel"],
      ["c", "next colour map"],
      ["t", "dark or light"],
    ],
  },
  {
    group: "Brush",
    keys: [
      ["l b", "brush spikes by lasso or by box, or end that"],
      ["drag", "brush the spikes inside, while a brush is chosen"],
      ["shift + drag", "add them to those brushed"],
      ["alt + drag", "take them away from those brushed"],
      ["Esc", "end the brush, then forget what is brushed"],
    ],
  },
  {
    group: "Recording",
    keys: [
      ["j k", "next channel down and up the probe"],
      ["h", "traces as lines or as a heat map"],
      [", .", "traces half a window earlier and later"],
      ["w W", "a longer and a shorter window of traces"],
      ["f", "traces follow the pointer over the rasters, or not"],
      ["o", "open the next recording of the same drop"],
    ],
  },
  {
    group: "Run",
    keys: [
      ["r", "run all steps of the recipe"],
      ["1 2 …", "run that step alone"],
      ["u", "go on with a run that was stopped"],
      ["space", "pause and resume"],
      ["Esc", "close this, else end the editing or the brush, else select nothing, else cancel the run"],
    ],
  },
  {
    group: "Motion",
    keys: [
      ["e", "edit a copy of the active motion, or end that"],
      ["ctrl + z", "take back the last edit"],
      ["ctrl + shift + z", "make it again"],
      ["drag in the motion panel", "mask a stretch of time, or draw a curve, while that tool is chosen"],
    ],
  },
  { group: "Help", keys: [["?", "this list"]] },
];

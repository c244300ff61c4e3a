import { create } from "zustand";

/** Whether the sheet with the keys is on screen. */
export const useKeyHelp = create<{ open: boolean }>(() => ({ open: false }));

export function toggleKeyHelp(): void {
  useKeyHelp.setState((state) => ({ open: !state.open }));
}

export function closeKeyHelp(): void {
  useKeyHelp.setState({ open: false });
}

/** Gestures, and keys that a panel takes itself: no commands. The sheet lists them before the keys of their group. */
export const KEY_LIST: readonly { group: string; keys: readonly (readonly [gesture: string, what: string])[] }[] = [
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
      ["enter", "select what is in the middle of the picture with the focus"],
      ["n", "the next of several plots of the picture with the focus"],
    ],
  },
  {
    group: "Brush",
    keys: [
      ["drag", "brush the spikes inside, while a brush is chosen"],
      ["shift + drag", "add them to those brushed"],
      ["alt + drag", "take them away from those brushed"],
    ],
  },
  {
    group: "Motion",
    keys: [["drag in the motion panel", "mask a stretch of time, or draw a curve, while that tool is chosen"]],
  },
  {
    group: "Film, while its panel has the focus",
    keys: [
      ["space", "play and stop"],
      [", .", "one frame back and on"],
      ["Home End", "first and last frame"],
      ["click on a trace", "show that moment"],
    ],
  },
];

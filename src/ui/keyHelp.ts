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
      ["click", "select the spike at the pointer; none on empty ground"],
      ["drag", "move"],
      ["shift + drag", "zoom into a box"],
      ["double click", "show everything"],
      ["← → ↑ ↓", "move by a tenth of the screen"],
      ["+ −", "zoom in and out"],
      ["0", "show everything"],
      ["[ ]", "previous and next spike; with none selected, the one at the middle of the time shown"],
      ["c", "next colour map"],
      ["t", "dark or light"],
    ],
  },
  {
    group: "Run",
    keys: [
      ["r", "run the recipe"],
      ["space", "pause and resume"],
      ["Esc", "close this, else select no spike, else cancel the run"],
    ],
  },
  { group: "Help", keys: [["?", "this list"]] },
];

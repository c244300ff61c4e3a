import { create } from "zustand";

/** Whether the palette of commands is on screen. */
export const usePalette = create<{ open: boolean }>(() => ({ open: false }));

export function togglePalette(): void {
  usePalette.setState((state) => ({ open: !state.open }));
}

export function closePalette(): void {
  usePalette.setState({ open: false });
}

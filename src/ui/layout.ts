import { create } from "zustand";

/** State of the dock that is not dockview's own. */
export const useLayout = create<{ resets: number; helpFor: string | null }>(() => ({ resets: 0, helpFor: null }));

/** Put every panel back where it starts. */
export function resetLayout(): void {
  useLayout.setState((state) => ({ resets: state.resets + 1 }));
}

/** Show or hide the help of a panel; one at a time. */
export function toggleHelp(panelId: string): void {
  useLayout.setState((state) => ({ helpFor: state.helpFor === panelId ? null : panelId }));
}

import { create } from "zustand";

/** The sentence that a screen reader is to say next; only what a key has just changed, never what runs by itself. */
export const useSaid = create<{ sentence: string }>(() => ({ sentence: "" }));

export function say(sentence: string): void {
  useSaid.setState({ sentence });
}

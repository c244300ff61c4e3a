import { create } from "zustand";

/** What the bottom line shows besides the session. */
export interface StatusState {
  /** ms the slowest picture took last time */
  redrawMs: number | null;
  /** bytes in use by the page and its workers, where the browser tells */
  memoryBytes: number | null;
  /** the corrected recording that is being written, with where it stands in words */
  correction: { id: string; text: string } | null;
}

export const useStatus = create<StatusState>(() => ({ redrawMs: null, memoryBytes: null, correction: null }));

/** Not in every browser, and only on a cross-origin isolated page. */
interface MeasuringPerformance {
  measureUserAgentSpecificMemory?(): Promise<{ bytes: number }>;
}

/** Ask the browser how much memory the page uses, now and every `everyMs`; returns the function that stops it. */
export function watchMemory(everyMs: number): () => void {
  const source = performance as Performance & MeasuringPerformance;
  if (!source.measureUserAgentSpecificMemory || !crossOriginIsolated) return () => undefined;
  const measure = async () => {
    try {
      const found = await source.measureUserAgentSpecificMemory?.();
      if (found) useStatus.setState({ memoryBytes: found.bytes });
    } catch {
      // the browser refuses while the page is hidden or a measurement is under way: show no number rather than an old one
      useStatus.setState({ memoryBytes: null });
    }
  };
  void measure();
  const timer = setInterval(measure, everyMs);
  return () => clearInterval(timer);
}

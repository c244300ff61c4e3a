import type { ReactNode } from "react";
import { useMethodGrid } from "./useMethodGrid.ts";

/** Less than this per row of plots says nothing; then the panel scrolls. */
const LEAST_ROW_PX = 120;
const AXIS_PX = 60;

/** Room for a picture of the grid of methods, as high as its rows need. */
export function GridRoom({ children }: { children: ReactNode }) {
  const { rows } = useMethodGrid();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: many rows scroll, and the keyboard is to reach them
    <section className="grid-scroll" aria-label="Grid of methods" tabIndex={0}>
      <div className="grid-room" style={{ minHeight: rows.length * LEAST_ROW_PX + AXIS_PX }}>
        {children}
      </div>
    </section>
  );
}

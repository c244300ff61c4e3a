import type { ReactNode } from "react";

/** Room for a picture of many plots: as high as it needs, and the panel scrolls where that is more than it has. */
export function GridRoom({ heightPx, children }: { heightPx: number; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: many rows scroll, and the keyboard is to reach them
    <section className="grid-scroll" aria-label="Methods beside each other" tabIndex={0}>
      <div className="grid-room" style={{ minHeight: heightPx }}>
        {children}
      </div>
    </section>
  );
}

/** Less than this per row of plots says nothing. */
const LEAST_ROW_PX = 120;
const AXIS_PX = 60;

/** Height that a grid of so many rows of plots needs. */
export function gridHeightPx(nRows: number): number {
  return nRows * LEAST_ROW_PX + AXIS_PX;
}

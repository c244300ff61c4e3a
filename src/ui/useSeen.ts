import { type RefObject, useEffect, useState } from "react";

/** Whether an element has been on screen since it was mounted: a panel behind a tab has no size. */
export function useSeen(element: RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (!current || isSeen) return;
    const observer = new ResizeObserver(() => {
      if (current.clientWidth > 0 && current.clientHeight > 0) setSeen(true);
    });
    observer.observe(current);
    return () => observer.disconnect();
    // in every render until then: a panel that says what would fill it has no such element yet
  });
  return isSeen;
}

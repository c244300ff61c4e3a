import { useEffect, useState } from "react";
import { type MotionsState, useMotions } from "../app/motions.ts";

/** Only the numbers of motions have changed, as they do many times a second while one is learned. */
function isLearning(now: MotionsState, before: MotionsState): boolean {
  const about = ({ entries, activeId, truthId }: MotionsState) =>
    JSON.stringify([activeId, truthId, entries.map(({ id, title, shown, from }) => [id, title, shown, from])]);
  return about(now) === about(before);
}

/** The motions of the session, at most one render per `everyMs` while one is being learned; the last change is always rendered. */
export function useThrottledMotions(everyMs: number): MotionsState {
  const [state, setState] = useState(useMotions.getState);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    setState(useMotions.getState());
    const stop = useMotions.subscribe((now, before) => {
      if (!isLearning(now, before)) setState(now);
      timer ??= setTimeout(() => {
        timer = undefined;
        setState(useMotions.getState());
      }, everyMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [everyMs]);
  return state;
}

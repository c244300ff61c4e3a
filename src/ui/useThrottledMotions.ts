import { useEffect, useState } from "react";
import { type MotionsState, useMotions } from "../app/motions.ts";

/** The motions of the session, at most one render per `everyMs` while one is being learned; the last change is always rendered. */
export function useThrottledMotions(everyMs: number): MotionsState {
  const [state, setState] = useState(useMotions.getState);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    setState(useMotions.getState());
    const stop = useMotions.subscribe(() => {
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

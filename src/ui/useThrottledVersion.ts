import { useEffect, useState } from "react";
import { type ResultKind, subscribeResults } from "../app/results.ts";

/** Like useResultVersion, but at most one render per `everyMs`; the last change is always rendered. */
export function useThrottledVersion(kind: ResultKind, everyMs: number): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = subscribeResults(kind, () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setVersion((v) => v + 1);
      }, everyMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [kind, everyMs]);
  return version;
}

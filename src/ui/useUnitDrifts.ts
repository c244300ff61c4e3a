import { useEffect } from "react";
import { usePositions } from "../app/positions.ts";
import { useResultVersion } from "../app/results.ts";
import { readUnitDrifts } from "../app/units.ts";

/** A motion that is being learned counts as at rest after this, ms: all units are held against one that stays. */
const REST_MS = 700;

/** Changes whenever the depths of units may have: for an effect that asks for them. */
export function useDepthVersion(): string {
  const versions = [useResultVersion("spikes"), useResultVersion("motion"), useResultVersion("run")];
  return [...versions, usePositions((state) => state.chosen)].join();
}

/** While wanted, keep the drift of all units as spikes, places and motion are. */
export function useUnitDrifts(isWanted: boolean): void {
  const version = useDepthVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version is the reason to ask again
  useEffect(() => {
    if (!isWanted) return;
    const timer = setTimeout(() => void readUnitDrifts(), REST_MS);
    return () => clearTimeout(timer);
  }, [isWanted, version]);
}

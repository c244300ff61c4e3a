import { create } from "zustand";
import { withCompute, withPaint } from "./clients.ts";
import { isActive } from "./jobReducer.ts";
import { latestOnly } from "./latest.ts";
import { getResults, keepPictures, subscribeResults } from "./results.ts";
import { useRun } from "./runStore.ts";
import { notifyError } from "./sessionStore.ts";

/**
 * The anchors of the spikes on screen, asked for while somebody looks at local positions and once for the same spikes. While a run
 * is under way the paint worker makes do with peak channels and contacts.
 */
export interface AnchorState {
  /** what is needed for anchors; null while they are there or nobody has asked */
  missing: string | null;
}

export const useAnchors = create<AnchorState>(() => ({ missing: null }));

/** spikes that the paint worker has the anchors of */
let known = "";

function spikesNow(): string {
  const { spikes, spikesGeneration } = getResults();
  return spikes ? `${spikesGeneration} ${spikes.nSpikes}` : "";
}

const ask = latestOnly<string>(async (wanted) => {
  if (wanted !== spikesNow() || wanted === known) return;
  const { anchorsUm, missing } = await withCompute((compute) => compute.anchors());
  if (wanted !== spikesNow()) return;
  const fits = anchorsUm !== null && anchorsUm.length === 2 * (getResults().spikes?.nSpikes ?? 0);
  const anchors = fits ? anchorsUm : null;
  keepPictures({ anchors });
  await withPaint((paint) => paint.setParts({ anchors }));
  known = wanted;
  useAnchors.setState({ missing });
}, notifyError);

function follow(): void {
  const now = spikesNow();
  if (now !== "" && now !== known && !isActive(useRun.getState().job)) ask(now);
}

/** Keep the anchors those of the spikes on screen; returns the function that stops it. */
export function followAnchors(): () => void {
  follow();
  const stops = [subscribeResults("spikes", follow), subscribeResults("run", follow), useRun.subscribe(follow)];
  return () => {
    for (const stop of stops) stop();
  };
}

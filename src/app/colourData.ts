import { withPaint } from "./clients.ts";
import { nameInTraining, nameOfLocalizer } from "./localizerNames.ts";
import { knownPositions, ownPositions, usePositions } from "./positions.ts";
import { getResults, subscribeResults } from "./results.ts";
import { notifyError } from "./sessionStore.ts";
import { useView } from "./viewStore.ts";

/** What the colours of spikes need beside the spikes: whose α they have and, for distances, where the monopolar fit has them. */

/** Whose α the shown positions come with, in words; null where nobody knows. */
export function alphaSource(): string | null {
  const { spikes } = getResults();
  const known = knownPositions();
  const { chosen, live } = usePositions.getState();
  const own = ownPositions(known, spikes);
  const shown = chosen !== null && known[chosen] ? chosen : live ? null : own;
  const xyza = shown === null ? (live?.xyza ?? null) : known[shown];
  if (xyza && hasAlpha(xyza)) return shown === null ? nameInTraining(live?.localizer ?? "") : nameOfLocalizer(shown);
  if (known.monopolar) return nameOfLocalizer("monopolar");
  return spikes?.alpha ? "as opened" : null;
}

/** Looks at some hundred rows: a localizer gives α for all spikes that it places, or for none. */
function hasAlpha(xyza: Float32Array): boolean {
  const n = xyza.length / 4;
  const step = Math.max(1, Math.floor(n / 500));
  for (let i = 0; i < n; i += step) if (Number.isFinite(xyza[4 * i + 3])) return true;
  return false;
}

function monopolarNow(): Float32Array | null {
  return useView.getState().rasterColour === "displacement" ? (knownPositions().monopolar ?? null) : null;
}

/** Keep the paint worker told; returns the function that stops it. */
export function startColourSync(): () => void {
  let sent: { monopolar: Float32Array | null; alphaFrom: string | null } = { monopolar: null, alphaFrom: null };
  let generation = -1;
  const send = () => {
    const next = { monopolar: monopolarNow(), alphaFrom: alphaSource() };
    const { spikesGeneration } = getResults();
    if (generation === spikesGeneration && next.monopolar === sent.monopolar && next.alphaFrom === sent.alphaFrom)
      return;
    const changed = next.monopolar === sent.monopolar ? { alphaFrom: next.alphaFrom } : next;
    sent = next;
    generation = spikesGeneration;
    withPaint((paint) => paint.setParts(changed)).catch(notifyError);
  };
  const stops = [
    usePositions.subscribe(send),
    subscribeResults("run", send),
    subscribeResults("spikes", send),
    useView.subscribe((state, before) => {
      if (state.rasterColour !== before.rasterColour) send();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

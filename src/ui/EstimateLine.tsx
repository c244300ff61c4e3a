import { useEffect, useState } from "react";
import { withCompute } from "../app/clients.ts";
import { formatBytes } from "../app/format.ts";
import { useResultVersion } from "../app/results.ts";
import { recipeOf, whyNotRun } from "../app/runActions.ts";
import { useRun } from "../app/runStore.ts";
import { errorSentence, useSession } from "../app/sessionStore.ts";
import type { MethodInfo, Recipe } from "../protocol/methods.ts";

/** A person who types a number is asked about once it is whole. */
const REST_MS = 400;

/** The recipe of this step alone, as a text that changes when the estimate may; null while it could not run. */
function useRecipeText(method: MethodInfo): string | null {
  const run = useRun();
  const session = useSession();
  if (whyNotRun(run, [method], session)) return null;
  return JSON.stringify(recipeOf(run, [method], session));
}

/** What the step would need, before it starts: memory and room on disk, with what the figures assume on hover. */
export function EstimateLine({ method }: { method: MethodInfo }) {
  const recipe = useRecipeText(method);
  const recording = useSession((state) => state.recording);
  const spikes = useResultVersion("spikes");
  const [line, setLine] = useState<{ text: string; basis: string } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another recording or other spikes need another estimate of the same recipe
  useEffect(() => {
    if (recipe === null) {
      setLine(null);
      return;
    }
    let gone = false;
    const ask = async () => {
      const found = await withCompute((api) => api.estimate(JSON.parse(recipe) as Recipe));
      if (gone) return;
      if (!found) {
        setLine(null);
        return;
      }
      const disk = found.diskBytes > 0 ? ` and ${formatBytes(found.diskBytes)} on disk` : "";
      const text = `Needs about ${formatBytes(found.memoryBytes)} of memory${disk}.`;
      if (!gone) setLine({ text, basis: found.basis });
    };
    const timer = setTimeout(() => {
      ask().catch((error: unknown) => {
        if (!gone) setLine({ text: errorSentence(error), basis: "" });
      });
    }, REST_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [recipe, recording, spikes]);
  if (!line) return null;
  return (
    <p className="muted estimate" title={line.basis} data-testid="estimate">
      {line.text}
    </p>
  );
}

import type { ByteSource } from "../io/byteSource.ts";
import { openRecordings, openSources } from "../io/open.ts";
import type { Recipe } from "../protocol/methods.ts";

const detection = "detect-localize";

/**
 * A recipe that finds spikes and goes on with them, on an input that holds spikes and no recording: the same without the
 * finding, and a sentence that says so. Any other recipe or input: null.
 */
export async function withoutDetection(
  recipe: Recipe,
  sources: readonly ByteSource[],
): Promise<{ recipe: Recipe; warning: string } | null> {
  const [first, ...steps] = recipe.steps;
  if (first?.method !== detection || steps.length === 0) return null;
  if ((await openRecordings(sources)).length > 0) return null;
  const spikes = (await openSources(sources)).find((opened) => opened.kind === "spikes");
  if (!spikes) return null;
  const warning = `The input holds spikes (${spikes.info.title}) and no recording: the step "${detection}" is left out and theirs are used.`;
  return { recipe: { ...recipe, steps }, warning };
}

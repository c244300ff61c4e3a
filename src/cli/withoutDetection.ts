import type { ByteSource } from "../io/byteSource.ts";
import { openRecordings, openSources } from "../io/open.ts";
import { methodById } from "../methods/registry.ts";
import type { Recipe } from "../protocol/methods.ts";

const detection = "detect-localize";
const localization = "localize";

/**
 * A recipe that finds spikes and goes on with them, on an input that holds spikes and no recording: the same without the
 * finding, or with the localization of their waveforms in its place where a later step is made of those; and a sentence that
 * says so. Any other recipe or input: null.
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
  const found = `The input holds spikes (${spikes.info.title}) and no recording: the step "${detection}" is left out`;
  const needsWaveforms = steps.some(({ method }) => methodById(method).needs.includes("spike-waveforms"));
  // a training subset has waveforms, and does not say on which channels they were recorded
  const canLocalize = spikes.info.has?.includes("waveforms") && spikes.spikes.channel && spikes.info.probe;
  if (!needsWaveforms || !canLocalize)
    return { recipe: { ...recipe, steps }, warning: `${found} and theirs are used.` };
  const known = Object.entries(first.params).filter(([name]) => name in methodById(localization).params);
  const localized = { method: localization, params: Object.fromEntries(known) };
  return {
    recipe: { ...recipe, steps: [localized, ...steps] },
    warning: `${found}, and their waveforms are localized ("${localization}").`,
  };
}

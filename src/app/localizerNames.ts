/** What localizers are called on screen, by the name under which their positions stand in a result. */
const NAMES: Record<string, string> = {
  monopolar: "monopolar",
  com: "centre of mass",
  grid: "grid",
  "peak-channel": "peak channel",
  imported: "as imported",
};

const NETWORKS: Record<string, string> = { cnn: "CNN", transformer: "transformer" };

/** What is being trained, by the name under which it says positions: "CNN in training". */
export function nameInTraining(id: string): string {
  return `${nameOfLocalizer(id).split(",")[0]} in training`;
}

/** "sln-cnn-iter02" → "CNN, iteration 2"; a name that says nothing to us is shown as it is. */
export function nameOfLocalizer(id: string): string {
  const [, kind, suffix] = /^sln-(cnn|transformer)(?:-(.+))?$/.exec(id) ?? [];
  if (!kind) return NAMES[id] ?? id;
  const network = NETWORKS[kind];
  if (!suffix) return `${network}, fine-tuned`;
  const outer = /^iter(\d+)$/.exec(suffix)?.[1];
  return outer ? `${network}, iteration ${Number(outer)}` : `${network}, ${suffix}`;
}

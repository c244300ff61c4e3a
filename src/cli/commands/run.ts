import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { runDirectoryFiles } from "../../io/write/runDirectory.ts";
import { methodById, presetRecipes } from "../../methods/registry.ts";
import { runRecipe } from "../../methods/runRecipe.ts";
import { chooseCompute } from "../../ops/compute.ts";
import { stepFigureFiles } from "../../paint/figureFiles.ts";
import type { ComputeRequest, ParamValue, Recipe, RunResult } from "../../protocol/methods.ts";
import type { Scratch } from "../../protocol/scratch.ts";
import { type Args, option, parseArgs, required } from "../args.ts";
import { offerDawn } from "../dawn.ts";
import type { CommandResult } from "../main.ts";
import { nodeSources } from "../nodeFiles.ts";
import { nodeScratch } from "../nodeScratch.ts";
import { progressReporter } from "../progress.ts";
import { computeRequestOf, openInputs, type RunInputs } from "../runInputs.ts";
import { withoutDetection } from "../withoutDetection.ts";
import { writeCoefficients } from "../writeCoefficients.ts";
import { writeFiles } from "../writeFiles.ts";

/** A recipe file, or a preset's name. Throws AppError. */
async function loadRecipe(name: string): Promise<Recipe> {
  const presets = presetRecipes();
  if (name in presets) return presets[name];
  let text: string;
  try {
    text = await readFile(name, "utf8");
  } catch (error) {
    throw new AppError(
      "usage",
      `"${name}" is neither a recipe file nor one of the presets ${Object.keys(presets).join(", ")}.`,
      {},
      { cause: error },
    );
  }
  let recipe: Recipe;
  try {
    recipe = JSON.parse(text) as Recipe;
  } catch (error) {
    throw new AppError(
      "bad-file",
      `${name}: expected a recipe in JSON; it does not parse (${(error as Error).message}).`,
      {},
      { cause: error },
    );
  }
  if (recipe.driftscope !== 1 || !Array.isArray(recipe.steps)) {
    throw new AppError(
      "bad-file",
      `${name}: expected a recipe, an object with "driftscope": 1 and "steps"; it is something else.`,
    );
  }
  return recipe;
}

/** Apply `--set method.param=value` and `--seed`. */
function edited(recipe: Recipe, args: Args): Recipe {
  const steps = recipe.steps.map((step) => ({ ...step, params: { ...step.params } }));
  for (const assignment of args.options.get("set") ?? []) {
    const match = /^([^.=]+)\.([^=]+)=(.*)$/.exec(assignment);
    if (!match) throw new AppError("usage", `--set expects method.param=value; it got "${assignment}".`);
    const [, method, param, text] = match;
    const targets = steps.filter((s) => s.method === method);
    if (targets.length === 0)
      throw new AppError(
        "usage",
        `--set ${assignment}: the recipe has no step "${method}"; it has ${steps.map((s) => s.method).join(", ")}.`,
      );
    for (const target of targets) target.params[param] = parseValue(method, param, text);
  }
  const seedText = option(args, "seed");
  const seed = seedText === undefined ? (recipe.seed ?? 0) : Number(seedText);
  if (!Number.isInteger(seed)) throw new AppError("usage", `--seed expects a whole number; it got "${seedText}".`);
  // seeds of steps that were run apart belong to the seed that is replaced
  const own = seedText === undefined ? steps : steps.map(({ method, params }) => ({ method, params }));
  return { ...recipe, seed, steps: own };
}

function parseValue(method: string, param: string, text: string): ParamValue {
  const spec = methodById(method).params[param];
  if (spec?.type === "choice") return text;
  if (spec?.type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  const numbers = text
    .replace(/[[\]\s]/g, "")
    .split(",")
    .filter(Boolean)
    .map(Number);
  if (numbers.length === 0 || numbers.some(Number.isNaN))
    throw new AppError(
      "usage",
      `--set ${method}.${param} expects ${spec?.type === "integers" ? "numbers separated by commas" : "a number"}; it got "${text}".`,
    );
  return spec?.type === "integers" ? numbers : numbers[0];
}

export async function run(argv: string[]): Promise<CommandResult> {
  const args = parseArgs(argv, {
    input: "many",
    out: "one",
    compute: "one",
    seed: "one",
    set: "each",
    recording: "one",
    resume: "none",
  });
  const [name] = args.words;
  if (!name) throw new AppError("usage", "run needs a recipe.");
  const out = required(args, "out")[0];
  const request = computeRequestOf(args);
  const asked = edited(await loadRecipe(name), args);
  const sources = await nodeSources(required(args, "input"));
  const shortened = await withoutDetection(asked, sources);
  const recipe = shortened?.recipe ?? asked;
  const needs = new Set(recipe.steps.flatMap((step) => methodById(step.method).needs));
  const unfinished = join(out, ".unfinished");
  const scratch = nodeScratch(unfinished);
  const opened = await openInputs(sources, needs, scratch, bandOf(recipe), option(args, "recording"));
  for (const message of [...(shortened ? [shortened.warning] : []), ...opened.warnings])
    process.stderr.write(`${JSON.stringify({ kind: "warning", code: "input", message })}\n`);
  let result: RunResult;
  try {
    result = await execute(recipe, opened, request, args.options.has("resume"));
    await writeResult(out, result, opened, scratch);
  } finally {
    if ((await scratch.runs()).length === 0) await rm(unfinished, { recursive: true, force: true });
  }
  const steps = result.steps.map(({ method, summary, complete }) => ({ method, complete, ...summary }));
  return {
    output: { out, compute: result.provenance.compute, complete: result.provenance.complete, steps },
    cancelled: !result.provenance.complete,
  };
}

/** The band of the recording that the recipe computes from. */
function bandOf(recipe: Recipe): "ap" | "lf" {
  const readers = recipe.steps
    .map(({ method }) => methodById(method))
    .filter(({ needs }) => needs.includes("recording"));
  const bands = new Set(readers.map(({ stream }) => stream ?? "ap"));
  if (bands.size > 1)
    throw new AppError(
      "bad-parameter",
      `The recipe computes from both bands of a recording (${readers.map(({ id }) => id).join(", ")}); run its steps one at a time.`,
    );
  return bands.has("lf") ? "lf" : "ap";
}

async function execute(
  recipe: Recipe,
  opened: RunInputs,
  request: ComputeRequest,
  resume: boolean,
): Promise<RunResult> {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  if (request !== "cpu") await offerDawn();
  const status = await chooseCompute(request, () => controller.abort());
  return runRecipe(recipe, opened.inputs, {
    signal: controller.signal,
    gate: () => Promise.resolve(),
    onEvent: progressReporter(process.stderr),
    wantsImage: () => false,
    deliverImage: () => undefined,
    status,
    resume,
    inputs: opened.provenance,
    runtime: `Node ${process.version}`,
    peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024,
  });
}

/** The run directory. Waveforms go from the scratch into it, and a finished run leaves no scratch behind. */
async function writeResult(out: string, result: RunResult, opened: RunInputs, scratch: Scratch): Promise<void> {
  await mkdir(out, { recursive: true });
  const spikes = result.steps.findLast((step) => step.spikes)?.spikes ?? opened.inputs.spikes;
  if (!spikes && !result.steps.some((step) => step.motion)) return;
  const { format, sorting } = opened;
  const figures = spikes ? result.steps.flatMap((step) => stepFigureFiles(step, spikes, sorting)) : [];
  const recording = opened.inputs.recording?.reader.recording;
  const probe = recording?.probe ?? opened.inputs.probe;
  await writeFiles(out, runDirectoryFiles({ result, spikes, format, recording, probe, sorting }, figures));
  for (const { waveforms, spikes: found } of result.steps) {
    if (waveforms && found)
      await writeCoefficients(join(out, "waveforms", "coefficients.npy"), waveforms, found.nSpikes, scratch);
  }
  // what an unfinished run goes on from stays, of all its steps
  if (result.provenance.complete) for (const key of await scratch.runs()) await scratch.discard(key);
}

import { N_SAMPLES, N_SLOTS, SAMPLES_BEFORE } from "../../core/network/layout.ts";
import type { ParamValues, RunResult, StepResult } from "../../protocol/methods.ts";
import { type History, networkLocations } from "../../protocol/models.ts";
import { jsonFile, textFile, type WrittenFile } from "./file.ts";
import { networkWeightsFile } from "./safetensors.ts";

/** Folder and file of the figures of each step that trains; others go by their id. */
const FOLDERS: Record<string, { folder: string; metrics: string }> = {
  "sln-pretrain": { folder: "pretrain", metrics: "metrics.json" },
  "sln-joint": { folder: "joint", metrics: "best_metrics.json" },
};

/** Parameters under the names that the reference's config.json has for them. */
const REFERENCE_NAMES: Record<string, string> = {
  epochs: "max_epochs",
  batch_size: "batch_size",
  learning_rate: "lr",
  weight_decay: "weight_decay",
  patience: "patience",
};
const JOINT_NAMES: Record<string, string> = {
  outer_iterations: "outer_iters",
  epochs: "sln_epochs",
  block_bins: "batch_bins",
  window_bins: "window",
  lambda_rho: "lambda_corr",
  lambda_entropy: "lambda_ent",
  lambda_tether: "lambda_teth",
  min_spikes: "min_spikes_per_bin",
  learning_rate: "lr",
  weight_decay: "weight_decay",
  win_scale_um: "win_scale_um",
  validation_blocks: "max_eval_blocks",
};

/** Names not yet taken: "joint", "joint-2". */
function freeNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}-${n}`;
    taken.add(name);
    return name;
  };
}

/**
 * What steps that trained a network leave: model/NAME.safetensors with NAME.json, and a folder each (pretrain/, joint/) of
 * history.csv, config.json and metrics.json or best_metrics.json as the reference names them, metrics.csv where there are
 * splits, and gate.json where there was one.
 */
export function* networkFiles({ steps, recipe, provenance }: RunResult): Generator<WrittenFile> {
  const [freeFolder, freeModel] = [freeNames(), freeNames()];
  for (const [index, step] of steps.entries()) {
    const { model, history, finalMetrics, gate, method } = step;
    if (!model && !history && !finalMetrics) continue;
    const { folder: wanted, metrics } = FOLDERS[method] ?? { folder: method, metrics: "metrics.json" };
    const folder = freeFolder(wanted);
    const seed = recipe.steps[index]?.seed ?? recipe.seed + index;
    yield jsonFile(`${folder}/config.json`, configOf(step, seed));
    if (history) yield textFile(`${folder}/history.csv`, historyCsv(history));
    if (finalMetrics) {
      yield jsonFile(`${folder}/${metrics}`, finalMetrics);
      const table = splitCsv(finalMetrics);
      if (table) yield textFile(`${folder}/metrics.csv`, table);
    }
    if (gate) yield jsonFile(`${folder}/gate.json`, gate);
    if (!model) continue;
    const isTuned = method === "sln-joint";
    const name = freeModel(isTuned ? networkLocations.tuned(model.spec) : networkLocations.pretrained(model.spec));
    yield { path: `model/${name}.safetensors`, bytes: networkWeightsFile(model) };
    yield jsonFile(`model/${name}.json`, {
      driftscope: 1,
      network: model.spec.kind,
      outputs: model.spec.nOut === 4 ? ["x", "y", "z", "log10 alpha"] : ["x", "y", "z"],
      output_unit: "um from the anchor",
      waveform_scale: model.waveformScale,
      about: model.about,
      waveforms: { slots: N_SLOTS, samples: N_SAMPLES, samples_before_peak: SAMPLES_BEFORE, rate_hz: 30000 },
      slot_order: "by depth, then across",
      anchors: "mean x and y of the channels of the waveform, z = 0",
      centroids: model.spec.kind === "transformer" ? "mean and standard deviation are in the weights" : null,
      method,
      params: step.params,
      seed,
      passed_gate: gate?.passed ?? null,
      inputs: provenance.inputs,
    });
  }
}

/** What the run was made with: the reference's names where it has them, then ours. */
function configOf({ method, params, summary }: StepResult, seed: number): object {
  const names = method === "sln-joint" ? JOINT_NAMES : REFERENCE_NAMES;
  const known = Object.entries(names).filter(([own]) => own in params);
  // what was left to the step to choose stands in its summary
  const used = (own: string) => (params[own] === 0 ? (summary[own] ?? 0) : params[own]);
  const renamed = Object.fromEntries(known.map(([own, theirs]) => [theirs, used(own)]));
  return { ...renamed, ...lateralOf(params), seed, driftscope: { method, params } };
}

function lateralOf({ lateral }: ParamValues): object {
  return lateral === undefined ? {} : { no_x_drift: lateral === "off" };
}

/** Rows under the reference's column names; a number that does not exist stays empty. */
function historyCsv({ columns, rows }: History): string {
  const cell = (value: number | string) => (Number.isNaN(value) ? "" : String(value));
  const lines = rows.map((row) => row.map(cell).join(","));
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

const SPLIT_COLUMNS = ["rmse_x", "rmse_y", "rmse_z", "rmse_xyz"];

/** A line per model ("nn", "anchor_baseline") and split, out of nn_metrics and anchor_baseline_metrics; null without those. */
function splitCsv(metrics: Record<string, unknown>): string | null {
  const lines = ["nn", "anchor_baseline"].flatMap((model) =>
    Object.entries(objectOf(metrics[`${model}_metrics`])).map(([split, values]) => {
      const row = objectOf(values);
      const cells = SPLIT_COLUMNS.map((name) => (Number.isFinite(row[name]) ? String(row[name]) : ""));
      return [model, split, ...cells].join(",");
    }),
  );
  return lines.length > 0 ? `${["model,split", ...SPLIT_COLUMNS].join(",")}\n${lines.join("\n")}\n` : null;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

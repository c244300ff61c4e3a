import { AppError } from "../../core/errors.ts";
import type { Motion } from "../../core/types.ts";
import { openRecordings, openSources } from "../../io/open.ts";
import { correctedFiles } from "../../io/write/correctedSpikeglx.ts";
import { correctionSink } from "../../io/write/correctionSinks.ts";
import { correctRecording } from "../../methods/correctRecording/correctRecording.ts";
import { correctionInfo } from "../../methods/correctRecording/params.ts";
import { chooseCompute } from "../../ops/compute.ts";
import type { CorrectionSummary } from "../../protocol/correction.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { type Args, option, parseArgs, required } from "../args.ts";
import { offerDawn } from "../dawn.ts";
import { folderPlace } from "../folderPlace.ts";
import type { CommandResult } from "../main.ts";
import { motionSources } from "../motionSources.ts";
import { nodeSources } from "../nodeFiles.ts";
import { progressReporter } from "../progress.ts";
import { chooseRecording, computeRequestOf } from "../runInputs.ts";

const flagOf = (param: string) => param.replaceAll("_", "-");

/**
 * A recording without its motion: RECORDING... --motion DIR --out DIR, and every parameter of the correction as an option.
 * Writes SpikeGLX files, a trigger per segment.
 */
export async function correct(argv: string[]): Promise<CommandResult> {
  const values = ["motion", "out", "compute", "recording", ...Object.keys(correctionInfo.params).map(flagOf)];
  const args = parseArgs(argv, Object.fromEntries(values.map((name) => [name, "one" as const])));
  if (args.words.length === 0) throw new AppError("usage", "correct needs a recording.");
  const out = required(args, "out")[0];
  const request = computeRequestOf(args);
  const params = paramsOf(args);
  const motion = await motionOf(required(args, "motion")[0]);
  const found = await openRecordings(await nodeSources(args.words));
  const source = chooseRecording(found, "to correct", "ap", option(args, "recording"));
  for (const message of source.warnings)
    process.stderr.write(`${JSON.stringify({ kind: "warning", code: "input", message })}\n`);
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  if (request !== "cpu") await offerDawn();
  const compute = await chooseCompute(request, () => controller.abort());
  const files = await correctedFiles(source);
  const sink = correctionSink(folderPlace(out), files);
  const path = source.files[0]?.path ?? "recording";
  const { signal } = controller;
  const summary = await driven(correctRecording({ reader: source, path, motion, params, sink, signal }));
  const { mode, adapter } = compute;
  return { output: { out, compute: { mode, adapter }, ...summary }, cancelled: !summary.complete };
}

async function driven(events: ReturnType<typeof correctRecording>): Promise<CorrectionSummary> {
  const report = progressReporter(process.stderr);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    report(next.value);
    await new Promise((resolve) => setImmediate(resolve)); // lets an interrupt in
  }
}

/** Parameters that were given as options; checked when the correction begins. */
function paramsOf(args: Args): ParamValues {
  const given: ParamValues = {};
  for (const [name, spec] of Object.entries(correctionInfo.params)) {
    const text = option(args, flagOf(name));
    if (text === undefined) continue;
    const value = spec.type === "number" ? Number(text) : text;
    if (Number.isNaN(value) || text === "")
      throw new AppError("usage", `--${flagOf(name)} expects a number; it got "${text}".`);
    given[name] = value;
  }
  return given;
}

/** The one motion of a folder; in a run directory those of motion/ count. */
async function motionOf(dir: string): Promise<Motion> {
  const opened = await openSources(motionSources(await nodeSources([dir])));
  const motions = opened.flatMap((one) => (one.kind === "motion" ? [one] : []));
  if (motions.length === 1) return motions[0].motion;
  const places = motions.map(({ info }) => info.files[0]?.path.replace(/\/[^/]*$/, "") ?? info.title);
  throw motions.length === 0
    ? new AppError("nothing-found", `${dir}: expected a motion folder or a run directory; it holds no motion.`)
    : new AppError(
        "ambiguous",
        `${dir}: expected one motion, found ${motions.length}: ${places.join(", ")}; name one.`,
      );
}

import { AppError } from "../../core/errors.ts";
import { baseName, folderOf } from "../../io/byteSource.ts";
import { openSources } from "../../io/open.ts";
import { spikeinterfaceExport } from "../../io/write/spikeinterfaceExport.ts";
import type { DatasetInfo, OpenedDataset } from "../../protocol/datasets.ts";
import type { NotedMotion } from "../../protocol/motions.ts";
import type { SpikeinterfaceForm, SpikeinterfaceGiven } from "../../protocol/spikeinterface.ts";
import { type Args, option, parseArgs, required } from "../args.ts";
import type { CommandResult } from "../main.ts";
import { nodeSources } from "../nodeFiles.ts";
import { writeFiles } from "../writeFiles.ts";

const FORMS: readonly SpikeinterfaceForm[] = ["probeinterface", "peaks", "motion-info"];

/**
 * What these files are, as SpikeInterface reads it: PATH... --as FORM --out DIR. --rate-hz gives the rate of spikes whose file states
 * times alone. Prints what was written and what was assumed.
 */
export async function exportFiles(argv: string[]): Promise<CommandResult> {
  const args = parseArgs(argv, { as: "one", out: "one", "rate-hz": "one" });
  if (args.words.length === 0) throw new AppError("usage", "export needs at least one path.");
  const as = formOf(required(args, "as")[0]);
  const out = required(args, "out")[0];
  const rateHz = rateOf(args);
  const opened = await openSources(await nodeSources(args.words));
  for (const message of new Set(opened.flatMap(({ info }) => info.warnings)))
    process.stderr.write(`${JSON.stringify({ kind: "warning", code: "input", message })}\n`);
  const { files, notes } = spikeinterfaceExport(as, givenBy(opened, rateHz));
  await writeFiles(out, files);
  return { output: { out, as, files: files.map(({ path, bytes }) => ({ path, bytes: bytes.length })), notes } };
}

/** Where a recording lies beside the spikes, its contacts and its clock count. */
function givenBy(opened: readonly OpenedDataset[], rateHz: number | null): SpikeinterfaceGiven {
  const recordings = opened.flatMap((one) => (one.kind === "recording" ? [one] : []));
  const spikes = opened.find((one) => one.kind === "spikes");
  const ofRecordings = recordings.map(({ info, recording }) => ({ name: nameOf(info), probe: recording.probe }));
  const ofSpikes = spikes?.info.probe ? [{ name: nameOf(spikes.info), probe: spikes.info.probe }] : [];
  const ofBand = recordings.filter(({ recording }) => recording.stream === "ap");
  const recording = (ofBand.length === 1 ? ofBand : recordings.length === 1 ? recordings : [])[0]?.recording;
  const clock = recording ?? (rateHz === null ? null : { rateHz, segments: [] });
  return {
    spikes: spikes?.kind === "spikes" ? spikes.spikes : null,
    motions: opened.flatMap((one, i) => (one.kind === "motion" ? [notedMotion(one, i)] : [])),
    probes: ofRecordings.length > 0 ? ofRecordings : ofSpikes,
    ...(clock ? { clock: { rateHz: rateHz ?? clock.rateHz, segments: clock.segments } } : {}),
  };
}

function notedMotion({ info, motion }: Extract<OpenedDataset, { kind: "motion" }>, i: number): NotedMotion {
  const { note, format, title } = info;
  if (note) return { note, motion };
  const folder = baseName(folderOf(info.files[0]?.path ?? ""));
  const from = { kind: "file", format, title } as const;
  return { note: { id: `m${i}`, title: folder || title, from, isTruth: false, isActive: false }, motion };
}

/** The stem of its first file, e.g. "run_g0_t0.imec0.ap". */
function nameOf({ files, title }: DatasetInfo): string {
  return baseName(files[0]?.path ?? title).replace(/\.[^.]+$/, "");
}

function formOf(text: string): SpikeinterfaceForm {
  const found = FORMS.find((form) => form === text);
  if (found) return found;
  throw new AppError("usage", `--as is one of ${FORMS.join(", ")}; it got "${text}".`);
}

function rateOf(args: Args): number | null {
  const text = option(args, "rate-hz");
  if (text === undefined) return null;
  const rateHz = Number(text);
  if (rateHz > 0 && Number.isFinite(rateHz)) return rateHz;
  throw new AppError("usage", `--rate-hz expects a number above 0; it got "${text}".`);
}

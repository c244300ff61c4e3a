import { AppError } from "../core/errors.ts";
import type { Recording } from "../core/types.ts";
import { type ByteSource, folderOf } from "../io/byteSource.ts";
import { openModels, openRecordings, openSources, openWaveforms } from "../io/open.ts";
import type { RecordingSource } from "../io/recordingSource.ts";
import { readSpikeTruth } from "../io/truth.ts";
import type { MethodInputs } from "../methods/defineMethod.ts";
import { withoutInnerChunks } from "../protocol/chunkFiles.ts";
import { type DatasetInfo, factsOfSpikes, type Sorting } from "../protocol/datasets.ts";
import { fingerprint } from "../protocol/fingerprint.ts";
import type { ComputeRequest, Provenance } from "../protocol/methods.ts";
import { recordingOnly } from "../protocol/recordingOnly.ts";
import type { Scratch } from "../protocol/scratch.ts";
import { type Args, option } from "./args.ts";

/** What a recipe is run on: spikes, or a raw recording, with what the provenance says of them. */
export interface RunInputs {
  inputs: MethodInputs;
  provenance: Provenance["inputs"];
  warnings: string[];
  /** format id of what was opened */
  format: string;
  /** of spikes that came with units, or with amplitudes in another unit than µV */
  sorting?: Sorting;
}

/** Open the nouns that a recipe `needs`, of a recording the band `stream`. Throws AppError when it is not there, or there twice. */
export async function openInputs(
  sources: readonly ByteSource[],
  needs: ReadonlySet<string>,
  scratch: Scratch,
  stream: Recording["stream"] = "ap",
  words?: string,
): Promise<RunInputs> {
  const opened = await openNouns(sources, needs, scratch, stream, words);
  const truth = await readSpikeTruth(sources);
  const models = needs.has("model") ? await openModels(sources) : [];
  const model = models.at(-1);
  const more = { scratch, ...(truth ? { truth } : {}), ...(model ? { model } : {}) };
  const several = `${models.length} networks are among the input; the last one is used (${model?.about}).`;
  const warnings = [...opened.warnings, ...(models.length > 1 ? [several] : [])];
  return { ...opened, warnings, inputs: { ...opened.inputs, ...more } };
}

async function openNouns(
  sources: readonly ByteSource[],
  needs: ReadonlySet<string>,
  scratch: Scratch,
  stream: Recording["stream"],
  words?: string,
): Promise<RunInputs> {
  if (needs.has("recording")) return openRecording(sources, scratch, stream, words);
  if (!needs.has("spikes")) return openMotion(sources);
  return openSpikes(sources, needs);
}

/** A motion to work on, and the spikes beside it where there are some. */
async function openMotion(sources: readonly ByteSource[]): Promise<RunInputs> {
  const opened = await openSources(sources);
  const motions = opened.flatMap((d) => (d.kind === "motion" ? [d] : []));
  if (motions.length === 0) {
    const found = opened.map((d) => d.info.title).join(", ");
    throw new AppError("bad-data", `Expected a motion to work on; found only ${found}.`);
  }
  const [{ motion, info }] = motions;
  if (motions.length > 1) {
    const places = motions.map((d) => folderOf(d.info.files[0]?.path ?? ""));
    throw new AppError(
      "ambiguous",
      `Expected one motion, found ${motions.length}: ${places.join(", ")}; name the folder of one.`,
      { found: places },
    );
  }
  const spikes = opened.find((d) => d.kind === "spikes");
  const described = spikes ? { ...spikes.info, files: [...spikes.info.files, ...info.files] } : info;
  const facts = spikes ? factsOfSpikes(spikes.info) : {};
  const warnings = [...new Set(opened.flatMap((d) => d.info.warnings))];
  const inputs = { spikes: spikes?.spikes ?? null, recording: null, waveforms: null, ...facts, motion };
  return describe(sources, { ...described, warnings }, inputs);
}

async function openSpikes(sources: readonly ByteSource[], needs: ReadonlySet<string>): Promise<RunInputs> {
  const isForNetwork = needs.has("spike-waveforms");
  const withWaveforms = needs.has("waveforms") || isForNetwork;
  const opened = await openSources(sources);
  const data = opened.find((d) => d.kind === "spikes");
  if (!data) {
    const recording = recordingOnly(opened, isForNetwork ? "networks learn from spikes" : undefined);
    if (recording) throw recording;
    const found = opened.map((d) => d.info.title).join(", ");
    throw new AppError("bad-data", `Expected spikes to compute from; found only ${found}.`);
  }
  const waveforms = withWaveforms ? await openWaveforms(sources) : null;
  const motion = opened.find((d) => d.kind === "motion")?.motion;
  const facts = { ...factsOfSpikes(data.info), ...(motion ? { motion } : {}) };
  return describe(sources, data.info, { spikes: data.spikes, recording: null, waveforms, ...facts });
}

async function describe(
  sources: readonly ByteSource[],
  { files, warnings, format, units, amplitudeUnit }: DatasetInfo,
  inputs: MethodInputs,
): Promise<RunInputs> {
  const used = sources.filter((s) => files.some((f) => f.path === s.path));
  return { inputs, provenance: await fingerprints(used), warnings, format, sorting: { units, amplitudeUnit } };
}

async function openRecording(
  sources: readonly ByteSource[],
  scratch: Scratch,
  stream: Recording["stream"],
  words?: string,
): Promise<RunInputs> {
  const found = await openRecordings(sources);
  if (found.length === 0) throw await noRecording(sources);
  const source = chooseRecording(found, stream === "ap" ? "to detect spikes in" : "with the LF band", stream, words);
  const provenance = await fingerprints(source.files);
  const [{ path, sha1OfFirstMb }] = provenance;
  const bytes = provenance.reduce((sum, file) => sum + file.bytes, 0);
  // runs over one of several recordings in a file are not gone on with over another
  const isOneOf = found.filter(({ files }) => files[0] === source.files[0]).length > 1;
  const sha1 = isOneOf ? `${sha1OfFirstMb} ${source.title}` : sha1OfFirstMb;
  const recording = { reader: source, identity: { path, bytes, sha1OfFirstMb: sha1 }, scratch };
  return {
    inputs: { spikes: null, recording, waveforms: null },
    provenance,
    warnings: source.warnings,
    format: source.format,
  };
}

/** Why there is none: what is wrong with the files (thrown), or what they are instead. */
async function noRecording(sources: readonly ByteSource[]): Promise<AppError> {
  const found = (await openSources(sources)).map(({ info }) => info.title).join(", ");
  return new AppError("nothing-found", `Expected a raw recording to detect spikes in; found only ${found}.`);
}

/**
 * The one recording of the band among what was opened; the other band beside it is left alone. `words`: only those whose path or
 * title holds them. Throws AppError where there is none, or more than one.
 */
export function chooseRecording(
  found: readonly RecordingSource[],
  what: string,
  stream: Recording["stream"] = "ap",
  words = "",
): RecordingSource {
  const named = found.filter(({ title, files }) => `${files[0]?.path} ${title}`.includes(words));
  if (named.length === 0) {
    const others = words === "" ? "none" : `none with "${words}" in its path or title, but ${namesOf(found)}`;
    throw new AppError("nothing-found", `Expected a raw recording ${what}; found ${others}.`);
  }
  const ofBand = named.filter(({ recording }) => recording.stream === stream);
  if (ofBand.length > 1) {
    const paths = ofBand.map(({ files }) => files[0].path);
    const isOneFile = new Set(paths).size < paths.length;
    const advice = isOneFile ? "choose one with --recording and words of its title" : "name the files of one";
    throw new AppError(
      "ambiguous",
      `Expected one ${stream.toUpperCase()} recording, found ${ofBand.length}: ${namesOf(ofBand)}; ${advice}.`,
      { found: paths },
    );
  }
  return ofBand[0] ?? named[0];
}

/** The first few by their paths, and by their titles where several lie in one file. */
function namesOf(found: readonly RecordingSource[]): string {
  const paths = found.map(({ files }) => files[0].path);
  const isOneFile = new Set(paths).size < paths.length;
  const names = found.map(({ title }, i) => (isOneFile ? `${paths[i]} (${title})` : paths[i]));
  return names.slice(0, 4).join(", ");
}

function fingerprints(files: readonly ByteSource[]): Promise<Provenance["inputs"]> {
  return Promise.all(
    withoutInnerChunks(files).map(async (s) => ({
      path: s.path,
      bytes: s.size,
      sha1OfFirstMb: await fingerprint(await s.read(0, Math.min(s.size, 1 << 20))),
    })),
  );
}

const computeRequests: readonly ComputeRequest[] = ["auto", "webgpu", "cpu"];

/** --compute, or "auto". Throws AppError usage. */
export function computeRequestOf(args: Args): ComputeRequest {
  const text = option(args, "compute") ?? "auto";
  const found = computeRequests.find((request) => request === text);
  if (!found) throw new AppError("usage", `--compute is one of ${computeRequests.join(", ")}; it got "${text}".`);
  return found;
}

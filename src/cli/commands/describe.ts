import { dirname, join, resolve } from "node:path";
import { AppError } from "../../core/errors.ts";
import { type ByteSource, baseName } from "../../io/byteSource.ts";
import { geometryFiles } from "../../io/geometry/beside.ts";
import { plainDescription } from "../../io/plain/describe.ts";
import { peekPlain } from "../../io/plain/peek.ts";
import { plainPicture } from "../../io/plain/picture.ts";
import { type PlainLayout, type PlainPeek, type PlainType, plainTypes } from "../../protocol/plainBinary.ts";
import { type Args, option, parseArgs } from "../args.ts";
import type { CommandResult } from "../main.ts";
import { nodeSources } from "../nodeFiles.ts";
import { writeFiles } from "../writeFiles.ts";

const OPTIONS = ["channels", "rate", "dtype", "offset", "uv", "sync", "probe", "out"] as const;

/**
 * Describe a headerless binary, so that it opens from then on: what is not given is guessed, and the guesses are printed with
 * their scores. Writes the description beside the binary, and a probeinterface .json where a probe was named.
 */
export async function describeBinary(argv: string[]): Promise<CommandResult> {
  const args = parseArgs(argv, Object.fromEntries(OPTIONS.map((name) => [name, "one" as const])));
  const [path, ...others] = args.words;
  if (!path || others.length > 0) throw new AppError("usage", "describe expects one headerless binary.");
  const [source, ...more] = await nodeSources([path]);
  if (!source || more.length > 0) throw new AppError("usage", `describe expects a file; ${path} is a folder.`);
  const peek = await peekPlain(source);
  const layout = layoutOf(args, peek);
  const { nSamples, leftBytes, nNotFinite } = await plainPicture(source, layout);
  const folder = dirname(resolve(path));
  const binary = { path: source.path, bytes: source.size };
  const files = plainDescription(binary, layout, partOf(args));
  const own = await probeOf(args, layout.nSaved - layout.sync);
  if (own) files.push({ path: files[0].path.replace(/\.binary\.json$/, ".probe.json"), bytes: own });
  const out = option(args, "out");
  const written = files.map((file, i) => ({ ...file, path: i === 0 && out ? resolve(out) : besideOut(file.path) }));
  await writeFiles("/", written);
  return {
    output: {
      path: source.path,
      layout,
      nSamples,
      durationSec: nSamples / layout.rateHz,
      guessed: guessedOf(args, peek),
      notes: notesOf(layout, leftBytes, nNotFinite),
      written: written.map((file) => file.path),
    },
  };

  function besideOut(name: string): string {
    return join(out ? dirname(resolve(out)) : folder, baseName(name));
  }
}

function layoutOf(args: Args, { guess }: PlainPeek): PlainLayout {
  const nSaved = number(args, "channels") ?? guess.nSaved;
  // sync words were looked for in rows of the guessed length only
  const sync = nSaved === guess.nSaved ? guess.sync : 0;
  return {
    dtype: typeOf(args) ?? guess.dtype,
    nSaved,
    sync: number(args, "sync") ?? sync,
    rateHz: number(args, "rate") ?? guess.rateHz,
    offsetBytes: number(args, "offset") ?? guess.offsetBytes,
    uvPerBit: number(args, "uv") ?? guess.uvPerBit,
  };
}

/** What was not given, with what speaks for it. */
function guessedOf(args: Args, { guess, typeReason, candidates }: PlainPeek): object {
  const isOpen = (name: (typeof OPTIONS)[number]) => option(args, name) === undefined;
  const scores = candidates.map(({ nSaved, score, divides }) => ({ channels: nSaved, score: rounded(score), divides }));
  return {
    ...(isOpen("channels") ? { channels: { value: guess.nSaved, candidates: scores } } : {}),
    ...(isOpen("dtype") ? { dtype: { value: guess.dtype, because: typeReason } } : {}),
    ...(isOpen("offset") ? { offset: { value: guess.offsetBytes } } : {}),
    ...(isOpen("sync") ? { sync: { value: guess.sync } } : {}),
    ...(isOpen("rate")
      ? { rate: { value: guess.rateHz, because: "it stands in no file; most recorders use it" } }
      : {}),
    ...(isOpen("uv")
      ? { uv: { value: null, because: "it stands in no file; amplitudes are in units of the file" } }
      : {}),
  };
}

function notesOf({ nSaved }: PlainLayout, leftBytes: number, nNotFinite: number): string[] {
  return [
    leftBytes > 0
      ? [
          `The file does not hold a whole number of samples of ${nSaved} channels: the last ${leftBytes} bytes are left out.`,
        ]
      : [],
    nNotFinite > 0 ? [`${nNotFinite} values in the middle of the file are not finite; is the number type right?`] : [],
  ].flat();
}

/** --probe as a part number or linear:PITCH; none for a file, which probeOf reads. */
function partOf(args: Args): Parameters<typeof plainDescription>[2] {
  const text = option(args, "probe");
  if (text === undefined || isFile(text)) return { kind: "none" };
  const pitch = /^linear:(.*)$/.exec(text)?.[1];
  return pitch === undefined ? { kind: "part", partNumber: text } : { kind: "linear", pitchUm: Number(pitch) };
}

const isFile = (text: string) => /\.(json|npy)$/i.test(text);

/** --probe as a probeinterface .json, checked against the channels; null when it is none. */
async function probeOf(args: Args, nChannels: number): Promise<Uint8Array | null> {
  const text = option(args, "probe");
  if (text === undefined || !isFile(text)) return null;
  const [source] = await nodeSources([text]);
  const [geometry] = /\.json$/i.test(text) ? await geometryFiles([source]) : [];
  if (!geometry) {
    const message = `${text}: expected a probeinterface .json, a part number or linear:PITCH, found another file.`;
    throw new AppError("bad-file", message, { path: text });
  }
  geometry.sitesFor(nChannels);
  return bytesOf(source);
}

const bytesOf = (source: ByteSource) => source.read(0, source.size);

function typeOf(args: Args): PlainType | undefined {
  const text = option(args, "dtype");
  const found = plainTypes.find((type) => type === text);
  if (text === undefined || found) return found;
  throw new AppError("usage", `--dtype is one of ${plainTypes.join(", ")}; it got "${text}".`);
}

function number(args: Args, name: (typeof OPTIONS)[number]): number | undefined {
  const text = option(args, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && text.trim() !== "") return value;
  throw new AppError("usage", `--${name} expects a number; it got "${text}".`);
}

function rounded(score: number): number {
  return Number(score.toFixed(3));
}

import { AppError, asAppError, assert } from "../../core/errors.ts";
import type { Recording } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";
import { listInWords } from "../readers/reader.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { probeOfStream } from "./channelNumbers.ts";
import type { StreamPart, StreamRun } from "./files.ts";
import { type OeChannel, type OeStream, readStream, streamsOfProcessor } from "./oebin.ts";
import { type Run, runsOf } from "./sampleNumbers.ts";
import { type OeProbe, readSettings, type Settings } from "./settings.ts";
import { sampledAt } from "./sites.ts";

/** A segment with the file that holds it. */
interface Piece extends Run {
  binary: ByteSource | undefined;
}

/**
 * One stream of one experiment: neural channels in the order of the file, then the sync word; other channels are left out.
 * Each stretch without a gap, within a recording and from one to the next, is a segment, placed by its sample numbers.
 * Throws AppError for what structure.oebin contradicts.
 */
export async function recordingOf({ parts, settings, notes }: StreamRun, title: string): Promise<RecordingSource> {
  const warnings = [...notes];
  const { oebin, index } = parts[0];
  const stream = await readStream(oebin, index);
  const pieces = await piecesOf(parts, stream, warnings);
  const neural = stream.channels.filter(({ kind }) => kind === "neural");
  if (neural.length === 0) throw noNeural(stream);
  const found = await foundProbe(stream, settings, oebin, warnings);
  const { kept, probe, delaySamples } = sampledAt(stream, neural, found, warnings);
  if (delaySamples.length === 0) {
    warnings.push(`${stream.path}: nothing says when each channel was sampled; channels are not shifted in time.`);
  }
  warnOfOthers(stream, warnings);
  const columnOf = (channel: OeChannel) => stream.channels.indexOf(channel);
  const sync = stream.channels.filter(({ kind }) => kind === "sync");
  const columns = [...kept.map((i) => columnOf(neural[i])), ...sync.map(columnOf)];
  const [first] = pieces;
  const recording: Recording = {
    stream: stream.band,
    rateHz: stream.rateHz,
    nChannels: kept.length,
    nSavedChannels: columns.length,
    sync: sync.length,
    segments: pieces.map((piece) => ({
      startSec: (piece.number - first.number) / stream.rateHz,
      nSamples: piece.nSamples,
    })),
    uvPerBit: Float64Array.from(kept, (i) => neural[i].uvPerBit),
    delaySamples,
    probe,
  };
  return {
    format: "openephys",
    title,
    recording,
    warnings,
    files: filesOf({ parts, settings, notes }),
    description: oebin,
    geometryWords: settings.source ? "settings.xml of a probe we know" : "the settings.xml of its record node",
    async readSamples(segment, from, to) {
      assert(segment in pieces, "a segment of this recording");
      const { binary, row, nSamples } = pieces[segment];
      assert(from >= 0 && from <= to && to <= nSamples, "samples of this segment");
      if (!binary || from === to) return new Int16Array(0);
      const rowBytes = 2 * stream.channels.length;
      const all = int16Of(await binary.read((row + from) * rowBytes, (row + to) * rowBytes));
      return picked(all, stream.channels.length, columns);
    },
  };
}

/** Binaries first, then descriptions, then sample numbers. */
export function filesOf({ parts, settings }: StreamRun): ByteSource[] {
  return [
    ...parts.flatMap(({ binary }) => binary ?? []),
    ...parts.map(({ oebin }) => oebin),
    ...(settings.source ? [settings.source] : []),
    ...parts.flatMap(({ numbers }) => numbers ?? []),
  ];
}

/** Stretches of every recording in the order they were recorded. */
async function piecesOf(parts: readonly StreamPart[], stream: OeStream, warnings: string[]): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const part of parts) {
    const { binary, numbers, oebin } = part;
    if (!binary) {
      warnings.unshift(
        `${oebin.path}: expected the binary it describes (continuous/${stream.folderName}/continuous.dat) below it, found none.`,
      );
      pieces.push({ row: 0, nSamples: 0, number: 0, binary });
      continue;
    }
    const nSamples = countSamples(binary, stream, warnings);
    if (!numbers) {
      warnings.push(
        `${binary.path}: expected sample_numbers.npy beside it, found none; read as one stretch without gaps.`,
      );
      pieces.push({ row: 0, nSamples, number: 0, binary });
      continue;
    }
    const runs = await runsOf(numbers, nSamples, warnings);
    if (runs.length > 1) warnings.push(gapsInWords(binary, runs, stream.rateHz));
    pieces.push(...runs.map((run) => ({ ...run, binary })));
  }
  pieces.sort((a, b) => a.number - b.number);
  for (let i = 1; i < pieces.length; i++) {
    const before = pieces[i - 1];
    if (pieces[i].number >= before.number + before.nSamples) continue;
    throw new AppError(
      "ambiguous",
      `Expected recordings of one experiment to follow one another, found that ${before.binary?.path} and ${pieces[i].binary?.path} both hold sample ${pieces[i].number}; open them one at a time.`,
      { path: stream.path },
    );
  }
  return pieces;
}

function gapsInWords(binary: ByteSource, runs: readonly Run[], rateHz: number): string {
  const gaps = runs.slice(1).map(({ number }, i) => ({ number, nLost: number - runs[i].number - runs[i].nSamples }));
  const nLost = gaps.reduce((sum, gap) => sum + gap.nLost, 0);
  const secOf = (number: number) => Number(((number - runs[0].number) / rateHz).toFixed(3));
  const places = gaps.slice(0, 3).map(({ number }) => `${secOf(number)} s`);
  const where = gaps.length > 3 ? `${places.join(", ")} and ${gaps.length - 3} more` : listInWords(places);
  const what = gaps.length === 1 ? "1 gap" : `${gaps.length} gaps`;
  return `${binary.path}: ${what} in its sample numbers, up to ${where}, ${nLost} samples lost in all; what lies between is read as segments.`;
}

/** Samples by the real size; what is left of an incomplete one at the end is dropped with a warning. Throws AppError. */
function countSamples({ path, size }: ByteSource, { channels, path: oebin }: OeStream, warnings: string[]): number {
  if (size === 0) throw new AppError("bad-file", `${path} is empty: expected samples, found 0 bytes.`, { path });
  const rowBytes = 2 * channels.length;
  const nSamples = Math.floor(size / rowBytes);
  if (size === nSamples * rowBytes) return nSamples;
  const expected = `whole samples of ${channels.length} channels (${rowBytes} bytes each, by ${oebin})`;
  warnings.push(`${path} is cut short: expected ${expected}, found ${size} bytes; read as ${nSamples} samples.`);
  return nSamples;
}

async function foundProbe(
  stream: OeStream,
  { source, sentence }: StreamRun["settings"],
  oebin: ByteSource,
  warnings: string[],
): Promise<{ settings: Settings; probe: OeProbe } | null> {
  if (sentence !== undefined) warnings.push(sentence);
  if (!source) return null;
  try {
    const settings = await readSettings(source);
    const probe = probeOfStream(stream, settings, await streamsOfProcessor(oebin, stream.processorId));
    if (probe) return { settings, probe };
    const found = settings.probes.length === 0 ? "none" : `${settings.probes.length} that do not tell which`;
    warnings.push(`${source.path}: expected the probe of the stream ${stream.name}, found ${found}.`);
  } catch (error) {
    const expected = asAppError(error);
    if (!expected) throw error;
    warnings.push(expected.message); // the samples are none the worse for it
  }
  return null;
}

function warnOfOthers({ path, folderName, channels }: OeStream, warnings: string[]): void {
  const others = channels.filter(({ kind }) => kind === "other").map(({ name }) => name);
  if (others.length === 0) return;
  const names =
    others.length > 3 ? `${others.slice(0, 3).join(", ")} and ${others.length - 3} more` : listInWords(others);
  warnings.push(`${path}: channels of ${folderName} that are no electrodes are left out: ${names}.`);
}

function noNeural({ path, folderName }: OeStream): AppError {
  const message = `${path}: expected channels of a probe in ${folderName}, found others alone.`;
  return new AppError("bad-file", message, { path });
}

/** The columns of rows of `width`, in this order; the rows themselves where that is what they are. */
function picked(rows: Int16Array, width: number, columns: readonly number[]): Int16Array {
  if (columns.length === width && columns.every((column, i) => column === i)) return rows;
  const nRows = rows.length / width;
  const out = new Int16Array(nRows * columns.length);
  for (let r = 0, at = 0; r < nRows; r++) {
    for (let i = 0; i < columns.length; i++) out[at++] = rows[r * width + columns[i]];
  }
  return out;
}

/** Little-endian int16 out of bytes that may lie anywhere in their buffer. Shares memory where alignment allows. */
function int16Of(bytes: Uint8Array): Int16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Int16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1);
}

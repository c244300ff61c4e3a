import { type ByteSource, baseName, folderOf } from "../byteSource.ts";
import { type Drop, fileBelow } from "../drop.ts";
import { foldersUpwards } from "../geometry/beside.ts";
import { pairByRules } from "../pairByRules.ts";
import { listInWords } from "../readers/reader.ts";
import { type StreamEntry, streamEntries } from "./oebin.ts";
import { readSampleNumbersHeader } from "./sampleNumbers.ts";
import { isSettings } from "./settings.ts";

/** One stream of one recording folder. */
export interface StreamPart {
  oebin: ByteSource;
  /** which of the streams of its structure.oebin */
  index: number;
  entry: StreamEntry;
  binary: ByteSource | undefined;
  /** sample_numbers.npy, or timestamps.npy before version 0.6 */
  numbers: ByteSource | undefined;
}

/** One stream of one experiment: its recordings, in no order, with the settings of its record node. */
export interface StreamRun {
  parts: StreamPart[];
  settings: { source: ByteSource | undefined; sentence: string | undefined };
  /** what to say of its recordings that holds for no stream alone */
  notes: string[];
}

/** A run with every file that only it explains, so that nobody else wonders about them. */
export interface FoundRun extends StreamRun {
  belonging: ByteSource[];
}

const NEVER_TEXT = /\.(npy|npz|zip|png|svg|pdf|dat|bin|cbin|nwb|h5|continuous)$/i;
const NEVER_SAMPLES =
  /(\.(npy|npz|zip|json|jsonl|txt|md|csv|tsv|png|svg|pdf|html|py|mat|xml|oebin|meta|cbin|ch|nwb|h5|continuous)|^temp_wh\.dat)$/i;
const NUMBERS_NAMES = ["sample_numbers.npy", "timestamps.npy"];
const CLOCK = /^(sample_numbers|timestamps|synchronized_timestamps)\.npy$/i;

/** Every stream with channels of a probe below every structure.oebin of a drop. Reads descriptions and headers. */
export async function findRuns(drop: Drop): Promise<FoundRun[]> {
  const oebins = await findOebins(drop);
  const runs = new Map<string, FoundRun>();
  for (const { oebin, entries } of oebins) {
    const members = membersOf(drop, oebin, oebins);
    const parts = await pairUp(oebin, entries, members, drop);
    const neural = parts.filter(({ entry }) => entry.isNeural);
    const hasAny = neural.some(({ binary }) => binary);
    const claimed = neural.filter(({ binary }) => binary || !hasAny);
    const settings = await settingsOf(drop, folderOf(oebin.path));
    let notes = hasAny ? notesOf(oebin, parts) : [];
    let belonging = [...members.filter((file) => isOfRecording(file, oebin, parts)), ...settings.others];
    for (const part of claimed) {
      const key = runKey(part);
      const run = runs.get(key) ?? { parts: [], settings, notes: [], belonging: [] };
      runs.set(key, run);
      run.parts.push(part);
      run.notes.push(...notes);
      run.belonging.push(...belonging);
      [notes, belonging] = [[], []];
    }
  }
  return [...runs.values()];
}

interface Oebin {
  oebin: ByteSource;
  entries: StreamEntry[];
}

/** Every structure.oebin of a drop, by content. */
export async function findOebins(drop: Drop): Promise<Oebin[]> {
  const found: Oebin[] = [];
  for (const { files } of drop.values()) {
    for (const [name, source] of files) {
      const entries = NEVER_TEXT.test(name) ? null : await streamEntries(source);
      if (entries) found.push({ oebin: source, entries });
    }
  }
  return found;
}

/** Recordings 1, 2 … of a folder are stretches of one experiment, where their sample numbers say how far apart they lie. */
function runKey({ oebin, entry, binary, numbers, index }: StreamPart): string {
  const folder = folderOf(oebin.path);
  const isNumbered = /^recording\d+$/i.test(baseName(folder)) && binary && numbers;
  const place = isNumbered ? [folderOf(folder), entry.key] : [folder, oebin.path, `${index}`];
  return place.join("\n");
}

/** The files of a recording: below the folder of its structure.oebin, and not below that of another one. */
function membersOf(drop: Drop, oebin: ByteSource, all: readonly Oebin[]): ByteSource[] {
  const own = folderOf(oebin.path);
  const lies = (path: string, folder: string) => folder === "" || path === folder || path.startsWith(`${folder}/`);
  const deeper = all.map((one) => folderOf(one.oebin.path)).filter((folder) => folder !== own && lies(folder, own));
  return [...drop.values()]
    .filter(({ path }) => lies(path, own) && !deeper.some((folder) => lies(path, folder)))
    .flatMap(({ files }) => [...files.values()]);
}

/**
 * The binary of each stream: continuous.dat in its folder; the only file of samples in a folder of that name; a file whose
 * numbers are as many as its samples; and, for the only stream left, the only file left of whole samples.
 */
async function pairUp(
  oebin: ByteSource,
  entries: StreamEntry[],
  members: ByteSource[],
  drop: Drop,
): Promise<StreamPart[]> {
  const files = members.filter((file) => file !== oebin && !NEVER_SAMPLES.test(baseName(file.path)));
  const isWhole = (entry: StreamEntry, { size }: ByteSource) =>
    size > 0 && entry.nChannels > 0 && size % (2 * entry.nChannels) === 0;
  const inOwnFolder = (entry: StreamEntry, { path }: ByteSource) =>
    entry.folderName !== "" && baseName(folderOf(path)) === baseName(entry.folderName);
  const found = await pairByRules(entries, files, [
    (entry, file) => inOwnFolder(entry, file) && /^continuous\.dat$/i.test(baseName(file.path)),
    (entry, file) => inOwnFolder(entry, file) && isWhole(entry, file),
    async (entry, file) => isWhole(entry, file) && (await hasNumbersOf(file, entry, drop)),
    (entry, file, nWaiting) =>
      nWaiting === 1 &&
      /\.dat$/i.test(file.path) &&
      folderOf(file.path) === folderOf(oebin.path) &&
      entry.nChannels > 0,
    (entry, file, nWaiting) => nWaiting === 1 && isWhole(entry, file),
  ]);
  const parts: StreamPart[] = [];
  for (const [index, entry] of entries.entries()) {
    const binary = found.get(entry);
    const numbers = binary && entry.isNeural ? await numbersBeside(binary, entry, drop) : undefined;
    parts.push({ oebin, index, entry, binary, numbers });
  }
  return parts;
}

async function hasNumbersOf(file: ByteSource, entry: StreamEntry, drop: Drop): Promise<boolean> {
  const numbers = await numbersBeside(file, entry, drop);
  return numbers !== undefined && (await rowsOf(numbers)) === file.size / (2 * entry.nChannels);
}

/** The file that numbers the samples of a binary: by name, else the only list of whole numbers of that length beside it. */
async function numbersBeside(binary: ByteSource, entry: StreamEntry, drop: Drop): Promise<ByteSource | undefined> {
  const folder = folderOf(binary.path);
  for (const name of NUMBERS_NAMES) {
    const file = fileBelow(drop, folder, name);
    if (file && (name === NUMBERS_NAMES[0] || (await rowsOf(file)) !== null)) return file;
  }
  const nSamples = Math.floor(binary.size / (2 * entry.nChannels));
  const fitting: ByteSource[] = [];
  for (const [name, file] of drop.get(folder)?.files ?? []) {
    if (/\.npy$/i.test(name) && (await rowsOf(file)) === nSamples) fitting.push(file);
  }
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** How many whole numbers a .npy lists; null when it is none, or damaged: what it is needed for then says so. */
async function rowsOf(file: ByteSource): Promise<number | null> {
  const header = await readSampleNumbersHeader(file).catch(() => null);
  return header?.shape[0] ?? null;
}

/** Events, spikes and clocks of a recording are explained by it; geometry and sortings kept in its folders are not. */
function isOfRecording(file: ByteSource, oebin: ByteSource, parts: readonly StreamPart[]): boolean {
  const own = folderOf(oebin.path);
  const relative = own === "" ? file.path : file.path.slice(own.length + 1);
  if (file === oebin || parts.some(({ binary, numbers }) => file === binary || file === numbers)) return true;
  if (/^(events|spikes)\/.+\.npy$/i.test(relative) || relative === "sync_messages.txt") return true;
  if (!CLOCK.test(baseName(file.path))) return false;
  const isBeside = parts.some(({ binary }) => binary && folderOf(binary.path) === folderOf(file.path));
  return isBeside || parts.some(({ entry }) => baseName(entry.folderName) === baseName(folderOf(file.path)));
}

function notesOf(oebin: ByteSource, parts: readonly StreamPart[]): string[] {
  const others = parts.filter(({ entry }) => !entry.isNeural).map(({ entry }) => entry.folderName);
  const missing = parts.filter(({ entry, binary }) => entry.isNeural && !binary).map(({ entry }) => entry.folderName);
  const notes: string[] = [];
  if (others.length > 0) notes.push(`${oebin.path}: streams of no probe are left out: ${listInWords(others)}.`);
  if (missing.length > 0) {
    notes.push(
      `${oebin.path}: expected continuous.dat of every stream, found none of ${listInWords(missing)}; left out.`,
    );
  }
  return notes;
}

/**
 * The settings.xml of a recording: in its folder or the nearest above that has one, or loose. Of several, experiment 1 has
 * settings.xml, experiment 2 settings_2.xml and so on.
 */
async function settingsOf(drop: Drop, folder: string): Promise<StreamRun["settings"] & { others: ByteSource[] }> {
  for (const place of [...foldersUpwards(folder), ""]) {
    const found: ByteSource[] = [];
    for (const [name, file] of drop.get(place)?.files ?? []) {
      if (!NEVER_TEXT.test(name) && (await isSettings(file))) found.push(file);
    }
    if (found.length === 0) continue;
    if (found.length === 1) return { source: found[0], sentence: undefined, others: found };
    const experiment = Number(/(\d+)$/.exec(baseName(folderOf(folder)))?.[1] ?? 1);
    const name = experiment === 1 ? "settings.xml" : `settings_${experiment}.xml`;
    const source = found.find((file) => baseName(file.path) === name);
    const names = listInWords(found.map((file) => file.path));
    const sentence = source
      ? undefined
      : `Expected ${name} for ${folder || "the loose files"}, found ${names}; none was used.`;
    return { source, sentence, others: found };
  }
  return { source: undefined, sentence: undefined, others: [] };
}

import { AppError } from "../core/errors.ts";
import { type ByteSource, baseName } from "./byteSource.ts";
import type { Drop } from "./drop.ts";
import { geometryFiles } from "./geometry/beside.ts";
import { formatNames, readers } from "./readers/index.ts";
import { listInWords } from "./readers/reader.ts";
import { MAX_SNIFFED } from "./sniff.ts";

const NAMES_SHOWN = 4;

/** A sentence for each file nobody claimed that can be spoken of: of a known family, or the geometry of nothing. */
export async function sentencesOf(rest: Drop): Promise<string[]> {
  const sentences: string[] = [];
  for (const reader of readers) sentences.push(...((await reader.leftOver?.(rest)) ?? []));
  for (const { files } of rest.values()) {
    for (const { source } of await geometryFiles(files.values())) {
      sentences.push(
        `${source.path} says where the sites of a probe lie: expected a recording or spikes that do not say so themselves, or a recording opened as loose files beside it, found none.`,
      );
    }
  }
  return sentences;
}

/** What to say when nothing at all was recognised. */
export function nothingRecognised(sources: readonly ByteSource[], all: Drop): AppError {
  const [only] = sources;
  if (sources.length === 1 && only.size === 0) {
    return new AppError("bad-file", `${only.path} is empty: expected data, found 0 bytes.`, { path: only.path });
  }
  const names = [...all.values()].flatMap((f) => [...f.files.keys()]);
  const found =
    names.length === 0
      ? "an empty archive"
      : `${names.length === 1 ? "" : `${names.length} files: `}${shortList(names)}`;
  const limit = names.length > MAX_SNIFFED ? `; only ${MAX_SNIFFED} of them were looked into` : "";
  const isArrays = names.some((name) => /\.npy$/i.test(name));
  const wanted = isArrays
    ? `arrays whose names say what they are: ${arrayNames()}`
    : `one of these formats: ${formatNames()}`;
  return new AppError("nothing-found", `Expected ${wanted}; found ${found}${limit}.`, { nFiles: names.length });
}

/** Data files nobody read or spoke of are worth a word; notes, figures, hidden files and the truth of a simulation are not. */
export function unreadWarning(rest: Drop, spokenOf: readonly string[]): string[] {
  const unread = [...rest.values()]
    // what is true of a simulation is for scoring; a run over a motion alone says nothing else of data
    .filter(({ files }) => !files.has("truth.json") && !files.has("recipe.json"))
    .flatMap((f) => [...f.files.values()])
    .filter(({ path }) => /\.(npy|npz|json)$/i.test(path) && !spokenOf.some((text) => text.startsWith(path)));
  if (unread.length === 0) return [];
  const names = shortList(unread.map((s) => baseName(s.path)));
  return [
    `${unread.length === 1 ? "1 file was" : `${unread.length} files were`} not recognised and not read: ${names}.`,
  ];
}

/** "a.npy and b.npy (one format), or c.npy (another)". */
function arrayNames(): string {
  return readers.flatMap(({ names, title }) => (names === undefined ? [] : [`${names} (${title})`])).join(", or ");
}

function shortList(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return more > 0 ? `${names.slice(0, NAMES_SHOWN).join(", ")} and ${more} more` : listInWords(names);
}

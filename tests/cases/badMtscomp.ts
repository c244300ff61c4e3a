import type { BadInput } from "./badInput.ts";
import { type ChunkOptions, mtscompFiles } from "./mtscompFiles.ts";
import { metaBytes } from "./spikeglxFiles.ts";

type Files = Record<string, Uint8Array>;
const listed = (files: Files): BadInput["files"] => Object.entries(files).map(([path, bytes]) => ({ path, bytes }));
const without = (files: Files, ...endings: string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !endings.some((ending) => path.endsWith(ending))));

/** rec.ap.cbin, .ch and .meta with keys of the .ch changed. */
const recordingWith = (changes: ChunkOptions["changes"], options: ChunkOptions = {}) =>
  mtscompFiles({ stem: "rec.ap", changes, ...options });

/** The chunks with bytes changed. */
function damagedChunks(change: (cbin: Uint8Array) => Uint8Array): Files {
  const files = recordingWith({});
  return { ...files, "rec.ap.cbin": change(files["rec.ap.cbin"]) };
}

const offsets = [0, 40, 80, 120];

/** mtscomp recordings that cannot be opened. */
export const badMtscomp: readonly BadInput[] = [
  {
    name: "compressed chunks without their description",
    files: listed(without(recordingWith({}), ".ch", ".meta")),
    sentence: "rec.ap.cbin: expected the .ch that mtscomp wrote with it, found none; open both together.",
  },
  {
    name: "a description of chunks cut short",
    files: listed({ "rec.ap.ch": recordingWith({})["rec.ap.ch"].slice(0, 50) }),
    sentence: "rec.ap.ch: expected mtscomp's description (JSON with chunk_bounds and chunk_offsets), found none.",
  },
  {
    name: "chunks of an unknown compression",
    files: listed(recordingWith({ algorithm: "wavpack" })),
    sentence: 'rec.ap.ch: expected algorithm to be "zlib", the only one mtscomp writes, found "wavpack".',
  },
  {
    name: "chunks of a number type that is none",
    files: listed(recordingWith({ dtype: "complex64" })),
    sentence: 'rec.ap.ch: expected dtype to be a numpy type we read, found "complex64".',
  },
  {
    name: "chunks in an unknown order",
    files: listed(recordingWith({ chunk_order: "K" })),
    sentence: 'rec.ap.ch: expected chunk_order to be "F" or "C", found "K".',
  },
  {
    name: "chunks that do not say how they were written",
    files: listed(recordingWith({ do_time_diff: undefined })),
    sentence: "rec.ap.ch: expected do_time_diff to be true or false, found none.",
  },
  {
    name: "chunk offsets that do not ascend",
    files: listed(recordingWith({ chunk_offsets: [0, 50, 50, 120] })),
    sentence:
      "rec.ap.ch: expected chunk_offsets to be ascending bytes, at least 51 in entry 2 (counting from 0), found 50.",
  },
  {
    name: "fewer chunk offsets than bounds",
    files: listed(recordingWith({ chunk_offsets: offsets.slice(0, 3) })),
    sentence: "rec.ap.ch: expected chunk_offsets to have 4 entries, as many as chunk_bounds, found 3.",
  },
  {
    name: "chunks of another shape",
    files: listed(recordingWith({ shape: [12, 5] })),
    sentence: "rec.ap.ch: expected shape to be [10,5], the last of chunk_bounds and n_channels, found [12,5].",
  },
  {
    name: "chunks that would fill the memory",
    files: listed(recordingWith({ chunk_bounds: [0, 4, 8, 1e9], shape: undefined, chunk_offsets: offsets })),
    sentence:
      "rec.ap.ch: expected chunks of at most 512 MiB, and no larger than their compressed bytes can hold, found chunk 2 (counting from 0) of 9999999920 bytes in 40 compressed ones.",
  },
  {
    name: "chunks of another number of channels than described",
    files: listed({ ...recordingWith({}), "rec.ap.meta": metaBytes({}, 8) }),
    sentence: "rec.ap.ch: expected 9 channels of int16 by rec.ap.meta, found 5 of int16.",
  },
  {
    name: "chunks of another recording",
    files: listed(damagedChunks((cbin) => Uint8Array.from([...cbin, 1, 2, 3]))),
    sentence: `rec.ap.cbin: expected ${recordingWith({})["rec.ap.cbin"].length} bytes by rec.ap.ch, found ${recordingWith({})["rec.ap.cbin"].length + 3}; they do not belong together.`,
  },
  {
    name: "chunks cut short within the first",
    files: listed(damagedChunks((cbin) => cbin.slice(0, 10))),
    sentence: `rec.ap.cbin is cut short: expected at least the first chunk (${JSON.parse(new TextDecoder().decode(recordingWith({})["rec.ap.ch"])).chunk_offsets[1]} bytes, by rec.ap.ch), found 10 bytes.`,
  },
];

/** mtscomp recordings that open with a warning. */
export const oddMtscomp: readonly BadInput[] = [
  {
    name: "compressed chunks without SpikeGLX's description",
    files: listed(without(recordingWith({}), ".meta")),
    sentence:
      "rec.ap.ch: expected the .meta that SpikeGLX wrote with it, found none; the scale is unknown, so amplitudes are in units of the file and not in µV, and channels are not shifted in time.",
  },
  {
    name: "compressed chunks cut short",
    files: listed(damagedChunks((cbin) => cbin.slice(0, -1))),
    sentence: `rec.ap.cbin is cut short: expected ${recordingWith({})["rec.ap.cbin"].length} bytes by rec.ap.ch, found ${recordingWith({})["rec.ap.cbin"].length - 1}; read up to its last whole chunk, 2 of 3 (8 samples).`,
  },
];

import type { BadInput } from "./badInput.ts";

/** A wave in 16 bits, large enough for a recording. */
const samples = (nBytes: number) => {
  const values = Int16Array.from({ length: Math.ceil(nBytes / 2) }, (_, i) => 200 * Math.sin(i / 3));
  return new Uint8Array(values.buffer).slice(0, nBytes);
};
const json = (value: object) => new TextEncoder().encode(JSON.stringify(value));

/** The description that the form writes, with changes. */
const described = (changes: object, nBytes = 40_000): BadInput["files"] => [
  { path: "rec.dat", bytes: samples(nBytes) },
  {
    path: "rec.binary.json",
    bytes: json({
      class: "spikeinterface.core.binaryrecordingextractor.BinaryRecordingExtractor",
      kwargs: { file_paths: ["rec.dat"], sampling_frequency: 30000, num_channels: 10, dtype: "int16", ...changes },
    }),
  },
];

/** Headerless binaries that cannot be opened as they were dropped. */
export const badPlain: readonly BadInput[] = [
  {
    name: "a headerless binary without a description",
    files: [{ path: "rec.dat", bytes: samples(40_000) }],
    sentence:
      'rec.dat: expected a description of this headerless binary beside it, found none; answer the form on the page, or run the command "describe".',
  },
  {
    name: "a description of no channels",
    files: described({ num_channels: 0 }),
    sentence: "rec.binary.json: expected num_channels to be a whole number from 1 to 100000, found 0.",
  },
  {
    name: "a description of another number of channels",
    files: described({ num_channels: 11 }),
    sentence:
      "rec.dat: expected whole samples of 11 channels (22 bytes each, by rec.binary.json), found 40000 bytes, 4 too many.",
  },
];

import { Random } from "../../src/core/random.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import type { BadInput } from "./badInput.ts";
import { type MetaKeys, metaBytes } from "./spikeglxFiles.ts";

const nChannels = 8;
const sites = Array.from({ length: nChannels }, (_, c) => `(0:${c % 2}:${c >> 1}:1)`).join("");

/** A description of 8 channels beside a binary; `value` gives each sample in bits. */
function recording(stem: string, nSamples: number, value: () => number, changes: MetaKeys = {}): BadInput["files"] {
  const samples = Int16Array.from({ length: nSamples * (nChannels + 1) }, value);
  const bytes = new Uint8Array(samples.buffer);
  const keys = {
    fileName: `${stem}.bin`,
    fileSizeBytes: bytes.length,
    "~snsShankMap": `(1,2,480)${sites}`,
    ...changes,
  };
  return [
    { path: `${stem}.meta`, bytes: metaBytes(keys, nChannels) },
    { path: `${stem}.bin`, bytes },
  ];
}

const random = new Random(1);
/** nothing of it ever stands out */
const evenNoise = () => random.integer(7) - 3;
const constant = () => 7;
const peaks = (column: string) => npyBytes([1, 2], [2], column === "amplitudes" ? "<f4" : "<f8");
const lf = { snsApLfSy: "0,8,1", snsSaveChanSubset: "8:15,16", imSampRate: 2500 };
const unknown = { imDatPrb_pn: "NP9999", imDatPrb_type: 9999, "~snsShankMap": undefined };

/** What can be opened but not searched for spikes, and what detect-localize says to it. */
export const badForDetection: readonly BadInput[] = [
  {
    name: "a recording without spikes",
    files: recording("rec.ap", 12_000, evenNoise),
    sentence:
      "No spikes in 0.4 s: nothing crosses 5 × the noise (median 4.5 µV) on 8 channels; lower the threshold or look at the processed traces.",
  },
  {
    name: "a recording of dead channels",
    files: recording("rec.ap", 12_000, constant),
    sentence: "All 8 channels are dead: they hold one constant value each wherever they were looked at.",
  },
  {
    name: "a recording shorter than a waveform",
    files: recording("rec.ap", 60, evenNoise),
    sentence: "rec.ap.bin: expected at least one waveform of 90 samples, found a recording of 60 samples (2.0 ms).",
  },
  {
    name: "the LF band",
    files: recording("rec.lf", 6000, evenNoise, lf),
    sentence: "rec.lf.bin holds the LF band, which has no spikes; open the AP recording.",
  },
  {
    name: "a recording of a probe nobody knows",
    files: recording("rec.ap", 6000, evenNoise, unknown),
    sentence:
      "rec.ap.bin: where the 8 channels of NP9999 lie is not known; drop a probeinterface .json or a channel_locations.npy (8, 2) together with the recording.",
  },
  {
    name: "a description without its binary",
    files: recording("rec.ap", 6000, evenNoise).slice(0, 1),
    sentence: "rec.ap.meta: expected samples, found a description without its binary.",
  },
  {
    name: "a binary without its description",
    files: recording("rec.ap", 6000, evenNoise).slice(1),
    sentence: "rec.ap.bin: expected the .meta that SpikeGLX wrote with it, found none; open both together.",
  },
  {
    name: "the recordings of two probes",
    files: ["run_g0_t0.imec0.ap", "run_g0_t0.imec1.ap"].flatMap((stem) => recording(stem, 6000, evenNoise)),
    sentence:
      "Expected one AP recording, found 2: run_g0_t0.imec0.ap.bin, run_g0_t0.imec1.ap.bin; name the files of one.",
  },
  {
    name: "spikes instead of a recording",
    files: ["times", "depths", "amplitudes"].map((column) => ({ path: `peak_${column}.npy`, bytes: peaks(column) })),
    sentence: "Expected a raw recording to detect spikes in; found only MEDiCINe peaks.",
  },
];

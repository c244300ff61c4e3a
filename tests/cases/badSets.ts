import { npyBytes } from "../../src/io/write/npy.ts";
import { badAlf } from "./badAlf.ts";
import type { BadInput } from "./badInput.ts";
import { channelLocationsBytes, columnProbe, probeinterfaceBytes } from "./geometryFiles.ts";
import { metaText } from "./spikeglxFiles.ts";

const f8 = (values: number[], shape = [values.length]) => npyBytes(values, shape, "<f8");

/** An SLN data set of two spikes, with more tables. */
const sln = (more: Record<string, Uint8Array>): BadInput["files"] =>
  Object.entries({
    "spike_times.npy": f8([10, 20]),
    "spike_amplitudes.npy": f8([-80, -60]),
    "spike_locs_y.npy": f8([100, 200]),
    "fs.npy": f8([30000]),
    ...more,
  }).map(([name, bytes]) => ({ path: `dataset/${name}`, bytes }));

const waveforms = (...shape: number[]) => {
  const n = shape.reduce((a, b) => a * b, 1);
  return npyBytes(new Float32Array(n), shape, "<f4");
};

/** The text as Windows' editors save it: two bytes a letter. */
function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(2 + 2 * text.length);
  bytes.set([0xff, 0xfe]);
  for (let i = 0; i < text.length; i++) bytes[2 + 2 * i] = text.charCodeAt(i);
  return bytes;
}

/** Waveforms, geometries and descriptions that cannot be read. */
export const badSets: readonly BadInput[] = [
  {
    name: "SLN waveforms of another number of spikes",
    files: sln({ "waveforms_all.npy": waveforms(3, 10, 9) }),
    sentence:
      "dataset/waveforms_all.npy: expected waveforms of shape (2, channels, samples), one for each spike, found shape (3, 10, 9).",
  },
  {
    name: "SLN waveforms laid flat",
    files: sln({ "waveforms_all.npy": waveforms(2, 90) }),
    sentence:
      "dataset/waveforms_all.npy: expected waveforms of shape (2, channels, samples), one for each spike, found shape (2, 90).",
  },
  {
    name: "SLN waveforms cut short",
    files: sln({ "waveforms_all.npy": waveforms(2, 10, 9).slice(0, 500) }),
    sentence:
      "dataset/waveforms_all.npy is cut short: expected 848 bytes from its header (shape (2, 10, 9), <f4), found 500.",
  },
  {
    name: "SLN channels without a depth",
    files: sln({ "channel_locations.npy": f8([0, 20, 40, 60], [4, 1]) }),
    sentence:
      "dataset/channel_locations.npy: expected x and y of each channel in µm, shape (C, 2), found shape (4, 1).",
  },
  {
    name: "an SLN training subset without its seconds",
    files: [
      { path: "subset/waveforms.npy", bytes: waveforms(2, 10, 9) },
      { path: "subset/split.npy", bytes: f8([0, 1]) },
    ],
    sentence:
      "SLN training subset in subset: expected waveforms.npy and frame_ids.npy side by side, found waveforms.npy without frame_ids.npy.",
  },
  {
    name: "a SpikeGLX description in UTF-16",
    files: [{ path: "rec.ap.meta", bytes: utf16(metaText()) }],
    sentence: "rec.ap.meta: expected a SpikeGLX description (lines of key=value with typeThis), found none.",
  },
  {
    name: "a geometry alone",
    files: [{ path: "probe.json", bytes: probeinterfaceBytes(columnProbe(4)) }],
    sentence:
      "probe.json says where the sites of a probe lie: expected a recording or spikes that do not say so themselves, or a recording opened as loose files beside it, found none.",
  },
  {
    name: "channel locations alone",
    files: [{ path: "channel_locations.npy", bytes: channelLocationsBytes([[0, 20]]) }],
    sentence:
      "channel_locations.npy says where the sites of a probe lie: expected a recording or spikes that do not say so themselves, or a recording opened as loose files beside it, found none.",
  },
  ...badAlf,
];

import { oddAlf } from "./badAlf.ts";
import type { BadInput } from "./badInput.ts";
import { oddMtscomp } from "./badMtscomp.ts";
import { oddNwb } from "./badNwb.ts";
import { oddOpenephys } from "./badOpenephys.ts";
import { oddSorters } from "./badSorters.ts";
import { oddSpikeinterface } from "./badSpikeinterface.ts";
import { columnProbe, probeinterfaceBytes } from "./geometryFiles.ts";
import { binaryBytes, type MetaKeys, metaBytes } from "./spikeglxFiles.ts";

/** rec.ap.meta with some keys changed, beside a binary of ten samples, and further files. */
function recordingWith(changes: MetaKeys, more: Record<string, Uint8Array> = {}, nSamples = 10): BadInput["files"] {
  const files = { "rec.ap.meta": metaBytes(changes), "rec.ap.bin": binaryBytes(nSamples), ...more };
  return Object.entries(files).map(([path, bytes]) => ({ path, bytes }));
}

/** A probe that is in no table, described as far as SpikeGLX must: gains, but neither sites nor multiplexing. */
const unknown: MetaKeys = { imDatPrb_pn: "NP9999", imDatPrb_type: 9999, imMaxInt: 512 };
const wiring = "(2,2)(0 1)(2 3)";

/** What is opened all the same, with a warning: here `sentence` is one of the warnings. */
export const oddInputs: readonly BadInput[] = [
  ...oddSorters,
  {
    name: "a probe of an unknown part number",
    files: recordingWith({ ...unknown, imDatPrb_type: 0 }),
    sentence:
      'rec.ap.meta: expected a probe of our table, found the part number "NP9999"; read as type 0 (Neuropixels 1.0).',
  },
  {
    name: "a probe of an unknown part number and type",
    files: recordingWith(unknown),
    sentence:
      'rec.ap.meta: expected a probe of our table, found the part number "NP9999"; read without knowledge of the probe.',
  },
  {
    name: "the same: nothing says where its sites lie",
    files: recordingWith(unknown),
    sentence:
      "rec.ap.meta: expected where the sites lie in ~snsGeomMap, in ~snsShankMap of a probe we know, or in a file beside it (a probeinterface .json or channel_locations.npy), found none of them; positions are unknown.",
  },
  {
    name: "the same: nothing says when its channels were sampled",
    files: recordingWith(unknown),
    sentence:
      "rec.ap.meta: expected in ~muxTbl, or from a probe we know, when each channel was sampled, found neither; channels are not shifted in time.",
  },
  {
    name: "a description without part number and type",
    files: recordingWith({ imDatPrb_pn: undefined, imDatPrb_type: undefined }),
    sentence: "rec.ap.meta: expected a probe of our table, found no part number; read without knowledge of the probe.",
  },
  {
    name: "an unknown probe with its geometry beside it",
    files: recordingWith(
      { ...unknown, "~muxTbl": wiring },
      { "probe.json": probeinterfaceBytes(columnProbe(4, { device_channel_indices: [0, 1, 2, 3] })) },
    ),
    sentence: "probe.json says where the sites of rec.ap.meta lie.",
  },
  {
    name: "a geometry of another number of channels",
    files: recordingWith({ ...unknown, "~muxTbl": wiring }, { "probe.json": probeinterfaceBytes(columnProbe(960)) }),
    sentence:
      "probe.json: expected a probe of 4 connected contacts, one for each neural channel, found 960 without a wiring: set device_channel_indices in the file, or choose a part number for the wiring it starts with; positions are unknown.",
  },
  {
    name: "a geometry opened beside a recording that has one",
    files: recordingWith(
      {},
      { "probe.json": probeinterfaceBytes(columnProbe(4, { device_channel_indices: [3, 2, 1, 0] })) },
    ),
    sentence: "probe.json was opened beside rec.ap.meta, so its positions stand for those of the description.",
  },
  {
    name: "a binary cut short",
    files: recordingWith({}, {}, 6),
    sentence: "rec.ap.bin is cut short: expected 100 bytes by rec.ap.meta, found 60; read as 6 samples (0.0002 s).",
  },
  {
    name: "a fileSizeBytes that is stale",
    files: recordingWith({}, {}, 12),
    sentence:
      "rec.ap.bin is longer than described: expected 100 bytes by rec.ap.meta, found 120; read as 12 samples (0.0004 s).",
  },
  {
    name: "a recording that CatGT wrote",
    files: recordingWith({ fileName: "D:/run_g0_tcat.imec0.ap.bin" }),
    sentence: "rec.ap.meta: CatGT has aligned the channels in time already; they are not shifted again.",
  },
  {
    name: "a multiplexing table of other channels",
    files: recordingWith({ "~muxTbl": "(2,2)(0 1)(2)" }),
    sentence:
      "rec.ap.meta: expected every saved channel once in the 2 groups of ~muxTbl, found 3 channels in 2; it was not used.",
  },
  ...oddMtscomp,
  ...oddOpenephys,
  ...oddSpikeinterface,
  ...oddAlf,
  ...oddNwb,
];

import { assert } from "../../core/errors.ts";
import type { PlainLayout, ProbeChoice } from "../../protocol/plainBinary.ts";
import { baseName } from "../byteSource.ts";
import type { WrittenFile } from "../write/file.ts";
import { bytesOfType } from "./numberTypes.ts";
import { checkLayout } from "./picture.ts";
import { chosenProbeFile } from "./probeFile.ts";

/** Which releases of SpikeInterface load the description. */
const SPIKEINTERFACE_VERSION = "0.101.0";

/**
 * The answers to how a headerless binary is to be read, as files that lie beside it from then on: a description that
 * SpikeInterface loads too (keys of its BinaryRecordingExtractor), and a probeinterface .json where a probe was chosen.
 * Sync words are named as SpikeGLX names them. Throws AppError for a layout or a probe that cannot be.
 */
export function plainDescription(
  binary: { path: string; bytes: number },
  layout: PlainLayout,
  probe: Exclude<ProbeChoice, { kind: "file" }>,
): WrittenFile[] {
  checkLayout(binary.path, binary.bytes, layout);
  const stem = binary.path.replace(/\.[^./]*$/, "");
  const text = JSON.stringify(descriptionOf(binary, layout), null, 2);
  const description = { path: `${stem}.binary.json`, bytes: new TextEncoder().encode(text) };
  if (probe.kind === "none") return [description];
  return [description, chosenProbeFile(`${stem}.probe.json`, probe, layout.nSaved - layout.sync)];
}

function descriptionOf({ path, bytes }: { path: string; bytes: number }, layout: PlainLayout): object {
  const { dtype, nSaved, sync, rateHz, offsetBytes, uvPerBit } = layout;
  assert(sync < nSaved, "a layout that was checked");
  const nNeural = nSaved - sync;
  const names = Array.from({ length: nSaved }, (_, c) => (c < nNeural ? `CH${c}` : `#SY${c - nNeural}`));
  // unsigned words lie around the middle of their range
  const middle = dtype === "uint16" ? -32_768 : 0;
  const left = (bytes - offsetBytes) % (nSaved * bytesOfType(dtype));
  return {
    class: "spikeinterface.core.binaryrecordingextractor.BinaryRecordingExtractor",
    module: "spikeinterface",
    version: SPIKEINTERFACE_VERSION,
    relative_paths: true,
    kwargs: {
      file_paths: [baseName(path)],
      sampling_frequency: rateHz,
      num_channels: nSaved,
      dtype,
      time_axis: 0,
      file_offset: offsetBytes,
      ...(sync > 0 ? { channel_ids: names } : {}),
      ...(uvPerBit === null ? {} : { gain_to_uV: uvPerBit, offset_to_uV: middle * uvPerBit }),
    },
    annotations: left > 0 ? { incomplete_last_sample: true } : {},
    properties: {},
  };
}

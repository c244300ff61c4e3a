import type { PictureKind } from "../protocol/pictures.ts";

/** A picture on the page. */
export interface PanelSpec {
  kind: PictureKind;
  title: string;
  /** what it shows, for those who cannot see it */
  label: string;
  /** how to read it */
  help: string;
}

/** Every picture of an exported page. */
export const panelSpecs = {
  projections: {
    kind: "projections",
    title: "Projections",
    label: "Spikes from three sides, in µm: x over depth, x over z, z over depth, with the contacts of the probe.",
    help: "Where the spikes of the time on screen are: along the probe to the right, across it (x) above and away from it (z) below. Squares are contacts.",
  },
  rawRaster: {
    kind: "raster-raw",
    title: "Raster, as recorded",
    label: "Depth of every spike over time, as recorded.",
    help: "A unit is a band along time; where all bands bend together the tissue has moved. Curves are the motion that was estimated.",
  },
  correctedRaster: {
    kind: "raster-corrected",
    title: "Raster, corrected",
    label: "Depth of every spike over time, with the motion taken out.",
    help: "The same spikes with the motion taken out: bands should be straight.",
  },
  localPairs: {
    kind: "local-pairs",
    title: "Local pairs",
    label:
      "Six scatter plots of spikes as seen from the middle of their channels: local x, local y and z in µm and log α, each over each.",
    help: "Each spike counted from its anchor, the middle of its channels, without any motion taken out. Smooth clouds are what neurons around a probe give; lines and lattices mean that a localizer prefers some places relative to its contacts.",
  },
  waveform: {
    kind: "waveform",
    title: "Waveform",
    label: "Waveform of the selected spike on the channels around it, and where every localizer puts it.",
    help: "Thin as read and preprocessed, thick as the principal components describe it. Marks are where each localizer puts the spike.",
  },
  space: {
    kind: "spike-3d",
    title: "Local frame, 3-D",
    label:
      "The selected spike in space: contacts and waveforms in the plane of the probe, each localizer's place at its distance. Drag or arrow keys turn it.",
    help: "From the anchor: l_x across the probe, l_y up it, l_z away from it. Each localizer's place stands above its foot. Drag or arrow keys turn it, the wheel zooms, a double click brings it back.",
  },
} as const satisfies Record<string, PanelSpec>;

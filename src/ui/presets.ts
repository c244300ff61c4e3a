import type { LayoutNode } from "./layoutTree.ts";

/** A way to arrange the panels for one kind of work. Panels that are not registered are left out. */
export interface LayoutPreset {
  id: string;
  title: string;
  /** what it is for, one sentence */
  about: string;
  tree: LayoutNode;
  /** every other panel is there too, as a tab behind the one it is placed beside */
  holdsAll?: boolean;
}

const importing: LayoutNode = {
  row: [
    { tabs: ["probe"], share: 0.16 },
    { column: [{ tabs: ["traces"] }, { tabs: ["raster-raw", "projections"] }], share: 0.56 },
    { column: [{ tabs: ["amplitudes", "alpha"] }, { tabs: ["runs", "figures"] }], share: 0.28 },
  ],
};

const motion: LayoutNode = {
  row: [
    { tabs: ["probe", "units"], share: 0.155 },
    {
      column: [{ tabs: ["raster-raw", "projections"] }, { tabs: ["raster-corrected", "compare", "traces"] }],
      share: 0.455,
    },
    {
      column: [
        { tabs: ["motion", "correlation", "amplitudes"] },
        { tabs: ["activity", "loss", "checks", "figures", "waveform"] },
      ],
      share: 0.39,
    },
  ],
};

const joint: LayoutNode = {
  row: [
    { column: [{ tabs: ["projections", "local-pairs"] }, { tabs: ["raster-corrected", "raster-raw"] }], share: 0.42 },
    { column: [{ tabs: ["correlation", "grid-correlation"] }, { tabs: ["motion", "displacement"] }], share: 0.29 },
    { column: [{ tabs: ["loss", "alpha"] }, { tabs: ["checks", "agreement"] }], share: 0.29 },
  ],
};

const inspect: LayoutNode = {
  row: [
    { tabs: ["units"], share: 0.15 },
    {
      column: [
        { tabs: ["raster-raw", "raster-corrected"] },
        { row: [{ tabs: ["projections"] }, { tabs: ["local-pairs"] }] },
      ],
      share: 0.6,
    },
    {
      column: [
        { tabs: ["waveform", "traces"], share: 1.3 },
        { tabs: ["spike-3d", "unit-drift"] },
        { tabs: ["amplitude-fit"] },
      ],
      share: 0.4,
    },
  ],
};

const compare: LayoutNode = {
  row: [
    { column: [{ tabs: ["compare"] }, { tabs: ["grid-raster", "raster-corrected", "raster-raw"] }] },
    { column: [{ tabs: ["methods", "motion"] }, { tabs: ["agreement", "grid-correlation", "correlation", "checks"] }] },
  ],
};

/** The layouts that every visitor has, in the order of their keys. */
export const PRESETS: readonly LayoutPreset[] = [
  { id: "import", title: "Import", about: "Is the recording what it should be?", tree: importing },
  { id: "motion", title: "Motion", about: "Estimate the motion; every panel is a tab.", tree: motion, holdsAll: true },
  { id: "joint", title: "Joint optimisation", about: "Watch positions and motion being learned.", tree: joint },
  { id: "inspect", title: "Inspect", about: "Look at single spikes.", tree: inspect },
  { id: "compare", title: "Compare", about: "Hold motions and methods against each other.", tree: compare },
];

export const DEFAULT_PRESET = "motion";

/** The preset of an id; undefined for a layout that a person has saved. */
export function presetOf(id: string): LayoutPreset | undefined {
  return PRESETS.find((preset) => preset.id === id);
}

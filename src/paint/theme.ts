import type { Span } from "./colourMaps.ts";

/** Colours and sizes of a picture. Dark for the workbench, light for print. */
export interface Theme {
  name: "dark" | "light";
  /** around the plot */
  page: string;
  /** behind the data */
  plot: string;
  text: string;
  faintText: string;
  frame: string;
  grid: string;
  cursor: string;
  /** motion curves over a raster, and the halo that keeps them legible over any spike */
  motion: string;
  halo: string;
  /** the selected spike, in every picture */
  selected: string;
  /** below the ring around the selected spike, so that it stands out from bright spikes too */
  selectedOutline: string;
  /** the selected channel's row and the cursor on a diverging map, whose middle is white */
  selectedOnHeat: string;
  /** traces of a recording, hundreds above each other */
  trace: string;
  /** one spike as read, and as its principal components give it */
  rawWave: string;
  denoisedWave: string;
  /** spikes found in a stretch of traces */
  spikes: string;
  bars: string;
  /** what localizers say, each with a shape of its own too (waveformPicture.ts) */
  localizers: Record<"pink" | "cyan" | "green" | "orange" | "yellow" | "plain", string>;
  /** three curves of one plot, told apart in print without colour by their lightness */
  curves: readonly [string, string, string];
  /** part of a sequential map that stands out from `plot`; strong is what stands out most */
  rasterSpan: Span;
  /** part of a sequential map whose lines are legible on `plot` */
  lineSpan: Span;
  textPx: number;
  titlePx: number;
}

const dark: Theme = {
  name: "dark",
  page: "#151a21",
  plot: "#0c0e12",
  text: "#dbe2ea",
  faintText: "#98a4b3",
  frame: "#3a4553",
  grid: "#222831",
  cursor: "#e8ecf2",
  motion: "#5fd8ff",
  halo: "#0c0e12",
  selected: "#00e5ff",
  selectedOutline: "#04151a",
  selectedOnHeat: "#008c9e",
  trace: "#b9c7d8",
  rawWave: "#8db4d8",
  denoisedWave: "#ff6b5e",
  spikes: "#ffd23f",
  bars: "#8fa7c8",
  localizers: {
    pink: "#ff66dd",
    cyan: "#2fd5ff",
    green: "#5fd57b",
    orange: "#ff8c3a",
    yellow: "#ffe14d",
    plain: "#f2f4f8",
  },
  curves: ["#f2f4f8", "#f5a15b", "#61c3f2"],
  rasterSpan: [0.22, 1],
  lineSpan: [0.25, 1],
  textPx: 11,
  titlePx: 12,
};

const light: Theme = {
  name: "light",
  page: "#ffffff",
  plot: "#ffffff",
  text: "#1b1f26",
  faintText: "#545d6b",
  frame: "#8d96a3",
  grid: "#e7eaee",
  cursor: "#1b1f26",
  motion: "#0079d1",
  halo: "#ffffff",
  selected: "#00899c",
  selectedOutline: "#04151a",
  selectedOnHeat: "#00707f",
  trace: "#37475c",
  rawWave: "#3a6ea5",
  denoisedWave: "#c22d1f",
  spikes: "#b36b00",
  bars: "#5b7499",
  localizers: {
    pink: "#c2189b",
    cyan: "#007f9e",
    green: "#1c7d38",
    orange: "#c4560a",
    yellow: "#8a7300",
    plain: "#1b1f26",
  },
  curves: ["#1b1f26", "#c4560a", "#1778b8"],
  // turned round: bright is what stands out on black, dark is what stands out on white
  rasterSpan: [0.84, 0],
  lineSpan: [0.82, 0],
  textPx: 11,
  titlePx: 12,
};

/** The theme of a name. */
export function themeOf(name: "dark" | "light"): Theme {
  return name === "dark" ? dark : light;
}

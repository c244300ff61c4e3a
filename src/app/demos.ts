import { AppError, messageOf } from "../core/errors.ts";
import type { SyntheticOptions } from "../core/syntheticRecording.ts";
import type { DroppedFile } from "../protocol/datasets.ts";
import type { ParamValues } from "../protocol/methods.ts";

interface DemoCard {
  id: string;
  title: string;
  about: string;
}

/** A data set that ships with the page: its files are fetched from the page's own origin, then opened like a drop. */
export interface FileDemo extends DemoCard {
  kind: "files";
  files: readonly string[];
}

/** A raw recording that is made up on this machine, then opened like a drop. */
export interface SimulatedDemo extends DemoCard {
  kind: "recording";
  /** what the recipe is set to when it is opened: parameters that differ from the defaults, by method */
  recipe?: Readonly<Record<string, ParamValues>>;
  /** networks are trained when the whole recipe runs */
  networks?: boolean;
  options: Partial<SyntheticOptions> & Pick<SyntheticOptions, "durationSec">;
}

export type Demo = FileDemo | SimulatedDemo;

const TRIPLE = ["peak_times.npy", "peak_depths.npy", "peak_amplitudes.npy"] as const;

/** The motion that moved the simulated spikes, as a SpikeInterface Motion folder. */
const TRUTH = [
  "truth/spikeinterface_info.json",
  "truth/displacement_seg0.npy",
  "truth/temporal_bins_s_seg0.npy",
  "truth/spatial_bins_um.npy",
] as const;

export const DEMOS: readonly Demo[] = [
  {
    kind: "recording",
    id: "joint",
    title: "Joint optimisation: simulated recording with known truth",
    about:
      "100 channels, 100 s, zigzag drift; made on this machine in about 20 s. “Run all” then detects, trains a network and refines it with the motion, held against the truth while you watch: two to ten minutes, by machine",
    options: {
      probe: "np1",
      nChannels: 100,
      durationSec: 100,
      nUnits: 60,
      motion: "rigid",
      peakToPeakUm: 40,
      periodSec: 50,
      seed: 1,
    },
    networks: true,
    recipe: { "sln-joint": { outer_iterations: 2, epochs: 3 } },
  },
  {
    kind: "files",
    id: "nhp",
    title: "Real recording: NHP, 30 min, 373 k spikes",
    about: "Detected peaks with real drift, shared by the authors of MEDiCINe (MIT licence)",
    files: TRIPLE,
  },
  {
    kind: "files",
    id: "simulated",
    title: "Simulated drift with known truth",
    about: "The true motion is shown first; a run is then held against it",
    files: [...TRIPLE, ...TRUTH],
  },
  {
    kind: "recording",
    id: "recording",
    title: "Simulated raw recording: 96 channels, 30 s",
    about: "Spikes are detected and localized while you watch; the true motion is shown beside them",
    options: { probe: "np1", nChannels: 96, durationSec: 30, nUnits: 60, motion: "nonrigid", seed: 1 },
  },
];

async function fetchFile(url: string): Promise<ArrayBuffer> {
  let found: string;
  try {
    const response = await fetch(url);
    // a development server answers a missing file with the page itself, hence the look at the type
    const isPage = response.headers.get("content-type")?.startsWith("text/html") ?? false;
    if (response.ok && !isPage) return await response.arrayBuffer();
    found = isPage ? "a web page" : `status ${response.status}`;
  } catch (error) {
    found = messageOf(error);
  }
  throw new AppError("bad-file", `The demo file ${url} should come with this page, but the server answered ${found}.`, {
    url,
    found,
  });
}

/** Fetch a demo's files from the page's own origin. A missing or refused file is a bad-file error that names it. */
export async function fetchDemo(demo: FileDemo, baseUrl: string): Promise<DroppedFile[]> {
  return Promise.all(
    demo.files.map(async (path) => {
      const bytes = await fetchFile(`${baseUrl}demo/${demo.id}/${path}`);
      return { path: `${demo.id}/${path}`, file: new File([bytes], path.split("/").at(-1) ?? path) };
    }),
  );
}

import { saveCorrected } from "../../app/correctAction.ts";
import { DEMOS } from "../../app/demos.ts";
import { showDropList, useDropList } from "../../app/dropList.ts";
import { exportPicture, exportSpikeinterface, exportZip } from "../../app/exportActions.ts";
import { exportPanel, type PanelFormat } from "../../app/exportPanel.ts";
import { isActive } from "../../app/jobReducer.ts";
import { useMotions } from "../../app/motions.ts";
import { openDemo } from "../../app/openFiles.ts";
import { exportPage, pageSize, usePageExport } from "../../app/pageExport.ts";
import { getResults } from "../../app/results.ts";
import { useRun } from "../../app/runStore.ts";
import { useSession } from "../../app/sessionStore.ts";
import { useStatus } from "../../app/statusStore.ts";
import { CORRECTIONS, type ExportNeed, hasContacts, PICTURES, SPIKEINTERFACE } from "../ExportMenu.tsx";
import { pickFiles } from "../filePicker.ts";
import { activePanel, useLayout } from "../layout.ts";
import type { PlacedPanel } from "../layoutTree.ts";
import type { Command } from "./command.ts";

const whyNotOpen = () => (useSession.getState().opening === null ? null : "Something is being read.");

export const openCommands: readonly Command[] = [
  {
    id: "open-files",
    group: "Open",
    title: "Open files…",
    words: "choose drop",
    whyNot: whyNotOpen,
    run: () => void pickFiles("files"),
  },
  {
    id: "open-folder",
    group: "Open",
    title: "Open a folder…",
    words: "choose drop",
    whyNot: whyNotOpen,
    run: () => void pickFiles("folder"),
  },
  {
    id: "found-in-drop",
    group: "Open",
    title: "What was found in the last drop",
    words: "list data sets probes streams",
    whyNot: () => (useDropList.getState().sets.length > 0 ? null : "No drop held more than could be opened at once."),
    run: () => showDropList(!useDropList.getState().isShown),
  },
  ...DEMOS.map(
    (demo): Command => ({
      id: `demo-${demo.id}`,
      group: "Open",
      title: `Demo: ${demo.title}`,
      words: "example",
      whyNot: whyNotOpen,
      run: () => void openDemo(demo),
    }),
  ),
];

const MISSING: Record<ExportNeed, string> = {
  recording: "No recording is open.",
  spikes: "There are no spikes yet.",
  motion: "There is no motion yet.",
  run: "Nothing has been run yet.",
};

function whyNotExport(need: ExportNeed): string | null {
  const { recording, spikes } = useSession.getState();
  const has = {
    recording: recording !== null,
    spikes: spikes !== null,
    motion: useMotions.getState().entries.length > 0,
    run: getResults().run !== null,
  };
  return has[need] ? null : MISSING[need];
}

function whyNoProbe(): string | null {
  const { recording, spikes } = useSession.getState();
  const isKnown = hasContacts(recording?.recording.probe ?? spikes?.probe);
  return isKnown ? null : "Nothing that is open says where its contacts lie.";
}

const FORMATS = [
  { format: "png", says: "as PNG" },
  { format: "svg", says: "as SVG" },
  { format: "data", says: "as data: the numbers in view" },
] as const satisfies readonly { format: PanelFormat; says: string }[];

function panelInFront(): PlacedPanel | null {
  const id = activePanel();
  return useLayout.getState().panels.find((panel) => panel.id === id) ?? null;
}

const panelExports = FORMATS.map(
  ({ format, says }): Command => ({
    id: `export-panel-${format}`,
    group: "Export",
    title: `Save the panel in front ${says}`,
    words: "export",
    now: () => panelInFront()?.title ?? null,
    whyNot: () => (panelInFront() ? null : "No panel is on screen."),
    run: () => {
      const panel = panelInFront();
      if (panel) void exportPanel(panel.id, panel.title, format);
    },
  }),
);

export const exportCommands: readonly Command[] = [
  ...panelExports,
  {
    id: "export-page",
    group: "Export",
    title: "Export an interactive page (.html)",
    words: "save offline",
    whyNot: () => {
      const { nChosen, nOthers, progress } = usePageExport.getState();
      if (whyNotExport("spikes") !== null) return whyNotExport("spikes");
      if (progress !== null || isActive(useRun.getState().job)) return "Something is under way.";
      return pageSize({ nChosen, nOthers })?.isTooLarge ? "With so many spikes it is too large: take fewer." : null;
    },
    run: () => void exportPage(),
  },
  {
    id: "export-zip",
    group: "Export",
    title: "Export the run directory (.zip)",
    words: "save",
    whyNot: () => (whyNotExport("run") && whyNotExport("motion") ? "Run the recipe or open a motion first." : null),
    run: () => void exportZip(),
  },
  ...SPIKEINTERFACE.map(
    ({ as, title, needs }): Command => ({
      id: `export-${as}`,
      group: "Export",
      title: `Export for SpikeInterface: ${title}`,
      words: "save probe peaks motion_info",
      whyNot: () => (needs === "probe" ? whyNoProbe() : whyNotExport(needs)),
      run: () => void exportSpikeinterface(as),
    }),
  ),
  ...CORRECTIONS.map(
    ({ preprocess, title }): Command => ({
      id: `export-corrected-${preprocess}`,
      group: "Export",
      title: `Export the corrected recording: ${title.toLowerCase()}…`,
      words: "save spikeglx",
      whyNot: () =>
        whyNotExport("recording") ??
        whyNotExport("motion") ??
        (useStatus.getState().correction ? "A corrected recording is being written." : null),
      run: () => void saveCorrected({ preprocess }),
    }),
  ),
  ...PICTURES.flatMap(({ kind, title, needs }) =>
    (["svg", "png"] as const).map(
      (format): Command => ({
        id: `export-${kind}-${format}`,
        group: "Export",
        title: `Export the picture ${title} as ${format.toUpperCase()}`,
        words: "save figure image",
        whyNot: () => whyNotExport(needs),
        run: () => void exportPicture(kind, title, format),
      }),
    ),
  ),
];

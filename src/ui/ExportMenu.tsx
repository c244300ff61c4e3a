import { saveBrushed, useBrush } from "../app/brush.ts";
import { pictureOfView, useCompareView } from "../app/compareView.ts";
import { saveCorrected } from "../app/correctAction.ts";
import { exportPicture, exportSpikeinterface, exportZip } from "../app/exportActions.ts";
import { useMotions } from "../app/motions.ts";
import { getResults, useResultVersion } from "../app/results.ts";
import { useSession } from "../app/sessionStore.ts";
import { useStatus } from "../app/statusStore.ts";
import type { ProbeSites } from "../core/types.ts";
import type { PictureKind } from "../protocol/pictures.ts";
import { Menu } from "./Menu.tsx";
import { PageExport } from "./PageExport.tsx";

export type ExportNeed = "recording" | "spikes" | "motion" | "run";

interface Choice {
  kind: PictureKind;
  title: string;
  needs: ExportNeed;
}

export const PICTURES: readonly Choice[] = [
  { kind: "raster-raw", title: "Raster (raw)", needs: "spikes" },
  { kind: "raster-corrected", title: "Raster (corrected)", needs: "motion" },
  { kind: "projections", title: "Projections", needs: "spikes" },
  { kind: "local-pairs", title: "Local pairs", needs: "spikes" },
  { kind: "alpha-axes", title: "α along the axes", needs: "spikes" },
  { kind: "alpha-local", title: "α around the anchor", needs: "spikes" },
  { kind: "alpha-variability", title: "α over time", needs: "spikes" },
  { kind: "displacement", title: "Displacement", needs: "spikes" },
  { kind: "displacement-lengths", title: "Displacement, lengths", needs: "spikes" },
  { kind: "agreement", title: "Agreement", needs: "spikes" },
  { kind: "film-frame", title: "Film, this frame", needs: "spikes" },
  { kind: "motion", title: "Motion", needs: "motion" },
  { kind: "correlation", title: "Correlation", needs: "spikes" },
  { kind: "grid-correlation", title: "Correlation grid", needs: "spikes" },
  { kind: "grid-raster", title: "Raster grid", needs: "spikes" },
  { kind: "projections-stack", title: "Stack of methods", needs: "spikes" },
  { kind: "training", title: "Training", needs: "run" },
  { kind: "activity", title: "Activity distribution", needs: "run" },
  { kind: "amplitudes", title: "Amplitudes", needs: "spikes" },
  { kind: "probe", title: "Probe", needs: "recording" },
  { kind: "traces", title: "Traces", needs: "recording" },
  { kind: "waveform", title: "Waveform", needs: "spikes" },
  { kind: "spike-3d", title: "Local frame, 3-D", needs: "spikes" },
  { kind: "amplitude-fit", title: "Amplitude fit", needs: "spikes" },
];

export const CORRECTIONS = [
  { preprocess: "none", title: "Samples as recorded" },
  { preprocess: "highpass", title: "High-pass and common median" },
] as const;

export function hasContacts(probe: ProbeSites | undefined): boolean {
  return probe !== undefined && probe.positionsUm.length > 0;
}

export const SPIKEINTERFACE = [
  { as: "probeinterface", title: "Probe (probeinterface .json)", needs: "probe" },
  { as: "peaks", title: "Peaks and locations (.zip)", needs: "spikes" },
  { as: "motion-info", title: "motion_info folder (.zip)", needs: "motion" },
] as const;

/** What can be taken along: the run directory, the recording without its motion, and each picture. */
export function ExportMenu() {
  useResultVersion("run");
  const hasSpikes = useSession((state) => state.spikes !== null);
  const hasMotion = useMotions(({ entries }) => entries.length > 0);
  const { run } = getResults();
  const hasRecording = useSession((state) => state.recording !== null);
  const hasProbe = useSession(({ recording, spikes }) => hasContacts(recording?.recording.probe ?? spikes?.probe));
  const isCorrecting = useStatus((state) => state.correction !== null);
  const has = { recording: hasRecording, spikes: hasSpikes, motion: hasMotion, run: run !== null };
  const brushed = useBrush((state) => state.brushed !== null);
  const compared = pictureOfView(useCompareView((state) => state.view));
  const comparison: readonly Choice[] = compared ? [{ kind: compared, title: "Comparison", needs: "motion" }] : [];
  const canExport = run !== null || hasMotion;
  return (
    <Menu label="Export" testId="export-menu">
      <div className="menu-column">
        <button
          type="button"
          className="button"
          disabled={!canExport}
          onClick={() => void exportZip()}
          data-testid="export-zip"
        >
          Run directory (.zip)
        </button>
        {!canExport && (
          <p className="muted">Run the recipe or open a motion first: the directory holds what came of it.</p>
        )}
        <h2>For SpikeInterface</h2>
        {SPIKEINTERFACE.map(({ as, title, needs }) => (
          <button
            key={as}
            type="button"
            className="button"
            disabled={needs === "probe" ? !hasProbe : !has[needs]}
            onClick={() => void exportSpikeinterface(as)}
            data-testid={`export-${as}`}
          >
            {title}
          </button>
        ))}
        {!hasProbe && <p className="muted">Nothing that is open says where the contacts of its probe lie.</p>}
        <h2>Corrected recording (SpikeGLX)</h2>
        {CORRECTIONS.map(({ preprocess, title }) => (
          <button
            key={preprocess}
            type="button"
            className="button"
            disabled={!hasRecording || !hasMotion || isCorrecting}
            onClick={() => void saveCorrected({ preprocess })}
            data-testid={`export-corrected-${preprocess}`}
          >
            {title}…
          </button>
        ))}
        <p className="muted">
          {hasRecording && hasMotion
            ? "The samples as they would be had the tissue not moved. Sort them with the sorter's own correction off (Kilosort4: nblocks=0)."
            : "Needs a raw recording and a motion."}
        </p>
        <PageExport />
        <h2>Brushed spikes</h2>
        {(["csv", "npy"] as const).map((format) => (
          <button
            key={format}
            type="button"
            className="button"
            disabled={!brushed}
            onClick={() => void saveBrushed(format)}
            data-testid={`export-brushed-${format}`}
          >
            {format === "csv" ? "Table with positions (.csv)" : "Rows, from 0 in order of time (.npy)"}
          </button>
        ))}
        {!brushed && <p className="muted">Brush spikes by lasso (l) or box (b) in a raster or a scatter plot.</p>}
        <h2>Pictures as seen now</h2>
        {[...PICTURES, ...comparison].map(({ kind, title, needs }) => (
          <div key={kind} className="row spread">
            <span>{title}</span>
            <span>
              {(["svg", "png"] as const).map((format) => (
                <button
                  key={format}
                  type="button"
                  className="quiet"
                  disabled={!has[needs]}
                  onClick={() => void exportPicture(kind, title, format)}
                  data-testid={`export-${kind}-${format}`}
                  aria-label={`${title} as ${format.toUpperCase()}`}
                >
                  {format.toUpperCase()}
                </button>
              ))}
            </span>
          </div>
        ))}
      </div>
    </Menu>
  );
}

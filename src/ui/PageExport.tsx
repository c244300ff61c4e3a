import { useMemo } from "react";
import { formatBytes, formatCount } from "../app/format.ts";
import { isActive } from "../app/jobReducer.ts";
import { useMotions } from "../app/motions.ts";
import { cancelPageExport, exportPage, type PageExportState, pageSize, usePageExport } from "../app/pageExport.ts";
import { useResultVersion } from "../app/results.ts";
import { useRun } from "../app/runStore.ts";
import { useSession } from "../app/sessionStore.ts";

const FIELDS = [
  {
    name: "nChosen",
    label: "Spikes to click",
    help: "These can be selected on the page, and come with their waveforms",
  },
  { name: "nOthers", label: "Spikes beside them", help: "These are drawn in the same way, and cannot be selected" },
  { name: "seed", label: "Seed", help: "The same seed chooses the same spikes again" },
] as const satisfies readonly { name: keyof PageExportState; label: string; help: string }[];

/** A page with data and pictures in one file: how many spikes, how large that gets, and its writing. */
export function PageExport() {
  const run = useResultVersion("run");
  const nSpikes = useSession((state) => state.spikes?.nSpikes ?? 0);
  const hasRecording = useSession((state) => state.recording !== null);
  const motions = useMotions((state) => state.entries);
  const isRunning = useRun((state) => isActive(state.job));
  const { nChosen, nOthers, seed, progress } = usePageExport();
  const values = { nChosen, nOthers, seed };
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them changes what the page would hold
  const size = useMemo(() => pageSize({ nChosen, nOthers }), [nChosen, nOthers, nSpikes, hasRecording, motions, run]);
  const canExport = size !== null && !size.isTooLarge && nSpikes > 0 && !isRunning && progress === null;
  return (
    <>
      <h2>Interactive page (.html)</h2>
      {FIELDS.map(({ name, label, help }) => (
        <label key={name} className="row spread" title={help}>
          {label}
          <input
            type="number"
            min={0}
            max={name === "seed" ? 999_999 : Math.max(1, nSpikes)}
            step={1}
            value={values[name]}
            onChange={({ target }) => {
              // a field that was emptied reads as NaN
              usePageExport.setState({ [name]: Math.max(0, Math.round(target.valueAsNumber || 0)) });
            }}
            data-testid={`page-${name}`}
          />
        </label>
      ))}
      <div className="row">
        <button
          type="button"
          className="button"
          disabled={!canExport}
          onClick={() => void exportPage()}
          data-testid="export-page"
        >
          {size ? `Save, about ${formatBytes(size.bytes)}` : "Save"}
        </button>
        {size && nSpikes > 0 && (
          <button
            type="button"
            className="quiet"
            onClick={() => usePageExport.setState({ nOthers: nSpikes })}
            data-testid="page-all"
          >
            all {formatCount(nSpikes)} spikes
          </button>
        )}
      </div>
      <p className="muted" data-testid="page-progress" role="status">
        {progress ? (
          <>
            {progress.text} <progress value={progress.fraction} aria-label="Writing the page" />{" "}
            <button type="button" className="quiet" onClick={() => void cancelPageExport()}>
              Cancel
            </button>
          </>
        ) : (
          summary(size, nSpikes)
        )}
      </p>
    </>
  );
}

function summary(size: ReturnType<typeof pageSize>, nSpikes: number): string {
  if (!size || nSpikes === 0) return "Needs spikes: one file to send on, with pictures to zoom and spikes to click.";
  const { nChosen, nOthers, isTooLarge } = size;
  if (isTooLarge) return "No browser opens a file as large as this: choose fewer spikes.";
  return `One file that opens by double click, without a network: ${formatCount(nChosen)} spikes to click among ${formatCount(nOthers)} others, of ${formatCount(nSpikes)}.`;
}

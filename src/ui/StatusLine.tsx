import { useEffect } from "react";
import { useBrush } from "../app/brush.ts";
import { cancelCorrection } from "../app/correctAction.ts";
import { describeSpike, formatBytes, formatCount, formatNumber } from "../app/format.ts";
import { dismiss, useSession } from "../app/sessionStore.ts";
import { useStatus, watchMemory } from "../app/statusStore.ts";
import { unitInWords, useAmplitudeUnit } from "../app/units.ts";
import { useView } from "../app/viewStore.ts";
import { Menu } from "./Menu.tsx";

const MEMORY_EVERY_MS = 30_000;

function Warnings() {
  const notices = useSession((state) => state.notices);
  const warnings = notices.filter((notice) => notice.level === "warning");
  if (warnings.length === 0) return <span>no warnings</span>;
  const label = warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`;
  return (
    <Menu label={label} testId="warnings" className="quiet warn">
      <ul className="warning-list">
        {warnings.map((warning) => (
          <li key={warning.id}>
            <span>{warning.text}</span>
            <button
              type="button"
              className="quiet"
              onClick={() => dismiss(warning.id)}
              aria-label="Dismiss this warning"
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
    </Menu>
  );
}

function Cursor() {
  const timeSec = useView((state) => state.cursorTimeSec);
  const depthUm = useView((state) => state.cursorDepthUm);
  const parts = [
    timeSec === null ? [] : `${timeSec.toFixed(2)} s`,
    depthUm === null ? [] : `${depthUm.toFixed(1)} µm`,
  ].flat();
  if (parts.length === 0)
    return <span className="muted">point at a picture to read it; ctrl + k finds commands, ? lists the keys</span>;
  return <span data-testid="cursor">{parts.join(", ")}</span>;
}

/** The selected spike in words. Always there, so that a screen reader hears it fill. */
function SelectedSpike() {
  const ampUnit = useAmplitudeUnit();
  const selected = useView((state) => state.selected);
  return (
    <span
      role="status"
      className="selected-spike"
      data-testid="selected-spike"
      title={selected ? "Spikes are counted from 0 in order of time; Esc selects none, [ and ] step" : undefined}
    >
      {selected ? describeSpike(selected, ampUnit, unitInWords(selected.index)) : ""}
    </span>
  );
}

/** The selected channel and where its contact is. */
function SelectedChannel() {
  const channel = useView((state) => state.selectedChannel);
  const positions = useSession((state) => state.recording?.recording.probe.positionsUm);
  const at = channel === null ? undefined : positions?.[channel];
  const where = at ? `, x ${formatNumber(at[0])} µm, depth ${formatNumber(at[1])} µm` : "";
  return (
    <span role="status" className="selected-spike" data-testid="selected-channel">
      {channel === null ? "" : `channel ${channel}${where}`}
    </span>
  );
}

/** How many spikes are brushed. Always there, so that a screen reader hears it fill. */
function Brushed() {
  const brushed = useBrush((state) => state.brushed);
  return (
    <span role="status" data-testid="brushed">
      {brushed ? `${formatCount(brushed.rows.length)} of ${formatCount(brushed.nSpikes)} spikes brushed` : ""}
    </span>
  );
}

/** A corrected recording on its way to the disk. */
function Correction() {
  const correction = useStatus((state) => state.correction);
  return (
    <span role="status" data-testid="correction">
      {correction && (
        <>
          {correction.text}{" "}
          <button type="button" className="quiet" onClick={() => void cancelCorrection()}>
            Cancel
          </button>
        </>
      )}
    </span>
  );
}

/** Warnings, the selected spike and channel, what the pointer is at, spikes, speed of drawing, memory. */
export function StatusLine() {
  const nSpikes = useSession((state) => state.spikes?.nSpikes);
  const { redrawMs, memoryBytes } = useStatus();
  useEffect(() => watchMemory(MEMORY_EVERY_MS), []);
  return (
    <footer className="status">
      <Warnings />
      <Correction />
      <SelectedSpike />
      <SelectedChannel />
      <Brushed />
      <span className="grow" />
      <Cursor />
      {nSpikes !== undefined && <span>{formatCount(nSpikes)} spikes</span>}
      {redrawMs !== null && <span data-testid="redraw-ms">redraw {formatNumber(redrawMs, 2)} ms</span>}
      {memoryBytes !== null && <span>memory {formatBytes(memoryBytes)}</span>}
    </footer>
  );
}

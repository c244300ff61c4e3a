import { create } from "zustand";
import { exportPanel, type PanelFormat } from "../app/exportPanel.ts";
import { usePictures } from "../app/pictures.ts";

/** Panel whose row of formats is open; one at a time. */
const useSaving = create<{ panelId: string | null }>(() => ({ panelId: null }));

const FORMATS: readonly { format: PanelFormat; label: string; says: string }[] = [
  { format: "png", label: "PNG", says: "PNG, twice the size on screen" },
  { format: "svg", label: "SVG", says: "SVG, for print and editing" },
  { format: "data", label: "Data", says: "Data: the numbers in view, as CSV or .npy" },
];

/** Opens and closes the formats that a panel can be saved in. One narrow button: tabs need the room. */
export function PanelExport({ panelId, title }: { panelId: string; title: string }) {
  const isOpen = useSaving((state) => state.panelId === panelId);
  return (
    <button
      type="button"
      className="quiet panel-help-button"
      aria-expanded={isOpen}
      aria-label={`Save ${title}`}
      title="Save this picture, or the numbers behind it"
      onClick={() => useSaving.setState({ panelId: isOpen ? null : panelId })}
      data-testid={`save-${panelId}`}
    >
      ⤓
    </button>
  );
}

/** The formats, in a row above what the panel shows: its pictures, light, as they are seen, and the numbers behind them. */
export function PanelExportRow({ panelId, title }: { panelId: string; title: string }) {
  const isOpen = useSaving((state) => state.panelId === panelId);
  const hasPicture = usePictures(({ attached }) => attached.some((one) => one.panelId === panelId));
  if (!isOpen) return null;
  return (
    <fieldset className="panel-export" aria-label={`Save ${title}`}>
      {FORMATS.map(({ format, label, says }) => (
        <button
          key={format}
          type="button"
          className="quiet outlined"
          disabled={format !== "data" && !hasPicture}
          aria-label={`Save ${title} as ${says}`}
          title={`Save as ${says}`}
          onClick={() => void exportPanel(panelId, title, format)}
          data-testid={`save-${panelId}-${format}`}
        >
          {label}
        </button>
      ))}
      <span className="muted">{hasPicture ? "of what is in view" : "tables only: this panel shows no picture"}</span>
    </fieldset>
  );
}

import { exportPanel, type PanelFormat } from "../app/exportPanel.ts";
import { usePictures } from "../app/pictures.ts";

const FORMATS: readonly { format: PanelFormat; label: string; says: string }[] = [
  { format: "png", label: "PNG", says: "as PNG, twice the size on screen" },
  { format: "svg", label: "SVG", says: "as SVG, for print and editing" },
  { format: "data", label: "Data", says: "as data: the numbers in view, as CSV or .npy" },
];

/** Saves what a panel shows: its pictures as PNG and SVG, and the numbers behind them. */
export function PanelExport({ panelId, title }: { panelId: string; title: string }) {
  const hasPicture = usePictures(({ attached }) => attached.some((one) => one.panelId === panelId));
  return (
    <fieldset className="panel-export" aria-label={`Save ${title}`}>
      {FORMATS.map(({ format, label, says }) => (
        <button
          key={format}
          type="button"
          className="quiet panel-help-button"
          disabled={format !== "data" && !hasPicture}
          aria-label={`Save ${title} ${says}`}
          title={`Save ${says}`}
          onClick={() => void exportPanel(panelId, title, format)}
          data-testid={`save-${panelId}-${format}`}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

import { ErrorBoundary, type FallbackProps } from "react-error-boundary";
import { messageOf } from "../core/errors.ts";
import { useLayout } from "./layout.ts";
import { PanelExportRow } from "./PanelExport.tsx";
import type { PanelDef } from "./panel.ts";
import { PanelContext } from "./panelContext.ts";

function Failed({ error, resetErrorBoundary }: FallbackProps) {
  return (
    <div className="panel-failed" role="alert">
      <p>This panel failed: {messageOf(error)}. The rest of the page goes on.</p>
      <button type="button" className="button" onClick={resetErrorBoundary}>
        Try again
      </button>
    </div>
  );
}

/** What every panel has: its help, opened by the `?` of its group, and a boundary of its own, so that it fails alone. */
export function PanelFrame({ panel }: { panel: PanelDef }) {
  const help = useLayout((state) => state.helpFor === panel.id);
  const Content = panel.component;
  return (
    <div className="panel" data-testid={`panel-${panel.id}`} data-panel={panel.id} tabIndex={-1}>
      {help && <p className="panel-help">{panel.help}</p>}
      <PanelExportRow panelId={panel.id} title={panel.title} />
      <ErrorBoundary FallbackComponent={Failed}>
        <PanelContext value={panel.id}>
          <Content />
        </PanelContext>
      </ErrorBoundary>
    </div>
  );
}

/** The sentence in an empty panel: what would fill it. */
export function Empty({ children }: { children: string }) {
  return <p className="empty">{children}</p>;
}

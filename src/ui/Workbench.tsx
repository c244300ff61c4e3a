import "./workbench.css";
import { Dock } from "./Dock.tsx";
import type { PanelDef } from "./panel.ts";
import { RecipePane } from "./RecipePane.tsx";
import { ViewBar } from "./ViewBar.tsx";

/** The recipe on the left, the docked panels with their shared view on the right. */
export function Workbench({ panels }: { panels: readonly PanelDef[] }) {
  return (
    <main className="workbench">
      <RecipePane />
      <div className="stage">
        <ViewBar />
        <Dock panels={panels} />
      </div>
    </main>
  );
}

import type { ComponentType } from "react";

/** A panel as the workbench docks it. A new panel is one folder and one line in panels/registry.ts. */
export interface PanelDef {
  id: string;
  title: string;
  /** how to read it, shown by the panel's `?` */
  help: string;
  /** where it starts: beside or below another panel, or as a tab behind it; the first panel has none */
  place?: { beside: string; where: "right" | "below" | "within" };
  /** share of the width at the start, for panels placed to the right */
  initialWidth?: number;
  component: ComponentType;
}

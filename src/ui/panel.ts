import type { ComponentType } from "react";

/** A panel as the workbench docks it. A new panel is one folder and one line in panels/registry.ts. */
export interface PanelDef {
  id: string;
  title: string;
  /** how to read it, shown by the panel's `?` */
  help: string;
  /**
   * where it starts: at a side of another panel or, without `beside`, of the whole dock, or as a tab behind a panel;
   * the first panel has none
   */
  place?: { beside?: string; where: "left" | "right" | "below" | "within" };
  /** share of the width at the start, for panels placed to the left or right */
  initialWidth?: number;
  /** it shows a raw recording: docked while one is open, and a tab starts in front */
  ofRecording?: boolean;
  /** the same for spikes that came with their waveforms */
  ofWaveforms?: boolean;
  /** it shows units: docked while sorted spikes are open, and a tab starts in front */
  ofUnits?: boolean;
  /** it comes to the front of its group when the first motion of a run is there: of any method, or of this one */
  frontOnMotion?: "any" | "medicine";
  /** it comes to the front of its group when a network begins to be trained, or to be trained together with the motion */
  frontOnTraining?: "any" | "joint";
  /** it comes to the front of its group when a unit is chosen of spikes without waveforms, for a spike shows nothing then */
  frontOnUnit?: boolean;
  component: ComponentType;
}

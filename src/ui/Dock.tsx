import {
  type AddPanelOptions,
  type DockviewApi,
  DockviewDefaultTab,
  DockviewReact,
  type DockviewReadyEvent,
  type DockviewTheme,
  type IDockviewHeaderActionsProps,
  type IDockviewPanelHeaderProps,
  type IDockviewPanelProps,
} from "dockview-react";
import { type FunctionComponent, useEffect, useMemo, useRef } from "react";
import { notify } from "../app/sessionStore.ts";
import "dockview-react/dist/styles/dockview.css";
import "./dock.css";
import { toggleHelp, useLayout } from "./layout.ts";
import { PanelFrame } from "./PanelFrame.tsx";
import type { PanelDef } from "./panel.ts";

const LAYOUT_KEY = "driftscope-layout-1";

const THEME: DockviewTheme = { name: "driftscope", className: "dock-theme", gap: 6, dndOverlayMounting: "relative" };

function placement(panel: PanelDef): Pick<AddPanelOptions, "position"> {
  if (!panel.place) return {};
  return { position: { referencePanel: panel.place.beside, direction: panel.place.where } };
}

function addAll(api: DockviewApi, panels: readonly PanelDef[]): void {
  for (const panel of panels) {
    api.addPanel({
      id: panel.id,
      component: panel.id,
      title: panel.title,
      ...placement(panel),
      ...(panel.initialWidth ? { initialWidth: Math.round(panel.initialWidth * api.width) } : {}),
      // a tab behind another starts behind it
      inactive: panel.place?.where === "within",
    });
  }
}

/** A layout saved by another version may name panels that are gone or lack new ones; such a layout is not used. */
function restore(api: DockviewApi, panels: readonly PanelDef[]): boolean {
  const saved = localStorage.getItem(LAYOUT_KEY);
  if (!saved) return false;
  try {
    api.fromJSON(JSON.parse(saved));
  } catch {
    notify("warning", "The saved panel layout could not be read, so the panels stand where they start.");
    api.clear();
    return false;
  }
  if (api.panels.length > 0 && api.panels.every((open) => panels.some((panel) => panel.id === open.id))) return true;
  api.clear();
  return false;
}

/** A tab without a button inside it: panels are moved and hidden behind each other, never closed. */
function Tab(props: IDockviewPanelHeaderProps) {
  return <DockviewDefaultTab {...props} hideClose />;
}

/** At the right of a group's tabs: the help of the panel in front. */
function GroupActions({ activePanel }: IDockviewHeaderActionsProps) {
  const helpFor = useLayout((state) => state.helpFor);
  if (!activePanel) return null;
  const { id, title } = activePanel;
  return (
    <button
      type="button"
      className="quiet panel-help-button"
      aria-expanded={helpFor === id}
      aria-label={`How to read ${title}`}
      title="How to read this"
      onClick={() => toggleHelp(id)}
    >
      ?
    </button>
  );
}

/** The docked panels. Tabs can be dragged and split; the layout is kept in this browser. */
export function Dock({ panels }: { panels: readonly PanelDef[] }) {
  const api = useRef<DockviewApi | null>(null);
  const components = useMemo(() => {
    const byId: Record<string, FunctionComponent<IDockviewPanelProps>> = {};
    for (const panel of panels) byId[panel.id] = () => <PanelFrame panel={panel} />;
    return byId;
  }, [panels]);
  const ready = (event: DockviewReadyEvent) => {
    api.current = event.api;
    if (!restore(event.api, panels)) addAll(event.api, panels);
    event.api.onDidLayoutChange(() => localStorage.setItem(LAYOUT_KEY, JSON.stringify(event.api.toJSON())));
  };
  useEffect(
    () =>
      useLayout.subscribe((now, before) => {
        if (now.resets === before.resets || !api.current) return;
        api.current.clear();
        addAll(api.current, panels);
      }),
    [panels],
  );
  return (
    <div className="dock">
      <DockviewReact
        components={components}
        onReady={ready}
        theme={THEME}
        disableFloatingGroups
        defaultTabComponent={Tab}
        rightHeaderActionsComponent={GroupActions}
      />
    </div>
  );
}

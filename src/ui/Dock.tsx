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
import { type FunctionComponent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { currentMethod, isActive } from "../app/jobReducer.ts";
import { activeOf, useMotions } from "../app/motions.ts";
import { trainsNetwork } from "../app/recipeSteps.ts";
import { useRun } from "../app/runStore.ts";
import { hasWaveforms, notify, useSession } from "../app/sessionStore.ts";
import "dockview-react/dist/styles/dockview.css";
import "./dock.css";
import { toggleHelp, useLayout } from "./layout.ts";
import { PanelExport } from "./PanelExport.tsx";
import { PanelFrame } from "./PanelFrame.tsx";
import type { PanelDef } from "./panel.ts";

const LAYOUT_KEY = "driftscope-layout-1";

const THEME: DockviewTheme = { name: "driftscope", className: "dock-theme", gap: 6, dndOverlayMounting: "relative" };

function placement({ place }: PanelDef): Pick<AddPanelOptions, "position"> {
  if (!place) return {};
  const { beside, where } = place;
  if (beside) return { position: { referencePanel: beside, direction: where } };
  return { position: { direction: where } };
}

function add(api: DockviewApi, panel: PanelDef): void {
  api.addPanel({
    id: panel.id,
    component: panel.id,
    title: panel.title,
    ...placement(panel),
    ...(panel.initialWidth ? { initialWidth: Math.round(panel.initialWidth * api.width) } : {}),
    // a tab behind another starts behind it, but what shows a recording that was just opened is to be seen
    inactive: panel.place?.where === "within" && !panel.ofRecording,
  });
}

function addAll(api: DockviewApi, panels: readonly PanelDef[]): void {
  for (const panel of panels) if (!panel.ofRecording) add(api, panel);
}

/** Panels that show a recording are there while one is open, or waveforms that they can show as well. */
function followRecording(api: DockviewApi, panels: readonly PanelDef[]): void {
  const session = useSession.getState();
  const nBefore = api.panels.length;
  for (const panel of panels.filter((one) => one.ofRecording)) {
    const docked = api.getPanel(panel.id);
    const isOpen = session.recording !== null || (panel.ofWaveforms === true && hasWaveforms(session));
    if (isOpen && !docked) add(api, panel);
    else if (!isOpen && docked) api.removePanel(docked);
  }
  if (api.panels.length !== nBefore) shareWidth(api, panels);
}

/** A column that was added took its width from its neighbour alone: give every column its share again. */
function shareWidth(api: DockviewApi, panels: readonly PanelDef[]): void {
  for (const { id, initialWidth } of panels) {
    if (initialWidth) api.getPanel(id)?.api.setSize({ width: Math.round(initialWidth * api.width) });
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

/** At the right of a group's tabs: the whole dock for this group and back, and the help of the panel in front. */
function GroupActions({ activePanel, api, containerApi }: IDockviewHeaderActionsProps) {
  const helpFor = useLayout((state) => state.helpFor);
  const [isLarge, setIsLarge] = useState(api.isMaximized());
  useEffect(() => {
    const following = containerApi.onDidMaximizedGroupChange(() => setIsLarge(api.isMaximized()));
    return () => following.dispose();
  }, [api, containerApi]);
  if (!activePanel) return null;
  const { id, title } = activePanel;
  const size = isLarge ? "Put the panels beside each other again" : `Show ${title} alone`;
  return (
    <>
      <PanelExport panelId={id} title={title ?? id} />
      <button
        type="button"
        className="quiet panel-help-button"
        aria-pressed={isLarge}
        aria-label={size}
        title={size}
        onClick={() => (isLarge ? api.exitMaximized() : api.maximize())}
      >
        {isLarge ? "⤡" : "⤢"}
      </button>
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
    </>
  );
}

/** Panels come to the front of their groups when what they show begins: the first motion of a run, a training. */
function useFronts(api: RefObject<DockviewApi | null>, panels: readonly PanelDef[]): void {
  const toFront = useCallback((id: string) => api.current?.getPanel(id)?.api.setActive(), [api]);
  useEffect(
    () =>
      useMotions.subscribe((now, before) => {
        const isFirst = activeOf(now)?.from.kind === "run" && activeOf(before)?.from.kind !== "run";
        if (!isFirst) return;
        const method = currentMethod(useRun.getState().job);
        for (const { id, frontOnMotion } of panels) {
          if (frontOnMotion === "any" || (frontOnMotion && frontOnMotion === method)) toFront(id);
        }
      }),
    [panels, toFront],
  );
  useEffect(
    () =>
      useRun.subscribe((now, before) => {
        const id = isActive(now.job) ? currentMethod(now.job) : null;
        if (id === null || (id === currentMethod(before.job) && isActive(before.job))) return;
        const method = now.methods?.find((one) => one.id === id);
        if (!method || !trainsNetwork(method)) return;
        const isJoint = method.gives.includes("motion");
        for (const panel of panels) {
          if (panel.frontOnTraining === "any" || (panel.frontOnTraining && isJoint)) toFront(panel.id);
        }
      }),
    [panels, toFront],
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
    followRecording(event.api, panels);
    event.api.onDidLayoutChange(() => localStorage.setItem(LAYOUT_KEY, JSON.stringify(event.api.toJSON())));
  };
  useEffect(
    () =>
      useLayout.subscribe((now, before) => {
        if (now.resets === before.resets || !api.current) return;
        api.current.clear();
        addAll(api.current, panels);
        followRecording(api.current, panels);
      }),
    [panels],
  );
  useEffect(
    () =>
      useSession.subscribe((now, before) => {
        if (!api.current) return;
        const isOther = (now.recording === null) !== (before.recording === null);
        if (isOther || hasWaveforms(now) !== hasWaveforms(before)) followRecording(api.current, panels);
      }),
    [panels],
  );
  useFronts(api, panels);
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

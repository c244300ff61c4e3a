import {
  DockviewDefaultTab,
  DockviewReact,
  type DockviewReadyEvent,
  type DockviewTheme,
  type IDockviewHeaderActionsProps,
  type IDockviewPanelHeaderProps,
  type IDockviewPanelProps,
} from "dockview-react";
import { type FunctionComponent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { currentMethod, isActive } from "../app/jobReducer.ts";
import { activeOf, useMotions } from "../app/motions.ts";
import { trainsNetwork } from "../app/recipeSteps.ts";
import { useRun } from "../app/runStore.ts";
import { hasWaveforms, isSorted, useSession } from "../app/sessionStore.ts";
import { useView } from "../app/viewStore.ts";
import "dockview-react/dist/styles/dockview.css";
import "./dock.css";
import { type OwnedDock, ownDock } from "./dockHandle.ts";
import { attachDock, closePanel, resetLayout, takeKept, toggleHelp, useLayout } from "./layout.ts";
import { PanelExport } from "./PanelExport.tsx";
import { PanelFrame } from "./PanelFrame.tsx";
import type { PanelDef } from "./panel.ts";

const THEME: DockviewTheme = { name: "driftscope", className: "dock-theme", gap: 6, dndOverlayMounting: "relative" };

/** A tab without a button inside it, which keys could not reach: the panel in front is closed by its group's button. */
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
      <button
        type="button"
        className="quiet panel-help-button"
        aria-label={`Close ${title}`}
        title="Close this panel; the Panels menu opens it again"
        onClick={() => closePanel(id)}
      >
        ✕
      </button>
    </>
  );
}

/** Panels come to the front of their groups when what they show begins: the first motion of a run, a training. */
function useFronts(dock: RefObject<OwnedDock | null>, panels: readonly PanelDef[]): void {
  useEffect(
    () =>
      useMotions.subscribe((now, before) => {
        const isFirst = activeOf(now)?.from.kind === "run" && activeOf(before)?.from.kind !== "run";
        if (!isFirst) return;
        const method = currentMethod(useRun.getState().job);
        for (const { id, frontOnMotion } of panels) {
          if (frontOnMotion === "any" || (frontOnMotion && frontOnMotion === method)) dock.current?.toFront(id);
        }
      }),
    [panels, dock],
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
          if (panel.frontOnTraining === "any" || (panel.frontOnTraining && isJoint)) dock.current?.toFront(panel.id);
        }
      }),
    [panels, dock],
  );
}

/** The same while a unit is chosen and there is no more to see of its spikes, in whatever layout. */
function useFrontOnUnit(dock: RefObject<OwnedDock | null>, panels: readonly PanelDef[]): void {
  const unit = useView((view) => view.unit);
  const layout = useLayout((state) => state.layout);
  const hasMore = useSession((session) => session.recording !== null || hasWaveforms(session));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another layout has its own tabs in front
  useEffect(() => {
    if (unit === null || hasMore) return;
    for (const { id, frontOnUnit } of panels) if (frontOnUnit) dock.current?.toFront(id);
  }, [unit, layout, hasMore, panels, dock]);
}

/** What stands where the last panel was closed. */
function NoPanels() {
  return (
    <div className="no-panels">
      <p>Every panel is closed. The Panels menu above opens them one by one.</p>
      <button type="button" className="button" onClick={resetLayout}>
        Put them back
      </button>
    </div>
  );
}

/** The docked panels. Tabs can be dragged, split and closed; the arrangement is kept in this browser. */
export function Dock({ panels }: { panels: readonly PanelDef[] }) {
  const dock = useRef<OwnedDock | null>(null);
  const components = useMemo(() => {
    const byId: Record<string, FunctionComponent<IDockviewPanelProps>> = {};
    for (const panel of panels) byId[panel.id] = () => <PanelFrame panel={panel} />;
    return byId;
  }, [panels]);
  const ready = ({ api }: DockviewReadyEvent) => {
    useLayout.setState({ panels: panels.map(({ id, title }) => ({ id, title })) });
    dock.current = ownDock(api, panels);
    dock.current.start(takeKept());
    attachDock(dock.current);
  };
  useEffect(() => {
    attachDock(dock.current);
    return () => attachDock(null);
  }, []);
  useEffect(
    () =>
      useSession.subscribe((now, before) => {
        const isOther = (now.recording === null) !== (before.recording === null);
        const isOtherSpikes = hasWaveforms(now) !== hasWaveforms(before) || isSorted(now) !== isSorted(before);
        if (isOther || isOtherSpikes) dock.current?.followData();
      }),
    [],
  );
  useFronts(dock, panels);
  useFrontOnUnit(dock, panels);
  return (
    <div className="dock">
      <DockviewReact
        components={components}
        onReady={ready}
        theme={THEME}
        disableFloatingGroups
        defaultTabComponent={Tab}
        rightHeaderActionsComponent={GroupActions}
        watermarkComponent={NoPanels}
      />
    </div>
  );
}

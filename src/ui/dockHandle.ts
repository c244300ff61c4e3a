import type { AddPanelOptions, DockviewApi, DockviewGroupPanel, SerializedDockview } from "dockview-react";
import { hasWaveforms, isSorted, notify, useSession } from "../app/sessionStore.ts";
import { type DockHandle, type KeptLayout, keepLayout, layoutTitle, type MoveDirection, useLayout } from "./layout.ts";
import { type Beside, dockOf, type LayoutNode, panelsOf, placeIn, withOthers } from "./layoutTree.ts";
import type { PanelDef } from "./panel.ts";
import { DEFAULT_PRESET, presetOf } from "./presets.ts";

/** What the rest of the page asks of the docked panels, done with dockview. */
export interface OwnedDock extends DockHandle {
  /** start with the arrangement of the last visit, or with the layout as it is */
  start(kept: KeptLayout | null): void;
  /** panels that show a recording, or units, come with them and go with them, in a preset */
  followData(): void;
  /** bring a docked panel to the front of its group */
  toFront(panelId: string): void;
}

/** What the panel is about is open: a recording, or waveforms that it can show as well; units. */
function hasToShow({ ofRecording, ofWaveforms, ofUnits }: PanelDef): boolean {
  const session = useSession.getState();
  if (ofUnits) return isSorted(session);
  if (!ofRecording) return true;
  return session.recording !== null || (ofWaveforms === true && hasWaveforms(session));
}

/** The layout's tree with all that it holds; null for a layout that a person has saved. */
function treeOf(layout: string, panels: readonly PanelDef[]): LayoutNode | null {
  const preset = presetOf(layout);
  if (!preset) return null;
  return preset.holdsAll ? withOthers(preset.tree, panels) : preset.tree;
}

const SIDES = { left: "left", right: "right", up: "top", down: "bottom" } as const;

/** Groups as they are read: from left to right, and from top to bottom. */
function inReadingOrder(groups: readonly DockviewGroupPanel[]): DockviewGroupPanel[] {
  const at = new Map(groups.map((group) => [group, group.element.getBoundingClientRect()]));
  const rect = (group: DockviewGroupPanel) => at.get(group) ?? group.element.getBoundingClientRect();
  return [...groups].sort((a, b) => rect(a).left - rect(b).left || rect(a).top - rect(b).top);
}

/** The focus goes to the panel's picture, which the keys then move; where there is none, to the panel. */
function focusInto(group: DockviewGroupPanel): void {
  group.activePanel?.api.setActive();
  const find = (selector: string) => group.element.querySelector<HTMLElement>(selector);
  (find(".picture") ?? find(".panel"))?.focus();
}

/** Only what `panels` has can be shown: a layout of another version may name others. */
function unknownIn(dock: SerializedDockview, panels: readonly PanelDef[]): string | undefined {
  return Object.keys(dock.panels).find((id) => !panels.some((panel) => panel.id === id));
}

export function ownDock(api: DockviewApi, panels: readonly PanelDef[]): OwnedDock {
  let isShowing = false;
  const followed = panels.filter((panel) => panel.ofRecording || panel.ofUnits);
  const size = () => ({ width: api.width || 1200, height: api.height || 800 });

  const showTree = (layout: string, fronts: ReadonlySet<string>): void => {
    const tree = treeOf(layout, panels);
    if (tree) api.fromJSON(dockOf(tree, panels.filter(hasToShow), size(), fronts));
  };
  const showSaved = (dock: SerializedDockview | undefined, what: string): boolean => {
    const unknown = dock ? unknownIn(dock, panels) : undefined;
    if (!dock || unknown !== undefined || Object.keys(dock.panels).length === 0) {
      const why = unknown === undefined ? "is empty" : `has a panel “${unknown}”, which this version does not know`;
      notify("warning", `${what} ${why}, so the panels stand where they start.`);
      return false;
    }
    try {
      api.fromJSON(dock);
      return true;
    } catch {
      notify("warning", `${what} could not be read, so the panels stand where they start.`);
      return false;
    }
  };
  const arrange = (work: () => void): void => {
    isShowing = true;
    if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
    work();
    isShowing = false;
    remember();
  };
  const remember = (): void => {
    if (isShowing) return;
    const docked = api.panels.map(({ id }) => id);
    if (docked.join() !== useLayout.getState().docked.join()) useLayout.setState({ docked });
    if (docked.length > 0) keepLayout(api.toJSON());
  };
  const fallBack = (): void => {
    useLayout.setState({ layout: DEFAULT_PRESET, isChanged: false });
    showTree(DEFAULT_PRESET, new Set(followed.map(({ id }) => id)));
  };
  const changed = (): void => useLayout.setState({ isChanged: true });

  const place = (panel: PanelDef): Pick<AddPanelOptions, "position"> => {
    const isDocked = (id: string) => api.getPanel(id) !== undefined;
    const tree = treeOf(useLayout.getState().layout, panels);
    const beside = tree ? placeIn(tree, panel.id, isDocked) : null;
    const own: Beside | null =
      panel.place?.beside !== undefined && isDocked(panel.place.beside)
        ? { referencePanel: panel.place.beside, direction: panel.place.where }
        : null;
    const position = beside ?? own;
    if (position) return { position };
    return api.activePanel ? { position: { referencePanel: api.activePanel.id, direction: "within" } } : {};
  };
  const add = (panel: PanelDef): void => {
    api.addPanel({ id: panel.id, component: panel.id, title: panel.title, ...place(panel) });
  };
  const neighbour = (direction: MoveDirection) =>
    api.activeGroup ? (api.adjacentGroupInDirection(api.activeGroup, direction) as DockviewGroupPanel) : undefined;

  api.onDidLayoutChange(remember);
  api.onDidMovePanel(() => {
    if (!isShowing) changed();
  });

  return {
    start(kept) {
      arrange(() => {
        const isFit = kept !== null && (presetOf(kept.layout) !== undefined || kept.isChanged || isSaved(kept.layout));
        if (kept && isFit && showSaved(kept.dock, "The panel layout of your last visit")) {
          useLayout.setState({ layout: kept.layout, isChanged: kept.isChanged });
          return;
        }
        const { layout, saved } = useLayout.getState();
        const own = saved.find(({ name }) => name === layout);
        if (own ? showSaved(own.dock, `The layout “${layout}”`) : false) return;
        if (!presetOf(layout)) fallBack();
        else showTree(layout, new Set(followed.map(({ id }) => id)));
      });
    },
    show(layout) {
      arrange(() => {
        const own = useLayout.getState().saved.find(({ name }) => name === layout);
        if (presetOf(layout)) showTree(layout, new Set());
        else if (!showSaved(own?.dock, `The layout “${layoutTitle(layout)}”`)) fallBack();
      });
    },
    followData() {
      const { layout, isChanged } = useLayout.getState();
      const tree = treeOf(layout, panels);
      if (!tree) return; // a saved layout says itself what is there
      const named = panelsOf(tree);
      arrange(() => {
        if (!isChanged) {
          const inFront = api.groups.flatMap(({ activePanel }) => activePanel?.id ?? []);
          const fresh = followed.filter(({ id }) => !api.getPanel(id)).map(({ id }) => id);
          showTree(layout, new Set([...inFront, ...fresh]));
          return;
        }
        for (const panel of followed) {
          const docked = api.getPanel(panel.id);
          if (hasToShow(panel) && !docked && named.includes(panel.id)) add(panel);
          else if (!hasToShow(panel) && docked) api.removePanel(docked);
        }
      });
    },
    toFront: (id) => api.getPanel(id)?.api.setActive(),
    open(id) {
      const panel = panels.find((one) => one.id === id);
      if (!panel) return;
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
      if (!api.getPanel(id)) {
        changed();
        add(panel);
      }
      api.getPanel(id)?.api.setActive();
    },
    close(id) {
      const docked = api.getPanel(id);
      if (!docked) return;
      changed();
      api.removePanel(docked);
    },
    move(direction) {
      const panel = api.activePanel;
      if (!panel) return;
      const group = neighbour(direction);
      if (group) panel.api.moveTo({ group, position: "center" });
      else if (panel.group.panels.length > 1) panel.api.moveTo({ group: panel.group, position: SIDES[direction] });
    },
    focus(where) {
      if (typeof where === "string") {
        const group = neighbour(where);
        if (group) focusInto(group);
        return;
      }
      const groups = inReadingOrder(api.groups);
      const at = api.activeGroup ? groups.indexOf(api.activeGroup) : -1;
      const next = groups[(at + where + groups.length) % groups.length];
      if (next) focusInto(next);
    },
    turn(by) {
      const group = api.activeGroup;
      const at = group?.panels.findIndex((panel) => panel.id === group.activePanel?.id) ?? -1;
      if (group && at >= 0) group.panels[(at + by + group.panels.length) % group.panels.length].api.setActive();
    },
    toggleAlone() {
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
      else if (api.activePanel) api.maximizeGroup(api.activePanel);
    },
    activePanel: () => api.activePanel?.id ?? null,
    toJSON: () => api.toJSON(),
  };
}

function isSaved(layout: string): boolean {
  return useLayout.getState().saved.some(({ name }) => name === layout);
}

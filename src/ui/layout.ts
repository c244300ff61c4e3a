import type { SerializedDockview } from "dockview-react";
import { create } from "zustand";
import type { LayoutPort } from "../app/linkSync.ts";
import { notify } from "../app/sessionStore.ts";
import type { PlacedPanel } from "./layoutTree.ts";
import { DEFAULT_PRESET, PRESETS, presetOf } from "./presets.ts";

/** Where the panels stand: one of the presets or a layout that a person has saved, and what was changed in it since. */

/** An arrangement that was given a name, kept in this browser. */
export interface SavedLayout {
  name: string;
  dock: SerializedDockview;
}

export interface LayoutState {
  /** id of a preset or name of a saved layout; no name is an id */
  layout: string;
  /** panels were moved, opened or closed by hand since it was chosen */
  isChanged: boolean;
  saved: readonly SavedLayout[];
  /** every panel there is; empty until the workbench is loaded */
  panels: readonly PlacedPanel[];
  /** ids of those that are docked */
  docked: readonly string[];
  /** the panel whose help is open */
  helpFor: string | null;
}

export type MoveDirection = "left" | "right" | "up" | "down";

/** What the dock does for this module; it is there while the workbench is. */
export interface DockHandle {
  /** arrange the panels so; whatever was arranged before goes */
  show(layout: string): void;
  /** dock a panel where it belongs, unless it is docked, and bring it to the front */
  open(panelId: string): void;
  close(panelId: string): void;
  /** move the panel in front of the active group to the group in that direction, or split its group there */
  move(direction: MoveDirection): void;
  /** put the focus into another group: the next one, the one before, or the one in a direction */
  focus(where: 1 | -1 | MoveDirection): void;
  /** bring the next (+1) or previous tab of the active group to the front */
  turn(by: 1 | -1): void;
  /** show the active group alone, or all again */
  toggleAlone(): void;
  /** panel in front of the active group */
  activePanel(): string | null;
  toJSON(): SerializedDockview;
}

const VERSION = 2;
const NOW_KEY = "driftscope-layout";
const SAVED_KEY = "driftscope-layouts";

/** The arrangement on screen, as this browser keeps it. */
export interface KeptLayout {
  layout: string;
  isChanged: boolean;
  dock: SerializedDockview;
}

function read<T>(key: string, what: string): T | null {
  const text = localStorage.getItem(key);
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as { version: number; value: T };
    if (kept.version === VERSION) return kept.value;
    notify("warning", `${what} kept in this browser came from another version of Driftscope and could not be used.`);
  } catch {
    notify("warning", `${what} kept in this browser could not be read.`);
  }
  localStorage.removeItem(key);
  return null;
}

function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify({ version: VERSION, value }));
  } catch {
    // a browser that is full or forbids it: the arrangement lasts as long as the page
    notify(
      "warning",
      "This browser keeps nothing for this page, so the panels start where they did at the next visit.",
    );
  }
}

export const useLayout = create<LayoutState>(() => ({
  layout: DEFAULT_PRESET,
  isChanged: false,
  saved: [],
  panels: [],
  docked: [],
  helpFor: null,
}));

let dock: DockHandle | null = null;
/** what was asked for while there was no dock */
let askedLayout: string | null = null;
let askedPanels: string[] = [];

/** The workbench is there, or goes. Layouts and panels that were asked for before it came are shown now. */
export function attachDock(handle: DockHandle | null): void {
  dock = handle;
  for (const id of dock ? askedPanels.splice(0) : []) dock?.open(id);
}

/** The arrangement of the last visit, unless another layout was asked for since; null to start with a layout as it is. */
export function takeKept(): KeptLayout | null {
  const kept = read<KeptLayout>(NOW_KEY, "The panel layout");
  const asked = askedLayout;
  askedLayout = null;
  if (asked !== null && asked !== kept?.layout) return null;
  return kept;
}

export function keepLayout(dockNow: SerializedDockview): void {
  const { layout, isChanged } = useLayout.getState();
  keep(NOW_KEY, { layout, isChanged, dock: dockNow } satisfies KeptLayout);
}

/** Read the saved layouts; called once, when the page starts. */
export function readSavedLayouts(): void {
  useLayout.setState({ saved: read<SavedLayout[]>(SAVED_KEY, "Saved layouts") ?? [] });
}

function setSaved(saved: readonly SavedLayout[]): void {
  useLayout.setState({ saved });
  keep(SAVED_KEY, saved);
}

/** The preset or saved layout of this id, title or name, in any case; null when there is none. */
export function layoutNamed(name: string): string | null {
  const isIt = (one: string) => one.toLowerCase() === name.trim().toLowerCase();
  const preset = PRESETS.find(({ id, title }) => isIt(id) || isIt(title));
  return preset?.id ?? useLayout.getState().saved.find((one) => isIt(one.name))?.name ?? null;
}

/** Arrange the panels as a preset or a saved layout has them, by id, title or name. One that is not there changes nothing. */
export function setLayout(name: string): void {
  const layout = layoutNamed(name);
  if (layout === null) {
    notify("warning", `There is no layout called “${name}” in this browser; the Layout menu lists those there are.`);
    return;
  }
  useLayout.setState({ layout, isChanged: false });
  if (dock) dock.show(layout);
  else askedLayout = layout;
}

/** Put every panel back where the layout has it. */
export function resetLayout(): void {
  setLayout(useLayout.getState().layout);
}

/** How a person calls the layout. */
export function layoutTitle(layout: string): string {
  return presetOf(layout)?.title ?? layout;
}

function freeName(wanted: string, except: string | null): string {
  const base = wanted.trim() || "My layout";
  const isTaken = (name: string) => name !== except && layoutNamed(name) !== null;
  let name = base;
  for (let n = 2; isTaken(name); n++) name = `${base} ${n}`;
  return name;
}

/** Keep the arrangement on screen under a name; the saved layout that has it already is replaced. Returns the name. */
export function saveLayout(wanted: string): string | null {
  if (!dock) return null;
  const { saved } = useLayout.getState();
  const existing = saved.find(({ name }) => name === wanted.trim());
  const name = existing?.name ?? freeName(wanted, null);
  const entry: SavedLayout = { name, dock: dock.toJSON() };
  setSaved(existing ? saved.map((one) => (one === existing ? entry : one)) : [...saved, entry]);
  useLayout.setState({ layout: name, isChanged: false });
  keepLayout(entry.dock);
  return name;
}

/** Give a saved layout another name; a number is added to one that is taken. */
export function renameLayout(name: string, wanted: string): void {
  const next = freeName(wanted, name);
  const { layout, saved } = useLayout.getState();
  setSaved(saved.map((one) => (one.name === name ? { ...one, name: next } : one)));
  if (layout === name) useLayout.setState({ layout: next });
  if (dock) keepLayout(dock.toJSON());
}

/** Forget a saved layout; what is on screen stays as it is, as a changed one of the layout a visit starts with. */
export function deleteLayout(name: string): void {
  const { layout, saved } = useLayout.getState();
  setSaved(saved.filter((one) => one.name !== name));
  if (layout === name) useLayout.setState({ layout: DEFAULT_PRESET, isChanged: true });
  if (dock) keepLayout(dock.toJSON());
}

/** The layout for links: one that a person has saved is in this browser alone and goes into none. */
export const layoutPort: LayoutPort = {
  now() {
    const { layout } = useLayout.getState();
    return presetOf(layout) ? layout : null;
  },
  set(name) {
    const layout = layoutNamed(name);
    // a link from another version may name one that this version does not have
    if (layout !== null && layout !== useLayout.getState().layout) setLayout(layout);
    else if (layout !== null && !dock) askedLayout = layout;
  },
  subscribe: (listener) => useLayout.subscribe((now, before) => now.layout !== before.layout && listener()),
};

/** Dock a panel, if it is not, and bring it to the front; before the workbench is there, as soon as it is. */
export function openPanel(panelId: string): void {
  if (dock) dock.open(panelId);
  else askedPanels = [...askedPanels, panelId];
}

export function closePanel(panelId: string): void {
  dock?.close(panelId);
}

/** Panel in front of the group that was used last; null while there is none. */
export function activePanel(): string | null {
  return dock?.activePanel() ?? null;
}

export function movePanel(direction: MoveDirection): void {
  dock?.move(direction);
}

export function focusPanel(where: 1 | -1 | MoveDirection): void {
  dock?.focus(where);
}

export function turnTab(by: 1 | -1): void {
  dock?.turn(by);
}

export function togglePanelAlone(): void {
  dock?.toggleAlone();
}

/** Show or hide the help of a panel; one at a time. */
export function toggleHelp(panelId: string): void {
  useLayout.setState((state) => ({ helpFor: state.helpFor === panelId ? null : panelId }));
}

import {
  activePanel,
  closePanel,
  focusPanel,
  layoutTitle,
  movePanel,
  openPanel,
  resetLayout,
  saveLayout,
  setLayout,
  toggleHelp,
  togglePanelAlone,
  turnTab,
  useLayout,
} from "../layout.ts";
import { PRESETS } from "../presets.ts";
import { type Command, key, keyAnywhere, keyFirst } from "./command.ts";

const needsPanels = () => (useLayout.getState().docked.length > 0 ? null : "No panel is on screen.");
const activeTitle = () => {
  const id = activePanel();
  return useLayout.getState().panels.find((panel) => panel.id === id)?.title ?? null;
};

const LAYOUTS = "layout, in the order of the Layout menu";
const FOCUS = "the focus into the next and the previous group of panels";
const FOCUS_SIDE = "the focus into the group of panels on that side";
const MOVE_SIDE = "the panel in front to the group on that side, or to that side of its own";
const TABS = "next and previous panel of the group";

export const layoutCommands: readonly Command[] = [
  ...PRESETS.map(
    ({ id, title, about }, index): Command => ({
      id: `layout-${id}`,
      group: "Layout",
      title: `Layout: ${title}`,
      words: about,
      keys: [key(`Shift+Digit${index + 1}`, `shift + ${index + 1}`)],
      row: LAYOUTS,
      run: () => setLayout(id),
    }),
  ),
  {
    id: "layout-reset",
    group: "Layout",
    title: "Put the panels back where the layout has them",
    words: "reset",
    now: () => layoutTitle(useLayout.getState().layout),
    run: resetLayout,
  },
  {
    id: "layout-save",
    group: "Layout",
    title: "Save this layout in this browser",
    words: "keep as name",
    whyNot: needsPanels,
    run: () => void saveLayout(`${layoutTitle(useLayout.getState().layout)} of mine`),
  },
];

const SIDES = [
  { direction: "left", arrow: "ArrowLeft", shown: "←", words: "to the left" },
  { direction: "right", arrow: "ArrowRight", shown: "→", words: "to the right" },
  { direction: "up", arrow: "ArrowUp", shown: "↑", words: "up" },
  { direction: "down", arrow: "ArrowDown", shown: "↓", words: "down" },
] as const;

export const panelCommands: readonly Command[] = [
  { id: "focus-next", title: "Next group of panels", keys: [keyAnywhere("F6")], row: FOCUS, run: () => focusPanel(1) },
  {
    id: "focus-previous",
    title: "Previous group of panels",
    keys: [keyAnywhere("Shift+F6", "shift + F6")],
    row: FOCUS,
    run: () => focusPanel(-1),
  },
  ...SIDES.map(({ direction, arrow, shown, words }) => ({
    id: `focus-${direction}`,
    title: `Group of panels ${words}`,
    keys: [keyFirst(`Control+${arrow}`, `ctrl + ${shown}`)],
    row: FOCUS_SIDE,
    run: () => focusPanel(direction),
  })),
  ...SIDES.map(({ direction, arrow, shown, words }) => ({
    id: `move-${direction}`,
    title: `Move the panel in front ${words}`,
    keys: [keyFirst(`Control+Shift+${arrow}`, `ctrl + shift + ${shown}`)],
    row: MOVE_SIDE,
    now: activeTitle,
    run: () => movePanel(direction),
  })),
  {
    id: "tab-next",
    title: "Next panel of the group",
    keys: [key("PageDown", "page down")],
    row: TABS,
    run: () => turnTab(1),
  },
  {
    id: "tab-previous",
    title: "Previous panel of the group",
    keys: [key("PageUp", "page up")],
    row: TABS,
    run: () => turnTab(-1),
  },
  {
    id: "panel-alone",
    title: "Show the panel in front alone, or all",
    keys: [key("m")],
    words: "maximise full",
    now: activeTitle,
    run: togglePanelAlone,
  },
  {
    id: "panel-help",
    title: "How to read the panel in front",
    keys: [key("i")],
    words: "help explain",
    now: activeTitle,
    run: () => {
      const id = activePanel();
      if (id !== null) toggleHelp(id);
    },
  },
  {
    id: "panel-close",
    title: "Close the panel in front",
    now: activeTitle,
    run: () => {
      const id = activePanel();
      if (id !== null) closePanel(id);
    },
  },
].map((command) => ({ group: "Panel" as const, whyNot: needsPanels, ...command }));

/** Every panel and every saved layout that there is. */
export function panelChoices(): Command[] {
  const { panels, saved } = useLayout.getState();
  const opened = panels.map(
    ({ id, title }): Command => ({
      id: `open-${id}`,
      group: "Panel",
      title: `Panel: ${title}`,
      words: "open show",
      run: () => openPanel(id),
    }),
  );
  const layouts = saved.map(
    ({ name }): Command => ({
      id: `layout-saved-${name}`,
      group: "Layout",
      title: `Layout: ${name}`,
      run: () => setLayout(name),
    }),
  );
  return [...layouts, ...opened];
}

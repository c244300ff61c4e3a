import type { Orientation, SerializedDockview } from "dockview-react";

/** Where panels stand: groups of tabs, side by side (`row`) or one above the other (`column`); `share` is of the parent. */
export type LayoutNode =
  | { tabs: readonly string[]; share?: number }
  | { row: readonly LayoutNode[]; share?: number }
  | { column: readonly LayoutNode[]; share?: number };

export interface Size {
  width: number;
  height: number;
}

/** What of a panel a layout needs. */
export interface PlacedPanel {
  id: string;
  title: string;
}

type Axis = "row" | "column";

interface Leaf {
  kind: "leaf";
  ids: string[];
  share: number;
}

interface Branch {
  kind: Axis;
  children: (Leaf | Branch)[];
  share: number;
}

function childrenOf(node: LayoutNode): readonly LayoutNode[] {
  if ("tabs" in node) return [];
  return "row" in node ? node.row : node.column;
}

/** Every panel that a layout names, in its order. */
export function panelsOf(node: LayoutNode): string[] {
  return "tabs" in node ? [...node.tabs] : childrenOf(node).flatMap(panelsOf);
}

/** The layout without the panels that are not there, and without groups that are empty then. */
function pruned(node: LayoutNode, isThere: (id: string) => boolean): Leaf | Branch | null {
  const share = node.share ?? 1;
  if ("tabs" in node) {
    const ids = node.tabs.filter(isThere);
    return ids.length > 0 ? { kind: "leaf", ids, share } : null;
  }
  const kind: Axis = "row" in node ? "row" : "column";
  const kept = childrenOf(node).flatMap((child) => pruned(child, isThere) ?? []);
  if (kept.length < 2) return kept.length === 1 ? { ...kept[0], share } : null;
  const total = kept.reduce((sum, child) => sum + child.share, 0);
  // a branch along the same axis, left over where its parent lost all but it, is no level of its own
  const children = kept.flatMap((child) => {
    if (child.kind !== kind) return [{ ...child, share: child.share / total }];
    return child.children.map((one) => ({ ...one, share: (one.share * child.share) / total }));
  });
  return { kind, children, share };
}

type SerializedNode = SerializedDockview["grid"]["root"];

/**
 * The layout as dockview reads it. Panels that are not in `panels` are left out. In front of each group is the last of its
 * tabs that is in `fronts`, else the first.
 */
export function dockOf(
  layout: LayoutNode,
  panels: readonly PlacedPanel[],
  size: Size,
  fronts: ReadonlySet<string> = new Set(),
): SerializedDockview {
  const titles = new Map(panels.map(({ id, title }) => [id, title]));
  const found = pruned(layout, (id) => titles.has(id));
  const root: Branch =
    found?.kind === "row" || found?.kind === "column"
      ? found
      : { kind: "row", children: found ? [{ ...found, share: 1 }] : [], share: 1 };
  let nGroups = 0;
  // a leaf's size runs along its parent, a branch's as well
  const write = (node: Leaf | Branch, parent: Axis, width: number, height: number): SerializedNode => {
    const along = Math.round(parent === "row" ? width : height);
    if (node.kind === "leaf") {
      const activeView = node.ids.findLast((id) => fronts.has(id)) ?? node.ids[0];
      return { type: "leaf", data: { views: node.ids, activeView, id: String(++nGroups) }, size: along };
    }
    const isRow = node.kind === "row";
    const data = node.children.map((child) =>
      write(child, node.kind, isRow ? width * child.share : width, isRow ? height : height * child.share),
    );
    return { type: "branch", data, size: along };
  };
  const { width, height } = size;
  const grid = {
    root: write(root, root.kind === "row" ? "column" : "row", width, height),
    width,
    height,
    orientation: (root.kind === "row" ? "HORIZONTAL" : "VERTICAL") as Orientation,
  };
  const ids = panelsOf(layout).filter((id) => titles.has(id));
  return {
    grid,
    panels: Object.fromEntries(ids.map((id) => [id, { id, contentComponent: id, title: titles.get(id) }])),
    ...(nGroups > 0 ? { activeGroup: "1" } : {}),
  };
}

export interface Beside {
  referencePanel: string;
  direction: "left" | "right" | "above" | "below" | "within";
}

/** Where a layout has a panel, said by one that is docked: behind it as a tab, or at its side; null when it does not tell. */
export function placeIn(node: LayoutNode, id: string, isDocked: (id: string) => boolean): Beside | null {
  if ("tabs" in node) {
    const reference = node.tabs.includes(id) ? node.tabs.find((one) => one !== id && isDocked(one)) : undefined;
    return reference === undefined ? null : { referencePanel: reference, direction: "within" };
  }
  const children = childrenOf(node);
  const at = children.findIndex((child) => panelsOf(child).includes(id));
  if (at < 0) return null;
  const inside = placeIn(children[at], id, isDocked);
  if (inside) return inside;
  const nearest = children
    .map((child, index) => ({ index, referencePanel: panelsOf(child).find(isDocked) }))
    .filter(({ index, referencePanel }) => index !== at && referencePanel !== undefined)
    .sort((a, b) => Math.abs(a.index - at) - Math.abs(b.index - at))[0];
  if (!nearest?.referencePanel) return null;
  const isAfter = nearest.index < at;
  const direction = "row" in node ? (isAfter ? "right" : "left") : isAfter ? "below" : "above";
  return { referencePanel: nearest.referencePanel, direction };
}

/** The layout with panels that it does not name put behind those that they are placed beside; without such a one, into the first group. */
export function withOthers(
  layout: LayoutNode,
  others: readonly { id: string; place?: { beside?: string } }[],
): LayoutNode {
  let whole = layout;
  for (const { id, place } of others) {
    const known = panelsOf(whole);
    if (known.includes(id)) continue;
    const beside = place?.beside !== undefined && known.includes(place.beside) ? place.beside : known[0];
    whole = withTab(whole, id, beside);
  }
  return whole;
}

function withTab(node: LayoutNode, id: string, beside: string): LayoutNode {
  if ("tabs" in node) return node.tabs.includes(beside) ? { ...node, tabs: [...node.tabs, id] } : node;
  const children = childrenOf(node).map((child) => withTab(child, id, beside));
  return "row" in node ? { ...node, row: children } : { ...node, column: children };
}

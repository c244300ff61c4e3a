import { describe, expect, it } from "vitest";
import { dockOf, type LayoutNode, panelsOf, placeIn, withOthers } from "../../src/ui/layoutTree.ts";
import { PRESETS } from "../../src/ui/presets.ts";

const tree: LayoutNode = {
  row: [
    { tabs: ["probe"], share: 0.2 },
    { column: [{ tabs: ["raw", "pairs"] }, { tabs: ["corrected", "traces"], share: 3 }], share: 0.5 },
    { column: [{ tabs: ["motion"] }, { tabs: ["loss"] }], share: 0.3 },
  ],
};
const some = (...ids: string[]) => ids.map((id) => ({ id, title: id.toUpperCase() }));
const size = { width: 1000, height: 800 };

interface Node {
  type: string;
  size: number;
  data: Node[] | { views: string[]; activeView: string };
}

/** "1000(a b*|c)": size, groups with the panel in front marked. */
function words({ type, size: px, data }: Node): string {
  if (type === "branch") return `${px}(${(data as Node[]).map(words).join(" | ")})`;
  const { views, activeView } = data as { views: string[]; activeView: string };
  return `${px} ${views.map((id) => (id === activeView ? `${id}*` : id)).join(" ")}`;
}
const rootOf = (...args: Parameters<typeof dockOf>) => words(dockOf(...args).grid.root as Node);

describe("a layout as the dock reads it", () => {
  it("shares out width and height", () => {
    const all = some("probe", "raw", "pairs", "corrected", "traces", "motion", "loss");
    expect(rootOf(tree, all, size)).toBe(
      "800(200 probe* | 500(200 raw* pairs | 600 corrected* traces) | 300(400 motion* | 400 loss*))",
    );
  });

  it("leaves out panels that are not there and gives their room to the others", () => {
    expect(rootOf(tree, some("raw", "corrected", "motion"), size)).toBe(
      "800(625(200 raw* | 600 corrected*) | 375 motion*)",
    );
    expect(rootOf(tree, some("raw", "traces"), size)).toBe("1000(200 raw* | 600 traces*)");
    expect(rootOf(tree, some("loss"), size)).toBe("800(1000 loss*)");
    expect(dockOf(tree, [], size)).toMatchObject({ panels: {}, grid: { root: { data: [] } } });
  });

  it("flattens a branch that lost its level", () => {
    const nested: LayoutNode = {
      row: [{ tabs: ["a"] }, { column: [{ row: [{ tabs: ["b"] }, { tabs: ["c"], share: 3 }] }, { tabs: ["d"] }] }],
    };
    expect(rootOf(nested, some("a", "b", "c"), size)).toBe("800(500 a* | 125 b* | 375 c*)");
  });

  it("puts asked panels in front", () => {
    expect(rootOf(tree, some("raw", "pairs"), size, new Set(["pairs"]))).toBe("800(1000 raw pairs*)");
  });

  it("names every panel once, with its title", () => {
    expect(dockOf(tree, some("raw", "motion", "other"), size).panels).toEqual({
      raw: { id: "raw", contentComponent: "raw", title: "RAW" },
      motion: { id: "motion", contentComponent: "motion", title: "MOTION" },
    });
  });
});

describe("a panel that is opened later", () => {
  const among =
    (...docked: string[]) =>
    (id: string) =>
      docked.includes(id);
  it("goes behind a tab of its group, else to the side where the layout has it", () => {
    expect(placeIn(tree, "pairs", among("raw", "motion"))).toEqual({ referencePanel: "raw", direction: "within" });
    expect(placeIn(tree, "loss", among("raw", "motion"))).toEqual({ referencePanel: "motion", direction: "below" });
    expect(placeIn(tree, "loss", among("raw"))).toEqual({ referencePanel: "raw", direction: "right" });
    expect(placeIn(tree, "probe", among("motion"))).toEqual({ referencePanel: "motion", direction: "left" });
    expect(placeIn(tree, "raw", among("traces"))).toEqual({ referencePanel: "traces", direction: "above" });
  });
  it("has no place where the layout does not name it, or nothing is docked", () => {
    expect(placeIn(tree, "film", among("raw"))).toBeNull();
    expect(placeIn(tree, "raw", among())).toBeNull();
  });
});

describe("panels that a layout does not name", () => {
  it("stand behind those they are placed beside, also one after the other", () => {
    const whole = withOthers(tree, [
      { id: "film", place: { beside: "raw" } },
      { id: "more", place: { beside: "film" } },
    ]);
    expect(panelsOf(whole)).toEqual(["probe", "raw", "pairs", "film", "more", "corrected", "traces", "motion", "loss"]);
    expect(panelsOf(withOthers(tree, [{ id: "alone" }]))[1]).toBe("alone");
  });
});

it("presets name no panel twice, and the one that holds all is the only one", () => {
  for (const { tree: preset } of PRESETS) expect(new Set(panelsOf(preset)).size).toBe(panelsOf(preset).length);
  expect(PRESETS.filter(({ holdsAll }) => holdsAll).map(({ id }) => id)).toEqual(["motion"]);
});

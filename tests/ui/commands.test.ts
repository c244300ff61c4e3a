import { parseKeybinding } from "tinykeys";
import { beforeAll, describe, expect, it } from "vitest";
import { useLayout } from "../../src/ui/layout.ts";

let all: typeof import("../../src/ui/commands/index.ts")["COMMANDS"];
let now: typeof import("../../src/ui/commands/index.ts")["commandsNow"];
beforeAll(async () => {
  const loaded = await import("../../src/ui/commands/index.ts");
  [all, now] = [loaded.COMMANDS, loaded.commandsNow];
});

describe("the commands", () => {
  it("have ids and titles of their own", () => {
    useLayout.setState({ panels: [{ id: "film", title: "Film" }] });
    const commands = now();
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
    expect(new Set(commands.map(({ title }) => title)).size).toBe(commands.length);
    expect(commands.map(({ title }) => title)).toContain("Panel: Film");
  });

  it("share no key", () => {
    const bindings = all.flatMap(({ keys }) =>
      (keys ?? []).map(({ binding }) => JSON.stringify(parseKeybinding(binding))),
    );
    const taken = bindings.filter((binding, i) => bindings.indexOf(binding) !== i);
    expect(taken).toEqual([]);
  });

  it("say why they can do nothing while nothing is open", () => {
    const why = (id: string) => all.find((command) => command.id === id)?.whyNot?.();
    expect(why("next-spike")).toBe("There are no spikes yet.");
    expect(why("pause")).toBe("No run is under way.");
    expect(why("undo")).toBe("Nothing has been changed yet.");
    expect(why("export-zip")).toBe("Run the recipe or open a motion first.");
  });
});

import { useEffect } from "react";
import { tinykeys } from "tinykeys";
import type { Command, Key } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";

/** Keys that an element uses itself: typing, choosing, pressing a button, moving between the dock's tabs. */
function usesItself(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  const isCombined = event.ctrlKey || event.metaKey;
  if (target.closest("select, [type=checkbox], [type=radio]")) return !isCombined && event.key !== "Escape";
  if (target.isContentEditable || target.closest("input, textarea")) return event.key !== "Escape";
  if (target.closest("button, summary, a")) return event.key === " " || event.key === "Enter";
  if (target.closest("[role=tab], [role=separator]")) {
    return (event.key.startsWith("Arrow") && !isCombined) || event.key === " ";
  }
  return false;
}

/** What the keys of all commands do, of those with this reach. */
function bindings(reach: Key["reach"]): Record<string, (event: KeyboardEvent) => void> {
  const press = (command: Command) => (event: KeyboardEvent) => {
    if (event.defaultPrevented || (event.repeat && command.once)) return;
    event.preventDefault();
    if (reach === "first") event.stopPropagation();
    command.run();
  };
  return Object.fromEntries(
    COMMANDS.flatMap((command) =>
      (command.keys ?? []).filter((key) => key.reach === reach).map(({ binding }) => [binding, press(command)]),
    ),
  );
}

/** Keyboard for everything: the keys of the commands. */
export function useKeys(): void {
  useEffect(() => {
    const stops = [
      tinykeys(window, bindings("anywhere"), { ignore: () => false }),
      tinykeys(window, bindings("first"), { ignore: usesItself, capture: true }),
      tinykeys(window, bindings(undefined), { ignore: usesItself }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
}

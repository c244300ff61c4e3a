import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { fuzzyFilter } from "../app/fuzzy.ts";
import type { Command } from "./commands/command.ts";
import { commandsNow, placeCommands } from "./commands/index.ts";
import "./palette.css";
import { closePalette, usePalette } from "./palette.ts";

/** A list longer than this is not read; another letter makes it shorter. */
const MAX_SHOWN = 60;
const PAGE = 8;

/** what was done by the palette, the newest first: it stands on top while nothing is typed */
let recent: readonly string[] = [];

/** The palette itself does not stand in it. */
const isListed = ({ id }: Command) => id !== "palette" && id !== "escape";

function found(query: string): Command[] {
  const all = commandsNow().filter(isListed);
  if (query.trim() === "") {
    const first = recent.flatMap((id) => all.find((command) => command.id === id) ?? []);
    return [...first, ...all.filter((command) => !first.includes(command))].slice(0, MAX_SHOWN);
  }
  const matching = fuzzyFilter(query, all, ({ title, group, words = "" }) => `${title} ${group} ${words}`);
  return [...placeCommands(query), ...matching].slice(0, MAX_SHOWN);
}

function Option({ command, id, isChosen, onRun }: { command: Command; id: string; isChosen: boolean; onRun(): void }) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isChosen) line.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  const reason = command.whyNot?.() ?? null;
  const now = command.now?.() ?? null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus and takes the keys for all options
    // biome-ignore lint/a11y/useFocusableInteractive: the field names the chosen option as its active descendant
    <div
      ref={line}
      id={id}
      role="option"
      aria-selected={isChosen}
      aria-disabled={reason !== null}
      className="palette-option"
      onClick={onRun}
    >
      <span className="palette-title">
        {command.title}
        {now !== null && <span className="muted">: {now}</span>}
        {reason !== null && <span className="palette-reason">{reason}</span>}
      </span>
      <span className="palette-group">{command.group}</span>
      <span className="palette-keys">
        {command.keys?.map(({ shown }) => (
          <kbd key={shown}>{shown}</kbd>
        ))}
      </span>
    </div>
  );
}

/** Where the chosen line goes by a key; null for keys that the field uses itself. */
function moved(key: string, at: number, n: number): number | null {
  if (n === 0) return null;
  if (key === "ArrowDown") return (at + 1) % n;
  if (key === "ArrowUp") return (at + n - 1) % n;
  if (key === "PageDown") return Math.min(n - 1, at + PAGE);
  if (key === "PageUp") return Math.max(0, at - PAGE);
  return null;
}

function OpenPalette({ onClose }: { onClose(then?: () => void): void }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const root = useRef<HTMLElement>(null);
  const id = useId();
  const commands = found(query);
  const chosen = Math.min(at, commands.length - 1);
  useEffect(() => {
    const outside = ({ target }: PointerEvent) => {
      if (target instanceof Node && !root.current?.contains(target)) closePalette();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, []);
  const run = (command: Command | undefined) => {
    if (!command || (command.whyNot?.() ?? null) !== null) return;
    recent = [command.id, ...recent.filter((one) => one !== command.id)].slice(0, 5);
    onClose(() => command.run());
  };
  const press = (event: KeyboardEvent) => {
    const next = moved(event.key, chosen, commands.length);
    if (next !== null) setAt(next);
    else if (event.key === "Enter") run(commands[chosen]);
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search ref={root} className="palette" aria-label="Commands" data-testid="palette">
      <input
        // biome-ignore lint/a11y/noAutofocus: the palette was asked for to be typed into
        autoFocus
        role="combobox"
        aria-expanded={commands.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={commands.length > 0 ? `${id}-${chosen}` : undefined}
        aria-label="Command, panel or place"
        placeholder="A command, a panel, or a place: spike 1234, time 12.5, depth 400 to 900"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
        data-testid="palette-input"
      />
      {commands.length > 0 && (
        <div id={id} className="palette-list" role="listbox" aria-label="Commands">
          {commands.map((command, index) => (
            <Option
              key={command.id}
              command={command}
              id={`${id}-${index}`}
              isChosen={index === chosen}
              onRun={() => run(command)}
            />
          ))}
        </div>
      )}
      {commands.length === 0 && (
        <p className="palette-none muted" role="status">
          No command has these letters.
        </p>
      )}
    </search>
  );
}

/** Every command by a few of its letters. Over the page, which stays as it is behind it; the focus goes back where it was. */
export function Palette() {
  const open = usePalette((state) => state.open);
  const focused = useRef<Element | null>(null);
  // read while rendering, before the field takes the focus
  if (open) focused.current ??= document.activeElement;
  const close = (then?: () => void) => {
    const back = focused.current;
    closePalette();
    if (back instanceof HTMLElement) back.focus();
    then?.();
  };
  useEffect(() => {
    if (!open) focused.current = null;
  }, [open]);
  return open ? <OpenPalette onClose={close} /> : null;
}

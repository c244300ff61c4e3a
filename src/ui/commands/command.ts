/** Headings of the palette and of the list of keys, in their order. */
export const GROUPS = [
  "Go to",
  "Open",
  "View",
  "Brush",
  "Layout",
  "Panel",
  "Recording",
  "Run",
  "Motion",
  "Export",
  "Help",
] as const;

export type CommandGroup = (typeof GROUPS)[number];

/** A key as tinykeys binds it and as a person reads it. */
export interface Key {
  binding: string;
  shown: string;
  /** it works while something is typed, too; or it comes before what the element with the focus would do with it */
  reach?: "anywhere" | "first";
}

/**
 * Something a person can do. One entry serves the palette, the keyboard and the list of keys: there is no second list of
 * any of them.
 */
export interface Command {
  /** no two share one */
  id: string;
  group: CommandGroup;
  /** what it does, as a line of the palette */
  title: string;
  keys?: readonly Key[];
  /** other words by which it may be looked for */
  words?: string;
  /** commands with the same row stand together in the list of keys, which says this; absent for a row of its own */
  row?: string;
  /** a key held down counts once */
  once?: boolean;
  /** what the title means at this moment, said after it */
  now?(): string | null;
  /** why it would do nothing now, one sentence; null when it would */
  whyNot?(): string | null;
  run(): void;
}

/** A key, which reads as it is bound where nothing else is said. */
export function key(binding: string, shown = binding): Key {
  return { binding, shown };
}

/** A key that works while something is typed, too. */
export function keyAnywhere(binding: string, shown = binding): Key {
  return { binding, shown, reach: "anywhere" };
}

/** A key that comes before what the element with the focus would do with it, unless something is typed. */
export function keyFirst(binding: string, shown = binding): Key {
  return { binding, shown, reach: "first" };
}

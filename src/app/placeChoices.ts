import { ACTIVE_MOTION, type FigureChoices, type PlaceChoice, SHOWN_SET, TABLE_SET } from "../protocol/pictures.ts";
import { nameInTraining, nameOfLocalizer } from "./localizerNames.ts";
import { type MotionEntry, useMotions } from "./motions.ts";
import { knownPositions, ownPositions, usePositions } from "./positions.ts";
import { getResults } from "./results.ts";

/** A set of positions as a person chooses it. */
export interface PlaceSet {
  set: string;
  /** in words */
  name: string;
  /** the result that it is, where it is one */
  localizer: string | null;
}

/** Every set that can be held against another: those on screen, the table's own, then each that a step left. */
export function placeSets(): PlaceSet[] {
  const { spikes } = getResults();
  if (!spikes) return [];
  const known = knownPositions();
  const own = ownPositions(known, spikes);
  const { chosen, live } = usePositions.getState();
  const shown = chosen !== null && chosen in known ? chosen : live ? null : own;
  const shownName = shown !== null ? nameOfLocalizer(shown) : live ? nameInTraining(live.localizer) : "as opened";
  const others = Object.keys(known).filter((name) => name !== own);
  return [
    { set: SHOWN_SET, name: `on screen (${shownName})`, localizer: null },
    { set: TABLE_SET, name: own ? nameOfLocalizer(own) : "as opened", localizer: own },
    ...others.map((name) => ({ set: name, name: nameOfLocalizer(name), localizer: name })),
  ];
}

/** What can be taken out of positions: nothing, the active motion whichever it is, or one that is shown. */
export function motionChoices(): { id: string | null; title: string }[] {
  const { entries, activeId } = useMotions.getState();
  const active = entries.find((entry) => entry.id === activeId);
  const shown = entries.filter((entry) => entry.shown && entry.id !== activeId);
  return [
    { id: null, title: "as recorded" },
    ...(active ? [{ id: ACTIVE_MOTION, title: `corrected by ${active.title}` }] : []),
    ...shown.map(({ id, title }: MotionEntry) => ({ id, title: `corrected by ${title}` })),
  ];
}

/** What a person most wants held against each other: what a network says, or is learning to, against the monopolar fit. */
export function usualPair(sets: readonly PlaceSet[]): { own: PlaceSet; reference: PlaceSet } | null {
  const [shown, table, ...others] = sets;
  if (!shown || !table) return null;
  const reference = sets.find(({ localizer }) => localizer === "monopolar") ?? table;
  if (usePositions.getState().live) return { own: shown, reference };
  const isNetwork = ({ localizer }: PlaceSet) => localizer?.startsWith("sln-") ?? false;
  const network = others.findLast(isNetwork) ?? (isNetwork(table) ? table : undefined);
  const another = [table, ...others].findLast((one) => one !== reference);
  return { own: network ?? another ?? reference, reference };
}

function choiceOf({ set, name }: PlaceSet, motion: string | null): PlaceChoice {
  return { set, name, motion };
}

/** The choices to start from; null while nothing is open. One set alone is held against itself, corrected. */
export function usualChoices(): Pick<FigureChoices, "displacement" | "agreement"> | null {
  const pair = usualPair(placeSets());
  if (!pair) return null;
  const { own, reference } = pair;
  const active = useMotions.getState().entries.length > 0 ? ACTIVE_MOTION : null;
  const isOne = own.set === reference.set;
  return {
    displacement: {
      source: choiceOf(reference, null),
      target: choiceOf(own, isOne ? active : null),
      wheel: "hue",
      isChosen: false,
    },
    agreement: {
      own: choiceOf(own, active),
      reference: choiceOf(reference, isOne ? null : active),
      isChosen: false,
    },
  };
}

/** Whether a choice can still be met, under the name it has. */
export function canBeMet(choice: PlaceChoice): boolean {
  const isSet = placeSets().some(({ set, name }) => set === choice.set && name === choice.name);
  return isSet && motionChoices().some(({ id }) => id === choice.motion);
}

import { goTo, placeInWords, placesIn, whyNotGo } from "../../app/goTo.ts";
import { toggleKeyHelp } from "../keyHelp.ts";
import { togglePalette } from "../palette.ts";
import { type Command, key, keyAnywhere } from "./command.ts";
import { exportCommands, openCommands } from "./files.ts";
import { layoutCommands, panelChoices, panelCommands } from "./panels.ts";
import { dataChoices, motionCommands, recordingCommands, runCommands } from "./run.ts";
import { brushCommands, unitCommands, viewChoices, viewCommands } from "./view.ts";

const helpCommands: readonly Command[] = [
  {
    id: "palette",
    group: "Help",
    title: "Find a command, a panel or a place",
    keys: [keyAnywhere("$mod+k", "ctrl + k"), key("[Shift]+:", ":")],
    run: togglePalette,
  },
  {
    id: "keys",
    group: "Help",
    title: "Keys and gestures",
    keys: [key("[Shift]+?", "?")],
    words: "help list shortcuts",
    run: toggleKeyHelp,
  },
];

/** Everything that can be done at any time; those with keys are the keyboard. */
export const COMMANDS: readonly Command[] = [
  ...openCommands,
  ...viewCommands,
  ...unitCommands,
  ...brushCommands,
  ...layoutCommands,
  ...panelCommands,
  ...recordingCommands,
  ...runCommands,
  ...motionCommands,
  ...exportCommands,
  ...helpCommands,
];

/** Everything that can be done now: also the choices among what is open. */
export function commandsNow(): Command[] {
  return [...COMMANDS, ...viewChoices(), ...panelChoices(), ...dataChoices()];
}

/** Places that a typed text may mean. */
export function placeCommands(text: string): Command[] {
  return placesIn(text).map((place) => ({
    id: `go-${placeInWords(place)}`,
    group: "Go to",
    title: placeInWords(place),
    whyNot: () => whyNotGo(place),
    run: () => goTo(place),
  }));
}

/** A colour for dark and for light ground. */
export interface MotionColour {
  dark: string;
  light: string;
}

/** Colours of motions, in the order in which they are given out; told apart by lightness too where they are neighbours. */
export const MOTION_COLOURS: readonly MotionColour[] = [
  { dark: "#5b9dff", light: "#1c5fc4" },
  { dark: "#ff9a4d", light: "#b8530a" },
  { dark: "#5fd57b", light: "#1c7d38" },
  { dark: "#ff7ac6", light: "#b0167e" },
  { dark: "#ffe14d", light: "#7d6800" },
  { dark: "#b08cff", light: "#6a3fc9" },
  { dark: "#3fd9d0", light: "#007a76" },
  { dark: "#ff7d6e", light: "#b3261e" },
];

/** The colour that the fewest of the used ones have, the first of them in the list. */
export function nextColour(used: readonly MotionColour[]): MotionColour {
  const count = (colour: MotionColour) => used.filter((one) => one.dark === colour.dark).length;
  return MOTION_COLOURS.reduce((best, one) => (count(one) < count(best) ? one : best));
}

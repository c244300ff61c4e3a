/** Colours of the curves of a training on dark and on light ground, the same wherever they are drawn. */
export const CURVE_COLOURS: Record<"dark" | "light", readonly string[]> = {
  dark: ["#6cb2f2", "#f2a154", "#b08cff", "#6fcf97", "#e77fb3"],
  light: ["#1f6fb8", "#a85600", "#6a3fd0", "#1e7a45", "#b23a7a"],
};

/** Of marks that warn. */
export const WARNING_COLOUR: Record<"dark" | "light", string> = { dark: "#ff6b61", light: "#c62f26" };

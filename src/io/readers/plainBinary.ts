import { UNDESCRIBED } from "../../protocol/plainBinary.ts";
import { plainFiles } from "../plain/peek.ts";
import type { Reader } from "./reader.ts";

/** Of a folder full of unknown files, so many sentences are enough. */
const MAX_SENTENCES = 3;

/**
 * Headerless binaries of samples. Nothing in them says what they are, so none is claimed: they open once they are described
 * (src/io/plain), and then the reader of descriptions claims them.
 */
export const plainBinary: Reader = {
  id: "plain-binary",
  title: "Headerless binary",
  about: {
    knownBy:
      "nothing in the file: a large binary of no other format, for which the page asks in a form with guesses, and the command describe by its options",
    reads:
      "samples as int16, uint16, int32, float32 or float64 behind any number of bytes, by the description that the answers give",
    leaves: "samples stored channel by channel, which a description with time_axis 1 opens",
  },
  find: async () => [],
  async leftOver(rest) {
    const sources = [...rest.values()].flatMap(({ files }) => [...files.values()]);
    // SpikeGLX's own names are spoken of by its reader
    const found = (await plainFiles(sources)).filter(({ path }) => !/\.(ap|lf)\.bin$/i.test(path));
    return found
      .slice(0, MAX_SENTENCES)
      .map(
        ({ path }) =>
          `${path}: ${UNDESCRIBED}, found none; answer the form on the page, or run the command "describe".`,
      );
  },
};

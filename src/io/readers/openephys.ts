import { baseName, folderOf } from "../byteSource.ts";
import { folderInWords } from "../drop.ts";
import { findOebins, findRuns } from "../openephys/files.ts";
import { filesOf, recordingOf } from "../openephys/recording.ts";
import { isSettings } from "../openephys/settings.ts";
import { headOf } from "../sniff.ts";
import { listInWords, type Reader, recordingClaim } from "./reader.ts";

/** Recordings of the Open Ephys GUI in its binary format, versions 0.4 to 1.0. */
export const openephys: Reader = {
  id: "openephys",
  title: "Open Ephys binary",
  about: {
    knownBy:
      "a structure.oebin (JSON with continuous[]) above the continuous.dat of each stream, with the settings.xml of its record node",
    reads:
      "every stream of a probe of every record node and experiment; recordings of one experiment, and what lies between gaps, as segments",
    leaves: "events, spikes, analog inputs; the older format of one .continuous file per channel",
  },
  async find(drop) {
    return (await findRuns(drop)).map((run) => {
      const { entry, binary, oebin } = run.parts[0];
      const title = `Open Ephys ${entry.band === "lf" ? "LF" : "AP"}`;
      return recordingClaim({
        title,
        place: folderInWords(folderOf((binary ?? oebin).path)),
        files: [...new Set([...filesOf(run), ...run.belonging])],
        recording: () => recordingOf(run, title),
      });
    });
  },
  async leftOver(drop) {
    const sentences: string[] = [];
    const found = await findOebins(drop);
    const oebins = new Set(found.map(({ oebin }) => oebin));
    for (const { oebin, entries } of found) {
      const streams = entries.length === 0 ? "none" : `only ${listInWords(entries.map((entry) => entry.folderName))}`;
      sentences.push(`${oebin.path}: expected a continuous stream with channels of a probe, found ${streams}.`);
    }
    for (const { path, files } of drop.values()) {
      let nContinuous = 0;
      for (const [name, file] of files) {
        if (await isOlderFormat(name, file)) nContinuous++;
        else if (/\.oebin$/i.test(name) && !oebins.has(file)) {
          sentences.push(`${file.path}: expected Open Ephys's description (JSON with continuous[]), found none.`);
        } else if (name === "continuous.dat") {
          sentences.push(
            `${file.path}: expected the structure.oebin that Open Ephys wrote two folders above it, found none; open the folder of the recording.`,
          );
        } else if (/\.xml$/i.test(name) && (await isSettings(file))) {
          sentences.push(
            `${file.path} describes a signal chain of Open Ephys: expected a recording below it (structure.oebin and continuous.dat), found none.`,
          );
        }
      }
      if (nContinuous > 0) {
        const what = nContinuous === 1 ? "1 .continuous file" : `${nContinuous} .continuous files`;
        sentences.push(
          `${folderInWords(path)}: expected Open Ephys's binary format (structure.oebin and continuous.dat), found its older one, ${what} of one channel each, which is not read; convert it, e.g. with SpikeInterface.`,
        );
      }
    }
    return sentences;
  },
};

/** The older format begins with text, 1024 bytes of "header.format = 'Open Ephys Data Format'; …". */
async function isOlderFormat(name: string, file: Parameters<typeof headOf>[0]): Promise<boolean> {
  if (/\.continuous$/i.test(name)) return true;
  if (/\.(npy|npz|dat|bin|json|xml|oebin)$/i.test(baseName(name)) || file.size < 1024) return false;
  const head = new TextDecoder().decode((await headOf(file)).subarray(0, 64));
  return /^header\.format = 'Open Ephys Data Format'/.test(head);
}

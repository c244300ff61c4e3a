import type { BadInput } from "./badInput.ts";
import { binaryBytes, type MetaKeys, metaBytes, recordingFiles } from "./spikeglxFiles.ts";

/** rec.ap.meta with some keys changed, beside a binary of so many bytes. */
function recordingWith(changes: MetaKeys, nBytes = 100): BadInput["files"] {
  return [
    { path: "rec.ap.meta", bytes: metaBytes(changes) },
    { path: "rec.ap.bin", bytes: new Uint8Array(nBytes) },
  ];
}

/** Raw recordings that cannot be opened, or not where spikes are needed. */
export const badRecordings: readonly BadInput[] = [
  {
    name: "a raw recording without spikes",
    files: recordingWith({}),
    isRecording: true,
    sentence:
      'rec.ap.bin is a raw recording (SpikeGLX AP, 4 channels, 0.00033 s): motion comes from spikes; run "detect-localize" on it first, alone or as the step before.',
  },
  {
    name: "a raw recording of the LF band only",
    files: recordingWith({ snsApLfSy: "0,4,1", snsSaveChanSubset: "4:8", imSampRate: 2500 }),
    isRecording: true,
    sentence:
      'rec.ap.bin is a raw recording (SpikeGLX LF, 4 channels, 0.004 s): motion comes from spikes; the LF band holds none, so run "detect-localize" on the AP recording first.',
  },
  {
    name: "a SpikeGLX description without its binary",
    files: recordingWith({}).slice(0, 1),
    isRecording: true,
    sentence: "rec.ap.meta: expected the binary it describes (100 bytes) beside it, found none.",
  },
  {
    name: "a SpikeGLX binary without its description",
    files: recordingWith({}).slice(1),
    sentence: "rec.ap.bin: expected the .meta that SpikeGLX wrote with it, found none; open both together.",
  },
  {
    name: "a SpikeGLX description cut short",
    files: recordingWith({}).map(({ path, bytes }) => ({ path, bytes: bytes.slice(0, 100) })),
    sentence: "rec.ap.meta: expected a SpikeGLX description (lines of key=value with typeThis), found none.",
  },
  {
    name: "an empty SpikeGLX binary",
    files: recordingWith({}, 0),
    sentence: "rec.ap.bin is empty: expected samples, found 0 bytes.",
  },
  {
    name: "a SpikeGLX binary of broken samples",
    files: recordingWith({}, 104),
    sentence:
      "rec.ap.bin: expected whole samples of 5 channels (10 bytes each, by rec.ap.meta), found 104 bytes, 4 too many.",
  },
  {
    name: "a SpikeGLX channel count that contradicts itself",
    files: recordingWith({ nSavedChans: 385 }),
    sentence: 'rec.ap.meta: expected nSavedChans to be 5 to fit snsApLfSy=4,0,1, found "385".',
  },
  {
    name: "a SpikeGLX recording without a rate",
    files: recordingWith({ imSampRate: undefined }),
    sentence: "rec.ap.meta: expected imSampRate to be a number of at least 1, found none.",
  },
  {
    name: "a SpikeGLX recording without a gain",
    files: recordingWith({ "~imroTbl": undefined }),
    sentence: "rec.ap.meta: expected the gain of any channel in ~imroTbl or imChan0apGain, found none.",
  },
  {
    name: "a SpikeGLX map of too few sites",
    files: recordingWith({ "~snsShankMap": "(1,2,480)(0:0:0:1)" }),
    sentence: "rec.ap.meta: expected 4 sites in ~snsShankMap, found 1.",
  },
  {
    name: "two triggers that start together",
    files: [0, 1].flatMap((t) =>
      Object.entries(recordingFiles(`rec_t${t}.ap`, { fileName: `rec_t${t}.ap.bin` })).map(([path, bytes]) => ({
        path,
        bytes,
      })),
    ),
    sentence:
      "Expected triggers of one run to start one after the other, found that rec_t0.ap.meta and rec_t1.ap.meta both start at sample 3000; open them one at a time.",
  },
  {
    name: "a recording of other signals",
    files: [
      { path: "run.nidq.meta", bytes: metaBytes({ typeThis: "nidq" }) },
      { path: "run.nidq.bin", bytes: binaryBytes() },
    ],
    sentence:
      "run.nidq.meta: expected the recording of a probe (typeThis=imec), found that of a National Instruments device (typeThis=nidq).",
  },
];

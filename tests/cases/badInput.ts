/** Something a person may drop by mistake, and the one sentence they get. Read by the Node tests, the page's and the README. */
export interface BadInput {
  name: string;
  files: { path: string; bytes: Uint8Array }[];
  sentence: string;
  /** opens as a recording, which `inspect` describes; the sentence comes where spikes are needed */
  isRecording?: true;
}

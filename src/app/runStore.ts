import { create } from "zustand";
import type { MethodInfo } from "../protocol/methods.ts";
import type { UnfinishedRun } from "../protocol/recordings.ts";
import { IDLE_JOB, type JobView } from "./jobReducer.ts";
import type { Drafts } from "./recipeForm.ts";

/** The recipe being edited and the job made of it. */
export interface RunState {
  /** what the compute worker can run; null until it has answered */
  methods: MethodInfo[] | null;
  /** texts of changed fields, by step id */
  drafts: Record<string, Drafts>;
  seedText: string;
  /** the method that estimates motion when the whole recipe runs; null for the first that can */
  motionMethod: string | null;
  /** networks are trained when the whole recipe runs */
  networks: boolean;
  job: JobView;
  /** runs over recordings that were stopped and can go on, newest first */
  unfinished: readonly UnfinishedRun[];
}

export const useRun = create<RunState>(() => ({
  methods: null,
  drafts: {},
  seedText: "0",
  motionMethod: null,
  networks: false,
  job: IDLE_JOB,
  unfinished: [],
}));

/** Set or, with null, forget the text of one field. */
export function setDraft(step: string, name: string, text: string | null): void {
  useRun.setState((state) => {
    const { [name]: _, ...others } = state.drafts[step] ?? {};
    const next = text === null ? others : { ...others, [name]: text };
    return { drafts: { ...state.drafts, [step]: next } };
  });
}

/** Replace all changed fields of a step, as a preset does; an empty record puts every field back to its default. */
export function setDrafts(step: string, drafts: Drafts): void {
  useRun.setState((state) => ({ drafts: { ...state.drafts, [step]: drafts } }));
}

export function updateJob(change: (job: JobView) => JobView): void {
  useRun.setState((state) => ({ job: change(state.job) }));
}

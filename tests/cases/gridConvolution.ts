import type { OpCase } from "./opCase.ts";
export const gridConvolutionCases: OpCase[] = [];

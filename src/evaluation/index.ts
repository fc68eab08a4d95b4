export { evaluate, recordIds } from "./evaluate.ts";
export type { EvaluationInput, SeenPolicy, SeenWaiver } from "./input.ts";

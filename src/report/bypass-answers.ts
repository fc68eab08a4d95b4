import type { AssessmentResult, Bypass, Disposition, Exception } from "../model/assessment.ts";
import { responseOf } from "./stand.ts";

/** The exceptions that tell a bypass: those of its items in its system that the control counting it lists. */
export const bypassExceptions = (
  exceptionsOf: (key: string) => readonly Exception[],
  { items, system, control }: Bypass,
): readonly Exception[] =>
  [...new Set(items.flatMap(exceptionsOf))].filter(
    (one) => one.system === system && (control === null || one.controls.includes(control)),
  );

/** Management's answers to some exceptions, each once with the first exception that it answers. */
export function bypassAnswers(
  result: Pick<AssessmentResult, "responses">,
  exceptions: readonly Exception[],
): readonly { readonly disposition: Disposition; readonly exception: string }[] {
  const first = new Map<string, { readonly disposition: Disposition; readonly exception: string }>();
  for (const exception of exceptions) {
    const response = responseOf(result, exception);
    if (response && !first.has(response.id))
      first.set(response.id, { disposition: response.disposition, exception: exception.id });
  }
  return [...first.values()];
}

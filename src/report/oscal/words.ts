import type { CriterionAssessment } from "../../model/assessment.ts";

/** Where the names of our own properties are explained: in this tool's documentation. */
const ns = "https://flowproof.example/ns/oscal";

/** An OSCAL property of our own; its value is never empty. */
export const property = (name: string, value: string | number) => ({ name, ns, value: line(String(value)) });

/** Text of one line without blanks around it, as OSCAL's strings are; `–` for none. */
export const line = (text: string): string => text.replace(/\s+/g, " ").trim() || "–";

/** An id as OSCAL's tokens are: `CC8.1` is `cc8.1`; what cannot stand in one is `_`. */
export function token(id: string): string {
  const plain = id.toLowerCase().replace(/[^\p{L}\p{N}._-]/gu, "_");
  return /^[\p{L}_]/u.test(plain) ? plain : `_${plain}`;
}

/** An array where it holds anything: OSCAL knows no empty ones. */
export const some = <Name extends string, One>(name: Name, list: readonly One[]) =>
  (list.length > 0 ? { [name]: list } : {}) as { readonly [Key in Name]?: readonly One[] };

/** What OSCAL's two states say of a result, and why; all that is not shown to be satisfied is not. */
export function statusOf(result: CriterionAssessment["result"]) {
  const { reason, remarks } = statuses[result];
  return {
    state: reason === "pass" ? "satisfied" : "not-satisfied",
    reason,
    ...(remarks === undefined ? {} : { remarks }),
  };
}

const statuses: Readonly<
  Record<CriterionAssessment["result"], { readonly reason: "pass" | "fail" | "other"; readonly remarks?: string }>
> = {
  noExceptionsNoted: { reason: "pass" },
  exceptionsNoted: { reason: "fail", remarks: "Exceptions were noted." },
  aboveThreshold: { reason: "fail", remarks: "Exceptions reach the threshold that management set itself." },
  evidenceIncomplete: {
    reason: "other",
    remarks: "Evidence is incomplete: what was not observed was not taken as met, and no failure is claimed for it.",
  },
  didNotOperate: { reason: "other", remarks: "Nothing occurred to which the controls apply: neither met nor failed." },
  notConcluded: { reason: "other", remarks: "No key control operated: nothing can be concluded, met or failed." },
};

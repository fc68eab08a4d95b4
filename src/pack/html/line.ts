import type { Verdict } from "./check-page.ts";

/** What the line of verification says: a word for the result, then runs of text, of which some are code. */
export interface Line {
  readonly state: "checking" | "holds" | "broken" | "unchecked";
  readonly lead: string;
  readonly rest: readonly (string | { readonly code: string } | { readonly name: string })[];
}

export const checkingLine: Line = { state: "checking", lead: "Checking this document ...", rest: [] };

/** As many problems as one line names. */
const named = 4;

/** The line for what came of the verification. */
export function lineOf(verdict: Verdict): Line {
  if (verdict.outcome === "unchecked") {
    const rest = [
      ` ${capital(verdict.reason)}. To check it, run `,
      { code: "node verify.mjs pack.html" },
      "; VERIFY.txt says how.",
    ];
    return { state: "unchecked", lead: "Not checked here.", rest };
  }
  if (verdict.outcome === "broken") {
    const { problems } = verdict;
    const more = problems.length > named ? `; and ${number(problems.length - named)} more` : "";
    const said = problems.slice(0, named).join("; ");
    return {
      state: "broken",
      lead: "Altered.",
      rest: [
        ` ${capital(said)}${more}. Do not rely on this copy: ask for another, and run `,
        { code: "verify.mjs" },
        " on it.",
      ],
    };
  }
  const { fingerprint, records, checkpoint, organisation } = verdict;
  return {
    state: "holds",
    lead: "This document's content is unaltered:",
    rest: [
      " signed by key ",
      { code: grouped(fingerprint) },
      `, ${number(records)} ${records === 1 ? "record" : "records"} under checkpoint ${number(checkpoint.size)} (`,
      { code: grouped(checkpoint.root.slice(0, 16)) },
      "). This line cannot show that its own script was not exchanged: ",
      { code: "verify.mjs" },
      " does. Compare the fingerprint with what ",
      { name: organisation },
      " told you.",
    ],
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const number = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
const grouped = (hex: string): string => hex.replace(/(.{8})(?=.)/g, "$1 ");

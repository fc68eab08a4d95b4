import type { Check } from "./check.ts";
import { counted, named, plain } from "./findings.ts";
import type { Verification } from "./verification.ts";

/** What was verified, in one line or two. */
export function heading({ kind, name, content }: Verification): string {
  const what = {
    folder: "an issued pack",
    draft: "a draft",
    bundle: "an evidence bundle",
    html: "the page of a pack",
    pdf: "the PDF of a pack",
    store: "the store",
  }[kind];
  if (!content) return `${named(name)}: ${what}`;
  const { pack, period, issued } = content.predicate;
  return plain(
    `${name}: ${what}. ${pack.organisation}, ${period.id}, ${pack.name}, revision ${pack.revision}, ${pack.edition} edition, issued ${issued.at} by ${issued.by}`,
  );
}

/** The checks in lines: outcome, subject and sentence in columns. */
export function checkLines(checks: readonly Check[]): readonly string[] {
  const width = Math.max(0, ...checks.map(({ subject }) => Math.min(subject.length, 24)));
  return checks.map(({ outcome, subject, text }) => {
    const word = outcome === "broken" ? "BROKEN" : outcome;
    return `${word.padEnd(9)}  ${subject.padEnd(width)}  ${text}`;
  });
}

/** What all checks came to, in one line. */
export function verdict(checks: readonly Check[]): string {
  const of = (outcome: Check["outcome"]): readonly Check[] => checks.filter((check) => check.outcome === outcome);
  const broken = of("broken");
  if (broken.length === 0) {
    return `whole and unaltered as far as checked: ${counted(of("holds").length, "check holds", "checks hold")}, ${of("unchecked").length} could not be checked`;
  }
  const subjects = [...new Set(broken.map(({ subject }) => subject))];
  const first = subjects.slice(0, 10).join(", ");
  const more = subjects.length > 10 ? ` and ${subjects.length - 10} more` : "";
  return `BROKEN: ${first}${more}: ${counted(broken.length, "check does", "checks do")} not hold`;
}

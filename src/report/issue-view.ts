import { grouped, number } from "./format.ts";
import type { Pack } from "./pack.ts";
import { visible } from "./visible.ts";

/** What the document says of its own issuing; absent: it is a draft. */
export interface IssueView {
  /** What its folder is called. */
  readonly name: string;
  readonly revision: number;
  readonly edition: "full" | "redacted";
  readonly at: string;
  readonly by: string;
  readonly role: string;
  /** Management's own words in place of those that a draft proposes. */
  readonly statement?: string;
  /** SHA-256 of the public key. */
  readonly fingerprint: string;
  /** What the PDF is signed with; null where nobody signs it. */
  readonly certificate: { readonly subject: string; readonly selfSigned: boolean; readonly fingerprint: string } | null;
  /** When an authority saw the checkpoint, or why none did. */
  readonly timestamp: { readonly at: string; readonly authority: string } | { readonly reason: string };
  /** The revision that it takes the place of, and what is not as in that one. */
  readonly supersedes: { readonly name: string; readonly differences: readonly string[] } | null;
  /** The pack issued before it and the SHA-256 of its manifest; null for the first. */
  readonly previous: { readonly pack: string; readonly manifest: string } | null;
}

/** What a document is: issued, a draft for calibration, or, where it is neither, a draft. */
export type DocumentState = IssueView | "calibration";

/** The name of a pack: that of its period, its edition and its revision. */
export function packName(
  {
    organisation,
    period,
  }: { readonly organisation: { readonly slug: string }; readonly period: { readonly id: string } },
  { edition, revision }: { readonly edition: "full" | "redacted"; readonly revision: number },
): string {
  return [
    `${organisation.slug}-${period.id}`,
    edition === "full" ? "" : "-redacted",
    revision === 1 ? "" : `-r${revision}`,
  ].join("");
}

/** The issuing as the templates lay it out: texts are visible, times in the pack's zone. */
export function issuedView({ time, result }: Pack, issue: IssueView) {
  const { timestamp, certificate, supersedes, previous } = issue;
  return {
    by: visible(issue.by),
    role: visible(issue.role),
    day: time.day(issue.at),
    at: time.long(issue.at),
    redacted: issue.edition === "redacted",
    fingerprint: grouped(issue.fingerprint),
    certificate: certificate && {
      subject: visible(certificate.subject),
      selfSigned: certificate.selfSigned,
      fingerprint: grouped(certificate.fingerprint),
    },
    timestamp:
      "at" in timestamp
        ? { at: time.long(timestamp.at), authority: visible(timestamp.authority), reason: null }
        : { at: null, authority: null, reason: visible(timestamp.reason) },
    revision: issue.revision === 1 ? null : number(issue.revision),
    supersedes: supersedes && {
      name: visible(supersedes.name),
      differences: supersedes.differences.map((text) => time.inText(visible(text))),
    },
    previous: previous && { pack: visible(previous.pack), manifest: grouped(previous.manifest) },
    paragraphs: issue.statement === undefined ? null : paragraphs(issue.statement),
    partial: result.period.cutAt === null ? null : time.long(result.period.cutAt),
  };
}

/** The paragraphs of a text, apart where it has an empty line. */
function paragraphs(text: string): readonly string[] {
  return text
    .split(/\r?\n[\t ]*\r?\n/)
    .map((paragraph) => visible(paragraph.replace(/\s+/g, " ").trim()))
    .filter((paragraph) => paragraph !== "");
}

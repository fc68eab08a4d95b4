import type { AssessmentResult } from "../model/assessment.ts";
import { commitFlow } from "./flow.ts";
import { counted, grouped, list, number } from "./format.ts";
import { type IssueView, issuedView, packName } from "./issue-view.ts";
import { openPack } from "./pack.ts";
import { accessView } from "./views/access.ts";
import { assertionView } from "./views/assertion.ts";
import { bypassesView } from "./views/bypasses.ts";
import { classesView } from "./views/classes.ts";
import { completenessView } from "./views/completeness.ts";
import { continuityView } from "./views/continuity.ts";
import { coverView } from "./views/cover.ts";
import { criteriaView } from "./views/criteria.ts";
import { exceptionsView } from "./views/exceptions.ts";
import { matrixView } from "./views/matrix.ts";
import { mechanismsView } from "./views/mechanisms.ts";
import { metricsView } from "./views/metrics.ts";
import { populationView } from "./views/population.ts";
import { recordsView } from "./views/records.ts";
import { redactedView, restatementsView } from "./views/restatements.ts";
import { settingsView } from "./views/settings.ts";
import { verifyView } from "./views/verify.ts";

const sections = {
  assertion: "Management's assertion",
  criteria: "Results by criterion",
  completeness: "Completeness and accuracy",
  mechanisms: "Mechanisms and what happened",
  matrix: "Control matrix",
  continuity: "Branch rules over the period",
  bypasses: "Bypasses of the rules",
  classes: "Classes of changes",
  access: "Who may merge and deploy",
  restatements: "Packs issued before",
  settings: "Policies, identities, waivers",
  exceptions: "Exceptions",
  metrics: "Delivery and alerts",
  limits: "What this pack does not show",
  verify: "How to verify",
  records: "Record references",
  population: "Population",
} as const;

/** Everything the templates lay out, as plain data: texts are visible already, numbers are formatted. Without what its issuing says, it is a draft. */
export function documentView(raw: AssessmentResult, issue?: IssueView) {
  const pack = openPack(raw);
  const { result, time } = pack;
  const flow = commitFlow(pack);
  const { organisation, period, checkpoint } = result;
  const name = issue?.name ?? packName(result, { edition: "full", revision: 1 });
  const span = time.span(period.from, period.to);
  const redacted = redactedView(pack);
  const mark = [name, issue ? "issued" : "draft", ...(redacted === null ? [] : ["redacted edition"])].join(" · ");
  const tool = toolName(result.tool);
  return {
    organisation: organisation.name,
    slug: organisation.slug,
    span,
    name,
    asOf: time.long(period.asOf),
    timezone: organisation.timezone,
    systems: list(result.scope.systems.map(({ id }) => id)),
    tool,
    issue: issue ? issuedView(pack, issue) : null,
    checkpoint: {
      size: number(checkpoint.size),
      root: grouped(checkpoint.root),
      at: time.long(checkpoint.at),
    },
    // Page margins take their text from style sheets, where HTML's escapes mean nothing: these are CSS strings.
    running: {
      organisation: cssText(organisation.name),
      title: cssText(`Change management evidence, ${span}`),
      mark: cssText(mark),
      checkpoint: cssText(`Checkpoint ${number(checkpoint.size)} · ${grouped(checkpoint.root.slice(0, 16))}`),
    },
    contents: Object.entries(sections).map(([anchor, title], index) => ({ anchor, title, number: index + 1 })),
    section: Object.fromEntries(
      Object.entries(sections).map(([anchor, title], index) => [anchor, { anchor, title, number: index + 1 }]),
    ),
    population: counted(result.population.length, "item"),
    cover: coverView(pack, flow),
    assertion: assertionView(pack, { section: sectionNumber, tool, issued: issue !== undefined }),
    criteria: criteriaView(pack),
    completeness: completenessView(pack),
    mechanisms: mechanismsView(pack),
    matrix: matrixView(pack),
    continuity: continuityView(pack),
    bypasses: bypassesView(pack),
    classes: classesView(pack),
    access: accessView(pack),
    restatements: restatementsView(pack),
    redacted,
    settings: settingsView(pack),
    exceptions: exceptionsView(pack, flow),
    items: populationView(pack),
    records: recordsView(pack),
    metrics: metricsView(pack),
    verify: verifyView(pack, flow),
  };
}
export type DocumentView = ReturnType<typeof documentView>;

const sectionNumber = (anchor: keyof typeof sections): number => Object.keys(sections).indexOf(anchor) + 1;

/** `0.1.0 (build 0e09774a1b2c)`: what made the pack. */
function toolName({ version, build }: AssessmentResult["tool"]): string {
  if (build === undefined) return version;
  const commit = build.replace(/^([0-9a-f]{12})[0-9a-f]*/, "$1");
  return /^[0-9a-f]{12}/.test(build) ? `${version} (build ${commit})` : `${version} (${build})`;
}

/** The content of a CSS string: all but plain letters, digits and spaces as escapes, so it can end nothing. */
function cssText(text: string): string {
  return Array.from(text, (character) =>
    /[A-Za-z0-9 ]/.test(character) ? character : `\\${(character.codePointAt(0) ?? 0).toString(16)} `,
  ).join("");
}

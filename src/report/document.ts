import type { AssessmentResult } from "../model/assessment.ts";
import { csvFiles } from "./csv.ts";
import { commitFlow } from "./flow.ts";
import { counted, grouped, list, number } from "./format.ts";
import { type DocumentState, issuedView, packName } from "./issue-view.ts";
import { openPack, type Pack } from "./pack.ts";
import { partName, partOf } from "./part-links.ts";
import { accessView } from "./views/access.ts";
import { assertionView } from "./views/assertion.ts";
import { bypassesView } from "./views/bypasses.ts";
import { calibrationView } from "./views/calibration.ts";
import { classesView } from "./views/classes.ts";
import { completenessView } from "./views/completeness.ts";
import { continuityView } from "./views/continuity.ts";
import { coverView } from "./views/cover.ts";
import { criteriaView } from "./views/criteria.ts";
import { exceptionsView } from "./views/exceptions.ts";
import { glossaryView } from "./views/glossary.ts";
import { logicView } from "./views/logic.ts";
import { manualView } from "./views/manual.ts";
import { matrixView } from "./views/matrix.ts";
import { mechanismsView } from "./views/mechanisms.ts";
import { metricsView } from "./views/metrics.ts";
import { narrativeView } from "./views/narrative.ts";
import { populationView } from "./views/population.ts";
import { reReviewsView } from "./views/re-reviews.ts";
import { recordsView } from "./views/records.ts";
import { redactedView, restatementsView } from "./views/restatements.ts";
import { rollupView } from "./views/rollup.ts";
import { settingsView } from "./views/settings.ts";
import { verifyView } from "./views/verify.ts";

const sections = {
  calibration: "What explains these failures",
  assertion: "Management's assertion",
  criteria: "Results by criterion",
  rollup: "By team and system",
  completeness: "Completeness and accuracy",
  mechanisms: "Mechanisms and what happened",
  matrix: "Control matrix",
  continuity: "Branch rules over the period",
  bypasses: "Bypasses of the rules",
  classes: "Classes of changes",
  access: "Who may merge and deploy",
  restatements: "Packs issued before",
  settings: "Policies, identities, waivers",
  manual: "Management's attestations",
  reReviews: "Independent re-reviews",
  exceptions: "Exceptions",
  metrics: "Delivery and alerts",
  narrative: "Management's narrative: why no board meets",
  limits: "What this pack does not show",
  logic: "Test of the logic",
  verify: "How to verify",
  glossary: "Glossary",
  records: "Record references",
  population: "Population",
} as const;

/** What a line of the contents has no room for. */
const shortTitles: Partial<Record<Section, string>> = { narrative: "Management's narrative" };

/** Everything the templates lay out, as plain data: texts are visible already, numbers are formatted. Without what its issuing says, it is a draft. */
export function documentView(raw: AssessmentResult, state?: DocumentState, tables = csvFiles(raw)) {
  const issue = state === "calibration" ? undefined : state;
  const pack = openPack(raw, tables);
  const { result, time } = pack;
  const flow = commitFlow(pack);
  const { organisation, period, checkpoint } = result;
  const name = issue?.name ?? partOf(pack)?.name ?? packName(result, { edition: "full", revision: 1 });
  const span = time.span(period.from, period.to);
  const redacted = redactedView(pack);
  const mark = [
    name,
    issue ? "issued" : state ? "calibration, not evidence" : "draft",
    ...(redacted === null ? [] : ["redacted edition"]),
  ].join(" · ");
  const tool = toolName(result.tool);
  const contents = contentsOf(result, state);
  return {
    organisation: organisation.name,
    slug: organisation.slug,
    span,
    name,
    asOf: time.long(period.asOf),
    timezone: organisation.timezone,
    systems: list(result.scope.systems.map(({ id }) => id)),
    tool,
    part: partOf(pack),
    issue: issue ? issuedView(pack, issue) : null,
    calibration: state === "calibration" ? calibrationView(pack) : null,
    checkpoint: {
      size: number(checkpoint.size),
      root: grouped(checkpoint.root),
      at: time.long(checkpoint.at),
    },
    // Page margins take their text from style sheets, where HTML's escapes mean nothing: these are CSS strings.
    running: {
      organisation: cssText(result.part ? `${organisation.name}, ${partName(result.part)}` : organisation.name),
      title: cssText(`Change management evidence, ${span}`),
      mark: cssText(mark),
      checkpoint: cssText(`Checkpoint ${number(checkpoint.size)} · ${grouped(checkpoint.root.slice(0, 16))}`),
    },
    contents: contents.map((section) => ({ ...section, title: shortTitles[section.anchor] ?? section.title })),
    section: Object.fromEntries(contents.map((section) => [section.anchor, section])),
    population: counted(result.population.length, "item"),
    cover: coverView(pack, flow),
    assertion: assertionView(pack, { section: sectionNumber(result, state), tool, issued: issue !== undefined }),
    criteria: criteriaView(pack),
    rollup: rollupView(pack),
    completeness: completenessView(pack, flow),
    mechanisms: mechanismsView(pack),
    matrix: matrixView(pack),
    continuity: continuityView(pack),
    bypasses: bypassesView(pack),
    classes: classesView(pack),
    access: accessView(pack),
    restatements: restatementsView(pack),
    redacted,
    settings: settingsView(pack),
    manual: manualView(pack),
    reReviews: reReviewsView(pack),
    exceptions: exceptionsView(pack, flow),
    items: populationView(pack),
    records: recordsView(pack),
    metrics: metricsView(pack),
    narrative: narrativeView(pack),
    logic: logicView(pack),
    glossary: glossaryView(pack),
    verify: verifyView(pack, flow, tables),
  };
}
export type DocumentView = ReturnType<typeof documentView>;

/** The assertion as an issued document words it. */
export const issuedAssertion = (pack: Pack): DocumentView["assertion"] =>
  assertionView(pack, { section: sectionNumber(pack.result), tool: toolName(pack.result.tool), issued: true });

type Section = keyof typeof sections;

/** The sections that this pack has, in their order, numbered. */
function contentsOf(result: AssessmentResult, state?: DocumentState) {
  const absent = new Set<Section>([
    ...(state === "calibration" ? [] : (["calibration"] as const)),
    ...(result.rollup ? [] : (["rollup"] as const)),
    ...(result.logic ? [] : (["logic"] as const)),
    ...(result.narrative ? [] : (["narrative"] as const)),
  ]);
  return (Object.keys(sections) as Section[])
    .filter((anchor) => !absent.has(anchor))
    .map((anchor, index) => ({ anchor, title: sections[anchor], number: index + 1 }));
}

const sectionNumber =
  (result: AssessmentResult, state?: DocumentState) =>
  (wanted: Section): number =>
    contentsOf(result, state).findIndex(({ anchor }) => anchor === wanted) + 1;

/** `0.1.0 (build 0e09774a1b2c)`: what made the pack. */
export function toolName({ version, build }: AssessmentResult["tool"]): string {
  if (build === undefined) return version;
  const commit = build.replace(/^([0-9a-f]{12})[0-9a-f]*/, "$1");
  return /^[0-9a-f]{12}/.test(build) ? `${version} (build ${commit})` : `${version} (${build})`;
}

/** The content of a CSS string: all but plain letters, digits and spaces as escapes, so it can end nothing. */
export function cssText(text: string): string {
  return Array.from(text, (character) =>
    /[A-Za-z0-9 ]/.test(character) ? character : `\\${(character.codePointAt(0) ?? 0).toString(16)} `,
  ).join("");
}

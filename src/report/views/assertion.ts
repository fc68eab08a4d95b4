import type { ControlAssessment, ControlResult } from "../../model/assessment.ts";
import { counted, grouped, list, number } from "../format.ts";
import type { Pack } from "../pack.ts";
import { cutPopulation } from "./completeness.ts";
import { lateSince } from "./cover.ts";
import { namesAllUndecided } from "./exceptions.ts";

/** What the assertion refers to of the document around it. */
export interface Around {
  /** The number of a section. */
  readonly section: (
    anchor: "mechanisms" | "criteria" | "completeness" | "settings" | "exceptions" | "population",
  ) => number;
  /** What made the pack. */
  readonly tool: string;
  /** Whether management stands for it: a draft still has to be read and completed. */
  readonly issued: boolean;
}

/** What management asserts, no more than this pack's own results allow. */
export function assertionView(pack: Pack, around: Around) {
  const { result, time } = pack;
  const { organisation, scope, period, controls } = result;
  const having = (wanted: ControlResult): string => named(controls, (control) => control.result === wanted);
  const limits = [
    ["Above management's own threshold", having("aboveThreshold")],
    ["Evidence incomplete", named(controls, ({ incomplete }) => incomplete.length > 0)],
    ["Did not operate, because nothing called for it", having("didNotOperate")],
    [
      "Known only as it stood when it was read, not over the period: whether pipelines may approve",
      named(
        controls,
        ({ attributes, result }) => attributes.includes("approvals-by-people-only") && result !== "didNotOperate",
      ),
    ],
  ]
    .filter(([, ids]) => ids !== "")
    .map(([what, ids]) => `${what}: ${ids}.`)
    .join(" ");
  const systems = list(scope.systems.map(({ id }) => id));
  const span = `${time.span(period.from, period.to)} (${organisation.timezone})`;
  return {
    lead: `Management of ${organisation.name} is responsible for the controls over changes to ${systems}, and for this pack. For the period ${span}, on evidence as of ${time.long(period.asOf)}, management asserts that:`,
    limits,
    points: points(pack, limits, around),
  };
}

/** A sentence of the assertion; the ledger's root stands by itself, so that it can be compared. */
interface Point {
  readonly text: string;
  readonly root: string | null;
}

function points(pack: Pack, limits: string, { section, tool, issued }: Around): readonly Point[] {
  const { result, time } = pack;
  const { criteria, exceptions, checkpoint } = result;
  const late = lateSince(pack);
  const judged = list(
    criteria.filter(({ concluded }) => concluded).map(({ frameworkTitle, id }) => `${frameworkTitle} ${id}`),
  );
  const any = exceptions.length > 0;
  const listed = section("exceptions");
  const responses = "Management's responses are to be recorded beside each exception before signing.";
  const texts = [
    `Section ${section("mechanisms")} describes the controls over changes in place for these systems. They are measured here against ${judged}, as section ${section("criteria")} maps them, and against no other criterion.`,
    `The controls operated throughout the period${any ? ` except as listed in ${exceptionsIn(pack, listed)}` : ""}. ${limits}`.trim(),
    `The population${placed(pack, section("population"))} is every change, every commit on a released branch and every successful production deployment that the named sources recorded. Section ${section("completeness")} shows what was read: ${shown(pack)}.`,
    `Every item of that population was tested as described; no item was sampled, and none was left out.${open(pack, listed)}`,
    ...(late === null
      ? []
      : [
          `The policy, thresholds and identities that judged the period were first recorded on ${time.day(late)}, after it; section ${section("settings")} lists them.`,
        ]),
    any
      ? `The exceptions in ${exceptionsIn(pack, listed)} are all that the tests found.${issued ? "" : ` ${responses}`}`
      : "The tests found no exception.",
  ];
  const knows = "Management knows of no change to these systems that went around the sources named here";
  return [
    ...texts.map((text) => ({ text, root: null })),
    {
      text: `The results and lists in this pack were made by the tool, flowproof ${tool}, and not edited. They rest on the ledger at checkpoint size ${number(checkpoint.size)}, root`,
      root: grouped(checkpoint.root),
    },
    { text: issued ? `${knows}.` : `${knows}, except as noted below.`, root: null },
  ];
}

const named = (controls: readonly ControlAssessment[], of: (control: ControlAssessment) => boolean): string =>
  list(controls.filter(of).map(({ id, own }) => own?.id ?? id));

function shown({ result: { coverage, reconciliation } }: Pack): string {
  const gaps = coverage.filter(({ status }) => status !== "complete").length;
  const unmatched = reconciliation.unmatched.length;
  return [
    gaps === 0 ? "no gap in what was read is known" : `the gaps in ${counted(gaps, "stream")} listed there`,
    `${counted(unmatched, "item")} that ${unmatched === 1 ? "matches" : "match"} nothing on the other lists ${unmatched === 1 ? "is" : "are"} named there`,
  ].join("; ");
}

/** Where the population stands: its section, or the files where the section prints a part of it. */
function placed({ printed }: Pack, section: number): string {
  const cut = cutPopulation(printed);
  return cut === null
    ? ` in section ${section}`
    : `, in changes.csv, commits.csv and deployments.csv (of ${cut} section ${section} prints only what did not pass),`;
}

/** The same of the exceptions, waived ones and those that follow from another among them. */
function exceptionsIn({ printed: { told, brief, followers, all } }: Pack, section: number): string {
  const whole = told.length + brief.length === all.origins.length && followers.length === all.followers.length;
  return whole ? `section ${section}` : `exceptions.csv (section ${section} prints a part of it)`;
}

function open(pack: Pack, section: number): string {
  const undecided = pack.result.population.filter(({ observations }) =>
    observations.some(({ outcome }) => outcome === "notVerifiable"),
  ).length;
  if (undecided === 0) return "";
  const where = namesAllUndecided(pack)
    ? `${undecided === 1 ? "it is" : "they are"} listed at the end of section ${section}`
    : `the end of section ${section} says why, and not-verifiable.csv names each`;
  return ` For ${number(undecided)} of them the evidence does not decide every test; ${where}.`;
}

import {
  type AssessmentResult,
  type ControlAssessment,
  type CriterionAssessment,
  type Exception,
  isFollowing,
  type Response,
} from "../../model/assessment.ts";
import { attestationsFor } from "../attested.ts";
import { branchesOf } from "../branches-of.ts";
import { counted } from "../format.ts";
import { wholeCriterionLabel } from "../labels.ts";
import { responseOf } from "../stand.ts";
import { attestationObservation, attestationsOf, attestationUuid, reReviewObservation } from "./manual.ts";
import { uuidOf } from "./uuid-of.ts";
import { line, property, some, statusOf, token } from "./words.ts";

/** What this is not, in every result. */
export const limits =
  "Results of management's own tests of whole populations. This is not an opinion and not an auditor's report. OSCAL knows only satisfied and not-satisfied: not-satisfied with reason other stands for evidence that is incomplete, or for nothing having operated, and states no failure.";

/** The CSV file that holds the items of a control. */
const itemsOf: Readonly<Record<ControlAssessment["population"], string>> = {
  changes: "changes.csv",
  commits: "commits.csv",
  deployments: "deployments.csv",
  configuration: "settings.csv",
};

type Id = (...parts: readonly string[]) => string;

/** Gives UUIDs to what one document names: those of another period, checkpoint, part or edition are others. */
export function idsOf({ organisation, period, checkpoint, part, redacted }: AssessmentResult): Id {
  const of = part ? [part.kind, part.id] : [];
  return (...parts) =>
    uuidOf(organisation.slug, period.id, checkpoint.root, ...of, redacted ? "redacted" : "full", ...parts);
}

/** One framework's OSCAL result: an observation per control and per exception, a finding per criterion concluded, a risk per exception that follows from no other. */
export function resultOf(result: AssessmentResult, framework: string, criteria: readonly CriterionAssessment[]) {
  const { organisation, period, checkpoint, tool } = result;
  const document = idsOf(result);
  const id: Id = (...parts) => document(framework, ...parts);
  const covered = new Set(criteria.flatMap(({ controls }) => controls));
  const controls = result.controls.filter((control) => covered.has(control.id));
  const exceptions = result.exceptions.filter((exception) => exception.controls.some((one) => covered.has(one)));
  const origins = [{ actors: [{ type: "tool", "actor-uuid": id("tool") }] }];
  const records = new Map(result.records.map((record) => [record.id, record]));
  const common = { id, origins, result, records };
  const attestations = attestationsOf(result, framework);
  return {
    uuid: id("result"),
    title: line(`${criteria[0]?.frameworkTitle ?? framework}, ${period.id}`),
    description: `Management's tests of change management at ${organisation.name}: ${criteria.map((one) => `${one.id}: ${one.statement}`).join(" ")}`,
    start: period.from,
    end: period.cutAt ?? period.to,
    props: [
      property("evidence-as-of", period.asOf),
      property("checkpoint-size", checkpoint.size),
      property("checkpoint-root", checkpoint.root),
    ],
    "local-definitions": {
      components: [
        {
          uuid: id("tool"),
          type: "software",
          title: line(`${tool.name} ${tool.version}`),
          description:
            "Tests every change, commit, deployment and setting of the period against the organisation's own policy.",
          status: { state: "operational" },
        },
        ...result.scope.systems.map((system) => ({
          uuid: id("system", system.id),
          type: "system",
          title: line(system.id),
          description: line(`Team ${system.team}; released from ${system.repositories.map(branchesOf).join(", ")}.`),
          status: { state: "operational" },
        })),
      ],
    },
    "reviewed-controls": {
      "control-selections": [{ "include-controls": criteria.map((one) => ({ "control-id": token(one.id) })) }],
      "control-objective-selections": [
        { "include-objectives": criteria.map((one) => ({ "objective-id": token(one.id) })) },
      ],
    },
    ...some("observations", [
      ...controls.map((control) => controlObservation(common, control)),
      ...exceptions.map((exception) => exceptionObservation(common, exception)),
      ...attestations.map((one) => attestationObservation({ id, resource: document, records }, one, framework)),
      ...(result.reReviews ?? []).map((one) => reReviewObservation({ id, records }, one)),
    ]),
    ...some(
      "risks",
      exceptions.filter(isOrigin).map((exception) => riskOf(common, exception)),
    ),
    ...some(
      "findings",
      criteria.map((criterion) => findingOf(common, criterion, exceptions, controls)),
    ),
    remarks: `${limits} ${unobserved(result)}`,
  };
}

interface Common {
  readonly id: Id;
  readonly origins: readonly object[];
  readonly result: AssessmentResult;
  readonly records: ReadonlyMap<number, AssessmentResult["records"][number]>;
}

const isOrigin = (exception: Exception): boolean => !isFollowing(exception);

function controlObservation({ id, origins, result }: Common, control: ControlAssessment) {
  const { tally } = control;
  return {
    uuid: id("control", control.id),
    title: line(`${control.own?.id ?? control.id}: ${control.own?.title ?? control.title}`),
    description: `${control.statement} ${control.procedure}`,
    props: [
      property("control", control.id),
      property("result", control.result),
      property("items", tally.items),
      property("passed", tally.pass),
      property("failed", tally.fail),
      property("waived", tally.waived),
      property("not-verifiable", tally.notVerifiable),
      property("not-applicable", tally.notApplicable),
    ],
    methods: ["TEST"],
    types: ["control-objective"],
    origins,
    ...some(
      "subjects",
      control.bySystem
        .filter(({ system }) => result.scope.systems.some((one) => one.id === system))
        .map(({ system }) => ({ "subject-uuid": id("system", system), type: "component", title: line(system) })),
    ),
    "relevant-evidence": [
      { href: itemsOf[control.population], description: "Every item that was tested, with each test's outcome." },
      { href: "assessment.json", description: "Every message, and the records it rests on." },
    ],
    collected: result.period.asOf,
    ...(control.incomplete.length > 0
      ? {
          remarks: control.incomplete
            .map(({ system, items, reason }) => `${system}: ${counted(items, "item")} not verifiable: ${reason}`)
            .join("\n"),
        }
      : {}),
  };
}

function exceptionObservation({ id, origins, result, records }: Common, exception: Exception) {
  const { evidence, system } = exception;
  return {
    uuid: id("exception", exception.id),
    title: line(`${exception.id}: ${exception.system} ${exception.label}`),
    description: exception.messages.join("\n") || line(exception.title),
    props: [
      property("exception", exception.id),
      ...exception.attributes.map((attribute) => property("failed-test", attribute)),
      ...(exception.waiver === null ? [] : [property("waiver", exception.waiver)]),
    ],
    methods: ["TEST"],
    types: ["finding"],
    origins,
    ...some(
      "subjects",
      result.scope.systems
        .filter((one) => one.id === system)
        .map(() => ({ "subject-uuid": id("system", system), type: "component", title: line(system) })),
    ),
    "relevant-evidence": [
      { href: "exceptions.csv", description: line(`Exception ${exception.id}.`) },
      ...evidence
        .flatMap((record) => records.get(record) ?? [])
        .map(({ id: record, kind, externalId, fetchedAt, leaf }) => ({
          href: "assessment.json",
          description: line(`Record r${record}: ${kind} ${externalId}, fetched ${fetchedAt}.`),
          props: [property("record", `r${record}`), property("leaf", leaf)],
        })),
    ],
    collected: result.period.asOf,
  };
}

function riskOf({ id, origins, result }: Common, exception: Exception) {
  const answer = responseOf(result, exception);
  return {
    uuid: id("risk", exception.id),
    title: line(`${exception.id}: ${exception.title}`),
    description: line(`${exception.system} ${exception.label}, ${exception.at}.`),
    statement: exception.messages.join("\n") || line(exception.title),
    // An answer decides nothing: what management says stands beside, as its word.
    status: exception.waiver === null ? "open" : "deviation-approved",
    ...some("props", answer ? answerProperties(answer) : []),
    origins,
    remediations: [
      {
        uuid: id("remediation", exception.id),
        lifecycle: "recommendation",
        title: "What mends it",
        description: exception.remediation,
      },
      ...(answer?.remediation === undefined
        ? []
        : [
            {
              uuid: id("answer", exception.id),
              lifecycle: answer.done === undefined ? "planned" : "completed",
              title: "What management does",
              description: answer.remediation,
            },
          ]),
    ],
    "related-observations": [{ "observation-uuid": id("exception", exception.id) }],
  };
}

const answerProperties = ({ id, disposition, owner, due, done, record }: Response) => [
  property("answer", id),
  property("disposition", disposition),
  property("owner", owner),
  ...(due === undefined ? [] : [property("due", due)]),
  ...(done === undefined ? [] : [property("done", done)]),
  property("answer-record", `r${record}`),
];

function findingOf(
  { id, origins, result }: Common,
  criterion: CriterionAssessment,
  all: readonly Exception[],
  controls: AssessmentResult["controls"],
) {
  const exceptions = all.filter(({ controls }) => controls.some((one) => criterion.controls.includes(one)));
  return {
    uuid: id("finding", criterion.id),
    title: line(`${criterion.id}: ${wholeCriterionLabel(criterion, controls)}`),
    description: criterion.statement,
    props: [property("result", criterion.result)],
    origins,
    target: {
      type: "objective-id",
      "target-id": token(criterion.id),
      title: line(criterion.title),
      status: statusOf(criterion.result),
    },
    ...some("related-observations", [
      ...criterion.controls.map((control) => ({ "observation-uuid": id("control", control) })),
      ...exceptions.map((exception) => ({ "observation-uuid": id("exception", exception.id) })),
      ...attestationsFor(result.attestations ?? [], criterion.framework, criterion.id).map((one) => ({
        "observation-uuid": attestationUuid(id, one),
      })),
    ]),
    ...some(
      "related-risks",
      exceptions.filter(isOrigin).map((exception) => ({ "risk-uuid": id("risk", exception.id) })),
    ),
  };
}

function unobserved({ coverage }: AssessmentResult): string {
  const open = coverage.filter(({ status }) => status !== "complete").length;
  return open === 0
    ? `All ${counted(coverage.length, "stream")} of evidence were observed over the whole period.`
    : `Of ${counted(coverage.length, "stream")} of evidence, ${open} were not observed over the whole period; assessment.json says which, and why.`;
}

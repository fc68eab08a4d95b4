import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogueOf } from "../model/assessment/logic.ts";
import type { AssessmentResult, Item } from "../model/assessment.ts";
import {
  expectedOf,
  type Played,
  prove,
  SCENARIO_LOOKS,
  SCENARIO_PERIOD,
  SCENARIOS,
  type Scenario,
  type Subject,
  scenarioConfig,
  startSandbox,
} from "../sandbox/index.ts";
import { ConfigError } from "../util/errors.ts";
import { suggestion } from "../util/nearest.ts";
import { parsePeriod } from "../util/period.ts";
import { assess } from "./assess.ts";
import { collect } from "./collect.ts";
import { type Opening, openContext } from "./context.ts";

/** What the scenarios are run with. */
export interface ScenariosRequest extends Omit<Opening, "configFile" | "clock" | "wait"> {
  /** An empty folder for configuration and store. */
  readonly directory: string;
  /** Absent: all there are. */
  readonly scenarios?: readonly Scenario[];
}

/** One scenario with what was expected and what was found. */
export interface ScenarioFinding {
  readonly name: string;
  readonly covers: Scenario["covers"];
  readonly title: string;
  readonly because: string;
  /** What must not simply pass, `change: required-checks-passed fail`; empty: no alarm. */
  readonly expected: readonly string[];
  /** The same as found. */
  readonly found: readonly string[];
  /** What the pack says of the first of them, with the words that the scenario is about; empty where it is about none. */
  readonly message: { readonly text: string; readonly about: string };
  /** Each with the message found; empty: as expected. */
  readonly differences: readonly string[];
}

export interface ScenariosSummary {
  readonly scenarios: readonly ScenarioFinding[];
  /** Outcomes of items that no scenario made. */
  readonly beyond: readonly string[];
  readonly catalogue: ReturnType<typeof catalogueOf>;
  readonly requests: number;
}

/** The scenarios of these names. Throws ConfigError for a name that none has. */
export function scenariosNamed(names: readonly string[]): readonly Scenario[] {
  return names.map((wanted) => {
    const found = SCENARIOS.find(({ name }) => name === wanted);
    if (found) return found;
    const known = SCENARIOS.map(({ name }) => name);
    throw new ConfigError(`no scenario is called \`${wanted}\`${suggestion(wanted, known)}`);
  });
}

const tokenVariable = "FLOWPROOF_SANDBOX_TOKEN";

/** Plays every scenario on a server on loopback, looks at it three times as a cron job would, judges the month and compares. */
export async function runScenarios(request: ScenariosRequest): Promise<ScenariosSummary> {
  const { scenarios = SCENARIOS } = request;
  const sittings: Sitting[] = [];
  for (const [faults, some] of Map.groupBy(scenarios, ({ own }) => own?.faults))
    sittings.push(
      await runSitting({ ...request, directory: join(request.directory, String(sittings.length)) }, some, faults),
    );
  const summary = sittings.reduce(joined);
  return { ...summary, catalogue: catalogueOf(summary.scenarios) };
}

/** What some of the scenarios came to, looked at together. */
type Sitting = Omit<ScenariosSummary, "catalogue">;

/** Scenarios that are looked at under the same faults, in one organisation with one store. */
async function runSitting(
  request: ScenariosRequest,
  scenarios: readonly Scenario[],
  faults: string | undefined,
): Promise<Sitting> {
  const { directory, ...rest } = request;
  mkdirSync(directory);
  let now = Date.parse(SCENARIO_LOOKS[0]);
  const clock = (): Date => new Date(now);
  const proving = prove(scenarios);
  const sandbox = await startSandbox({ world: proving.world, clock, faults });
  const configFile = join(directory, "flowproof.config.yaml");
  const env = { ...rest.env, [tokenVariable]: "any-token-will-do" };
  const open = (later: boolean) => {
    const text = scenarioConfig(sandbox.url, scenarios, { later });
    writeFileSync(configFile, text);
    return openContext({ ...rest, env, clock, configFile, wait: async () => undefined });
  };
  try {
    await collect(open(false));
    const played = proving.play();
    now = Date.parse(SCENARIO_LOOKS[1]);
    await collect(open(false));
    proving.goOn();
    now = Date.parse(SCENARIO_LOOKS[2]);
    const context = open(true);
    const { warnings } = await collect(context);
    const result = await assess(context, { period: parsePeriod(SCENARIO_PERIOD, "UTC", clock()) });
    return { ...compare(played, result, warnings), requests: sandbox.stats().requests };
  } finally {
    await sandbox.close();
  }
}

function joined(one: Sitting, other: Sitting): Sitting {
  return {
    scenarios: [...one.scenarios, ...other.scenarios],
    beyond: [...one.beyond, ...other.beyond],
    requests: one.requests + other.requests,
  };
}

function compare(
  played: readonly Played[],
  result: AssessmentResult,
  warnings: readonly string[],
): Omit<Sitting, "requests"> {
  const byPlace = new Map(
    result.population.map((item) => [isPromoted(result, item) ? item.label : placeOf(item), item]),
  );
  const told = toldBy(result, warnings);
  const met = new Set<Item>();
  const scenarios = played.map((one): ScenarioFinding => {
    const looks = [...one.subjects].map(([name, subject]) => {
      const item = byPlace.get(placeOfSubject(one, subject));
      if (item) met.add(item);
      return { name, item };
    });
    return findingOf(one, looks, told);
  });
  const beyond = result.population
    // The settings of the shared repository are no single scenario's unless one speaks of them.
    .filter((item) => !met.has(item) && item.subject !== "configuration")
    .flatMap((item) => item.observations.filter(isBad).map((seen) => `${item.system} ${item.label}: ${textOf(seen)}`));
  return { scenarios, beyond };
}

function findingOf(
  one: Played,
  looks: readonly { name: string; item: Item | undefined }[],
  told: Readonly<Record<"warnings" | "scope" | "coverage" | "rules", readonly string[]>>,
): ScenarioFinding {
  const { scenario } = one;
  const { name, covers, title, because } = scenario;
  const differences: string[] = [];
  const subjects = new Map([
    ...Object.keys(scenario.expect).map((of) => [of, undefined] as const),
    ...looks.map(({ name: of, item }) => [of, item] as const),
  ]);
  const expected = [...subjects].flatMap(([of, item]) =>
    attributesOf(scenario, of, item).flatMap((attribute) => {
      const wanted = expectedOf(one, of, attribute);
      return wanted === undefined ? [] : [`${of}: ${attribute} ${wanted}`];
    }),
  );
  const found: string[] = [];
  for (const { name: of, item } of looks) {
    if (!item) {
      differences.push(`${of}: not in the population`);
      continue;
    }
    for (const attribute of attributesOf(scenario, of, item)) {
      const wanted = expectedOf(one, of, attribute);
      const seen = item.observations.find((each) => each.attribute === attribute);
      if (wanted !== undefined || (seen && isBad(seen))) {
        found.push(
          `${of}: ${attribute} ${seen?.outcome ?? "untested"}${seen?.waiver ? ` (waived by ${seen.waiver})` : ""}`,
        );
      }
      const agrees = wanted === undefined ? !seen || !isBad(seen) : seen?.outcome === wanted;
      if (!agrees)
        differences.push(`${of}: ${attribute} should be ${wanted ?? "pass"}: ${seen ? textOf(seen) : "untested"}`);
    }
  }
  const observation = (of: string, attribute: string) =>
    looks.find((look) => look.name === of)?.item?.observations.find((each) => each.attribute === attribute);
  const saying = (text: string) =>
    text.replace(/\$(\w+)/g, (_, noted: string) => one.noted.get(noted)?.slice(0, 8) ?? noted);
  for (const { of, attribute, text } of scenario.says ?? []) {
    const wanted = saying(text);
    const message = observation(of, attribute)?.message ?? "nothing";
    if (!message.includes(wanted)) differences.push(`${of}: ${attribute} should say "${wanted}": ${message}`);
  }
  for (const [of, outcomes] of Object.entries(scenario.earlier ?? {}))
    for (const [attribute, wanted] of Object.entries(outcomes)) {
      const beside = observation(of, attribute)?.earlierOutcome ?? "nothing";
      if (beside !== wanted)
        differences.push(`${of}: ${attribute} under the earlier rule should be ${wanted}: ${beside} stands beside it`);
    }
  for (const { by, text } of scenario.told ?? [])
    if (!told[by].some((each) => each.includes(text))) differences.push(`no word of "${text}" among the ${by}`);
  const said = scenario.says?.[0];
  const [of = "", attribute = ""] = said ? [said.of, said.attribute] : splitName(expected[0] ?? found[0] ?? "");
  const about = said ? saying(said.text) : "";
  const message = { text: observation(of, attribute)?.message ?? "", about };
  return { name, covers, title, because, expected, found, message, differences };
}

/** What is expected of a subject by its scenario, and what else was tested of it. */
const attributesOf = (scenario: Scenario, of: string, item: Item | undefined): readonly string[] => [
  ...new Set([
    ...Object.keys(scenario.expect[of] ?? {}),
    ...(item?.observations ?? []).map(({ attribute }) => attribute),
  ]),
];

/** Subject and attribute of `change 2: required-checks-passed fail`. */
const splitName = (text: string): readonly string[] => /^(.*?): (\S+)/.exec(text)?.slice(1) ?? [];

/** What a run and a pack say beside the items, line by line. */
function toldBy({ scope, coverage, policies, waivers, population }: AssessmentResult, warnings: readonly string[]) {
  const retroactive = (is: boolean) => (is ? "retroactive" : "in force when it judged");
  return {
    warnings,
    scope: [
      ...scope.repositories.map(({ name, status, reason }) => `${name} ${status}: ${reason}`),
      ...scope.systems.flatMap(({ id, repositories }) => repositories.map(({ name }) => `system ${id}: ${name}`)),
    ],
    coverage: coverage.flatMap(({ repository, kind, intervals }) =>
      intervals.map(({ status, reason }) => `${repository} ${kind} ${status}: ${reason ?? ""}`),
    ),
    rules: [
      ...policies.map((each) => `policy for ${each.systems.join(", ")}, ${retroactive(each.retroactive)}`),
      ...waivers.map((each) => `waiver ${each.id}, ${retroactive(each.retroactive)}`),
      ...population.flatMap(({ label, observations }) =>
        observations.flatMap(({ waiver, attribute }) =>
          waiver === undefined ? [] : [`waiver ${waiver} accepts ${attribute} of ${label}`],
        ),
      ),
    ],
  };
}

function isBad({ outcome, due }: Item["observations"][number]): boolean {
  return (outcome === "fail" || outcome === "notVerifiable") && due === undefined;
}

function textOf({ attribute, outcome, message }: Item["observations"][number]): string {
  return `${attribute} ${outcome} (${message})`;
}

/** Whether it is the settings of a branch that changes are promoted through, whose label names it. */
const isPromoted = ({ continuity }: AssessmentResult, { subject, label }: Item): boolean =>
  subject === "configuration" &&
  continuity.some(({ system, branch, promotedFrom }) => promotedFrom !== undefined && label === `${system}: ${branch}`);

/** Repositories are told apart by system: the scenarios have one each. */
function placeOf({ system, subject, number, commit }: Item): string {
  if (subject === "configuration") return `${system} configuration`;
  return `${system} ${subject} ${subject === "commit" ? commit : number}`;
}

function placeOfSubject({ repository }: Played, subject: Subject): string {
  switch (subject.kind) {
    case "change":
      return `${repository.name} change ${subject.number}`;
    case "commit":
      return `${repository.name} commit ${subject.oid}`;
    case "deployment":
      return `${repository.name} deployment ${subject.id}`;
    case "configuration":
      return subject.branch === undefined
        ? `${repository.name} configuration`
        : `${repository.name}: ${subject.branch}`;
  }
}

import { castOf } from "../simulate/organisation.ts";
import type { Repository, World } from "../world.ts";
import { APPROVAL } from "./approval.ts";
import { ARRIVAL } from "./arrival.ts";
import { AS_IT_STOOD } from "./as-it-stood.ts";
import { DELIVERY } from "./delivery.ts";
import { GATED } from "./gated.ts";
import { IDENTITY } from "./identity.ts";
import { MERGING } from "./merging.ts";
import { PARAMETERS } from "./parameters.ts";
import { deploy } from "./pipeline.ts";
import { addPlace, type Ground, SHARED, stageOn } from "./place.ts";
import { RETROACTIVE } from "./retroactive.ts";
import { ARRIVED, DEPLOYED, type Expected, FINAL, INDEPENDENT, type Scenario } from "./scenario.ts";
import { SETTINGS } from "./settings.ts";
import { SIGNIFICANCE } from "./significance.ts";
import { headOf, type Stage, type Subject } from "./stage.ts";
import { TESTING } from "./testing.ts";
import { TYING } from "./tying.ts";
import { UNREAD_RULES } from "./unread-rules.ts";

export { SCENARIO_LOOKS, SCENARIO_PERIOD, scenarioConfig } from "./config.ts";
export { EXTRAS, type Scenario } from "./scenario.ts";
export type { Subject } from "./stage.ts";

/** Every scenario, by theme. */
export const SCENARIOS: readonly Scenario[] = [
  ...APPROVAL,
  ...TESTING,
  ...MERGING,
  ...ARRIVAL,
  ...DELIVERY,
  ...IDENTITY,
  ...RETROACTIVE,
  ...PARAMETERS,
  ...GATED,
  ...TYING,
  ...AS_IT_STOOD,
  ...SIGNIFICANCE,
  ...UNREAD_RULES,
  ...SETTINGS,
];

/** A scenario that has been played: what it made, under the names its expectations use. */
export interface Played {
  scenario: Scenario;
  /** The repository it happened in, by the name it had then, and its id. */
  repository: { name: string; id: number };
  subjects: ReadonlyMap<string, Subject>;
  /** Commits that messages must name. */
  noted: ReadonlyMap<string, string>;
}

/** An organisation made for the scenarios, act by act; between the acts it is looked at. */
export interface Proving {
  /** At first its repositories and their rules, before the period. */
  world: World;
  /** Plays every scenario. */
  play(): readonly Played[];
  /** Lets happen what happens after the first look at the scenarios. */
  goOn(): void;
}

const HOUR = 3_600_000;

/** Makes the organisation; always the same one. */
export function prove(scenarios: readonly Scenario[] = SCENARIOS): Proving {
  const login = "proving-ground";
  const world: World = {
    organisation: { kind: "Organization", id: 3_300_777, login, name: "Proving Ground" },
    accounts: new Map(),
    apps: new Map(),
    emails: new Map(),
    viewer: 0,
    repositories: [],
    revision: 0,
  };
  let last = 100_000_000;
  const cast = castOf(world);
  const ground: Ground = { world, cast, nextId: () => ++last, from: Date.parse("2026-10-01T00:00:00Z") };
  let shared: Repository | undefined;
  // Only those that share a repository have to wait for each other.
  const turns = { shared: 0, own: 0 };
  const stages = scenarios.map((scenario) => {
    const at = turns[scenario.own ? "own" : "shared"]++;
    if (!scenario.own) shared ??= addPlace(ground, SHARED, { bypassable: true });
    const repository = scenario.own ? addPlace(ground, scenario.name, scenario.own) : (shared as Repository);
    const stage = stageOn(ground, repository, scenario.name, ground.from + 30 * HOUR + at * 6 * HOUR);
    if (scenario.own ?? scenario.expect["configuration"])
      stage.subjects.set("configuration", { kind: "configuration" });
    return { scenario, stage };
  });
  return {
    world,
    play: () => {
      const played = stages.map(({ scenario, stage }): Played => {
        scenario.play(stage);
        finish(stage);
        const { repository, subjects, noted } = stage;
        return { scenario, repository: { name: repository.name, id: repository.id }, subjects, noted };
      });
      world.revision++;
      return played;
    },
    goOn: () => {
      for (const { stage } of stages) {
        stage.now = Date.parse("2026-11-01T09:00:00Z");
        for (const act of stage.later) act();
      }
      world.revision++;
    },
  };
}

/** Deploys what the scenario brought, unless it said that it would not, or did. */
function finish(stage: Stage): void {
  const head = headOf(stage);
  if (!stage.deploysAtEnd || stage.repository.deployments.some(({ oid }) => oid === head)) return;
  deploy(stage, head);
}

/** What a subject must give by its scenario: what is said, and else of a deployment what it carries. Undefined: pass, or not applicable. */
export function expectedOf({ scenario }: Played, name: string, attribute: string): Expected | undefined {
  const said = scenario.expect[name]?.[attribute];
  if (said !== undefined || attribute !== DEPLOYED) return said;
  const carried = [INDEPENDENT, FINAL, ARRIVED];
  const found = Object.entries(scenario.expect).flatMap(([subject, outcomes]) =>
    /^(change|commit)/.test(subject) ? carried.flatMap((each) => outcomes[each] ?? []) : [],
  );
  return found.find((each) => each === "fail") ?? found.find((each) => each === "notVerifiable");
}

import Database from "better-sqlite3";
import { attributes, testOnWholeEvidence } from "../src/attributes/index.ts";
import type { Attribute } from "../src/model/attribute.ts";
import { compare } from "../src/model/compare.ts";
import type { Subject } from "../src/model/dossier.ts";
import type { EntityOf, EntityType } from "../src/model/entity.ts";
import { identityMap } from "../src/model/identity.ts";
import { assess } from "../src/pipeline/assess.ts";
import { withStore } from "../src/pipeline/open.ts";
import { resolveScope } from "../src/pipeline/scope.ts";
import type { PipelineContext } from "../src/pipeline/types.ts";
import { type Dossiers, loadDossiers } from "../src/store/dossiers/index.ts";
import type { EntityFilter, Store } from "../src/store/store.ts";
import { parsePeriod } from "../src/util/period.ts";
import type { Figure } from "./figure.ts";
import { timed, type Workbench } from "./workbench.ts";

/** Everything that the simulated organisation did. */
export const wholePeriod = parsePeriod("2026-05-01..2026-10-31", "UTC", new Date());

/**
 * Loading all dossiers of a period and testing every attribute on them, set-wise, and by a plain loop in raw better-sqlite3
 * that asks for what belongs to each change, commit and deployment: once as `db.prepare(...).all(...)` where it is needed,
 * once by statements that are kept. Lists of changes, commits and deployments are one query on every side. Rows read,
 * entities parsed, dossiers built and tests made are the same; only the asking differs.
 */
export async function evaluate(bench: Workbench): Promise<readonly Figure[]> {
  const { organisation, first } = await bench.collected(bench.changes);
  const ctx = organisation.context("first");
  const sides = { anew: [], kept: [], setWise: [] } as Record<"anew" | "kept" | "setWise", Evaluated[]>;
  const judged: number[] = [];
  for (let round = 0; round < 4; round++) {
    for (const side of ["anew", "kept"] as const) {
      const asker = openItemByItem(first.path, side === "kept");
      sides[side].push(await load(ctx, asker.entities));
      asker.close();
    }
    sides.setWise.push(await load(ctx));
    judged.push((await timed(() => assess(ctx, { period: wholePeriod }))).seconds);
  }
  const [entities, ...others] = new Set(Object.values(sides).flatMap((each) => each.map((one) => one.entities)));
  if (others.length > 0) throw new Error("the sides did not read the same entities");
  const figure = (name: string, what: "reading" | "whole", side: keyof typeof sides): Figure => {
    const [theirs, ours] = [sides[side], sides.setWise].map((each) => Math.min(...each.map((one) => one[what])));
    return {
      name,
      value: (theirs ?? 0) / (ours ?? 1),
      note: `${theirs?.toFixed(2)} s / ${ours?.toFixed(2)} s of computing, ${entities} entities`,
    };
  };
  return [
    { ...figure("evidence, a plain query per change / set-wise", "reading", "anew"), goal: { atLeast: 3 } },
    figure("the same, its statements kept", "reading", "kept"),
    figure("evaluating, a plain query per change / set-wise", "whole", "anew"),
    figure("the same, its statements kept", "whole", "kept"),
    { name: "loading and judging the whole period", value: Math.min(...judged), unit: "s" },
  ];
}

interface Evaluated {
  /** Seconds of computing spent on reading entities, of the `whole`. */
  readonly reading: number;
  readonly whole: number;
  readonly entities: number;
}

async function load(ctx: PipelineContext, instead?: Store["entities"]): Promise<Evaluated> {
  return withStore(ctx, { write: false }, async (store) => {
    const { repositories } = await resolveScope(ctx.config, store);
    const { from, to } = wholePeriod;
    const identities = identityMap(ctx.config.identities, new Map());
    const read = instead ?? store.entities;
    let [reading, entities] = [0, 0];
    const counted: Store["entities"] = async (type, filter) => {
      const { seconds, result } = await computed(() => read(type, filter));
      reading += seconds;
      entities += result.length;
      return result;
    };
    const { seconds } = await computed(async () =>
      test(await loadDossiers({ ...store, entities: counted }, { repositories, from, to, asOf: to, identities })),
    );
    return { reading, whole: seconds, entities };
  });
}

/** Runs the work and says how many seconds of computing it took, which other work on the machine changes less than its time. */
async function computed<T>(work: () => Promise<T>): Promise<{ readonly seconds: number; readonly result: T }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, result };
}

const tests = Map.groupBy(
  attributes.map((attribute) => ({ attribute, params: attribute.params.parse({}) })),
  ({ attribute }) => attribute.subject,
);

/** Tests every attribute on every dossier of its subject, by what holds where a policy says nothing. */
function test({ commits, changes, deployments, configuration }: Dossiers): void {
  for (const dossier of [...commits, ...changes, ...deployments, ...configuration])
    for (const { attribute, params } of tests.get(dossier.subject) ?? [])
      testOnWholeEvidence(attribute as Attribute<Subject>, dossier, params);
}

interface Row {
  readonly at: string | null;
  readonly key: string;
  readonly record_id: number;
  readonly data: string;
}

/** Answers what the store is asked for, the values of a list one after the other; the statements are kept, or prepared for each. */
function openItemByItem(path: string, keeps: boolean): { readonly entities: Store["entities"]; close(): void } {
  const db = new Database(path, { readonly: true });
  const statements = new Map<string, Database.Statement>();
  const prepared = (sql: string): Database.Statement => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    if (keeps) statements.set(sql, statement);
    return statement;
  };
  const each = (condition: string, type: EntityType, values: readonly string[]) => {
    const sql = `select at, key, record_id, data from entity where type = ? and ${condition}`;
    return values.flatMap((value) => (prepared(sql).all(type, value) as Row[]).sort(byTime));
  };
  const deploymentsOf = db.prepare("select key from entity where type = 'deployment' and repository = ?").pluck();
  const rowsOf = (type: EntityType, { keys, parents, repositories = [] }: EntityFilter): readonly Row[] => {
    if (keys) return each("key = ?", type, keys);
    if (parents) return each("parent = ?", type, parents);
    if (type !== "deploymentStatus") return each("repository = ?", type, repositories);
    return each(
      "parent = ?",
      type,
      repositories.flatMap((one) => deploymentsOf.all(one) as string[]),
    );
  };
  return {
    entities: async <T extends EntityType>(type: T, filter: EntityFilter = {}) =>
      rowsOf(type, filter).map(({ record_id, data }) =>
        Object.assign(JSON.parse(data) as EntityOf<T>, { record: record_id }),
      ),
    close: () => {
      db.close();
    },
  };
}

// Sorted here: ORDER BY costs each small query more than all the rest of it.
const byTime = (a: Row, b: Row): number => compare(a.at ?? "", b.at ?? "") || compare(a.key, b.key);

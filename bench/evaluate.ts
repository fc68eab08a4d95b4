import Database from "better-sqlite3";
import { identityMap } from "../src/model/identity.ts";
import { assess } from "../src/pipeline/assess.ts";
import { withStore } from "../src/pipeline/open.ts";
import { resolveScope } from "../src/pipeline/scope.ts";
import type { PipelineContext } from "../src/pipeline/types.ts";
import { loadDossiers } from "../src/store/dossiers/index.ts";
import { parsePeriod } from "../src/util/period.ts";
import type { Figure } from "./figure.ts";
import { timed, type Workbench } from "./workbench.ts";

/** Everything that the simulated organisation did. */
export const wholePeriod = parsePeriod("2026-05-01..2026-10-31", "UTC", new Date());

/**
 * Asking raw better-sqlite3 for the evidence of each change by itself, a prepared statement for each kind, its rows parsed
 * and nothing built from them, over loading all dossiers of the same period.
 */
export async function evaluate(bench: Workbench): Promise<readonly Figure[]> {
  const { organisation, first } = await bench.collected(bench.changes);
  const ctx = organisation.context("first");
  const [raw, loaded, judged] = [[], [], []] as [number[], number[], number[]];
  let asked = { changes: 0, queries: 0 };
  for (let round = 0; round < 3; round++) {
    const one = await timed(() => oneByOne(first.path));
    asked = one.result;
    raw.push(one.seconds);
    loaded.push(await load(ctx));
    judged.push((await timed(() => assess(ctx, { period: wholePeriod }))).seconds);
  }
  const [rawBest, loadedBest] = [Math.min(...raw), Math.min(...loaded)];
  return [
    {
      name: "a query a change and kind / loading set-wise",
      value: rawBest / loadedBest,
      goal: { atLeast: 3 },
      note: `${rawBest.toFixed(2)} s / ${loadedBest.toFixed(2)} s, ${asked.changes} changes, ${asked.queries} queries`,
    },
    { name: "loading and judging the whole period", value: Math.min(...judged), unit: "s" },
  ];
}

async function load(ctx: PipelineContext): Promise<number> {
  return withStore(ctx, { write: false }, async (store) => {
    const { repositories } = await resolveScope(ctx.config, store);
    const { from, to } = wholePeriod;
    const identities = identityMap(ctx.config.identities, new Map());
    const { seconds } = await timed(() => loadDossiers(store, { repositories, from, to, asOf: to, identities }));
    return seconds;
  });
}

interface Change {
  readonly key: string;
  readonly repository: string;
  readonly headOid: string;
}

/** Reads all that a change's dossier is made of, change by change. */
function oneByOne(path: string): { changes: number; queries: number } {
  const db = new Database(path, { readonly: true });
  const ofParent = db.prepare("select data from entity where type = ? and parent = ?").pluck();
  const ofKey = db.prepare("select data from entity where type = ? and key = ?").pluck();
  let queries = 0;
  const ask = (statement: Database.Statement<unknown[]>, type: string, key: string): readonly unknown[] => {
    queries++;
    return (statement.all(type, key) as string[]).map((data) => JSON.parse(data) as unknown);
  };
  const changes = (db.prepare("select data from entity where type = 'change'").pluck().all() as string[]).map(
    (data) => JSON.parse(data) as Change,
  );
  for (const { key, repository, headOid } of changes) {
    for (const type of ["review", "dismissal", "changeEvent", "changeFiles", "workItemLink"]) ask(ofParent, type, key);
    for (const type of ["check", "pipelineRun"]) ask(ofParent, type, `${repository}@${headOid}`);
    for (const { oid } of ask(ofParent, "changeCommit", key) as readonly { oid: string }[]) {
      ask(ofKey, "commit", `${repository}@${oid}`);
      ask(ofParent, "commitAuthors", `${repository}@${oid}`);
    }
  }
  db.close();
  return { changes: changes.length, queries };
}

import { join } from "node:path";
import Database from "better-sqlite3";
import { coreKinds, furtherKinds } from "../src/model/stream.ts";
import { collect } from "../src/pipeline/collect.ts";
import { openSandbox } from "../src/pipeline/sandbox.ts";
import { github } from "../src/providers/github/index.ts";
import { startSandbox, type World } from "../src/sandbox/index.ts";
import { collectInto, nothing, contextOf as providerContext, streamsOf } from "../test/contract/collecting.ts";
import { squashWorld } from "../test/contract/squash-world.ts";
import type { Figure } from "./figure.ts";
import { contextOf, type Workbench } from "./workbench.ts";

/** What collecting costs at the source, GraphQL and REST apart: for changes, with no news, and while the source fails. */
export async function price(bench: Workbench): Promise<readonly Figure[]> {
  const faulty = await underFaults(bench, Math.min(bench.changes, 1000));
  return [...(await squashed(1000)), ...(await simulated(bench)), ...(await withoutNews(74)), faulty];
}

/** The goal's own case: every change squashed into one commit and deployed once; one repository. */
async function squashed(changes: number): Promise<readonly Figure[]> {
  const [spent] = await priceOf(squashWorld({ changes }), [...coreKinds, ...furtherKinds], 1);
  const { graphql = 0, points = 0, rest = 0 } = spent ?? {};
  const note = `${changes} squash-merged changes, one deployment each`;
  return [
    { name: "GraphQL requests per 1,000 changes", value: (graphql * 1000) / changes, goal: { atMost: 50 }, note },
    { name: "GraphQL points per 1,000 changes", value: (points * 1000) / changes, goal: { atMost: 60 }, note },
    { name: "REST requests per 1,000 changes", value: (rest * 1000) / changes, note },
  ];
}

/** A whole organisation, with runs, rules, environments and alerts. */
async function simulated(bench: Workbench): Promise<readonly Figure[]> {
  const { organisation, first } = await bench.collected(bench.changes);
  const again = await organisation.collect("first");
  const [all, none] = asked(first.path);
  const per1000 = (count = 0) => (count * 1000) / bench.changes;
  const systems = organisation.context("first").config.systems.length;
  const note = `${bench.changes} changes of ${systems} systems`;
  return [
    { name: "organisation: GraphQL requests per 1,000 changes", value: per1000(all?.graphql), note },
    { name: "organisation: points per 1,000 changes", value: per1000(first.summary.points), note },
    { name: "organisation: REST requests per 1,000 changes", value: per1000(all?.rest), note: `${all?.rest} in all` },
    {
      name: "organisation, no news: GraphQL requests",
      value: none?.graphql ?? 0,
      note: `${again.summary.points} points, ${again.seconds.toFixed(1)} s`,
    },
    { name: "organisation, no news: REST requests", value: none?.rest ?? 0, note: "answered as unchanged" },
    { name: "organisation, no news: new records", value: again.summary.newRecords, goal: { atMost: 0 } },
  ];
}

/** Many repositories in which nothing moved since. */
async function withoutNews(count: number): Promise<readonly Figure[]> {
  const [, again] = await priceOf(manyRepositories(count), coreKinds, 2);
  const note = `${count} repositories`;
  return [
    { name: "no news: GraphQL requests", value: again?.graphql ?? 0, goal: { atMost: 1 }, note },
    { name: "no news: GraphQL points", value: again?.points ?? 0, goal: { atMost: 1 }, note },
  ];
}

interface Price {
  readonly graphql: number;
  readonly rest: number;
  readonly points?: number;
}

/** What each of so many collectings of a world asks for. */
async function priceOf(world: World, kinds: Parameters<typeof streamsOf>[1], times: number): Promise<readonly Price[]> {
  const sandbox = await startSandbox({ world, clock: () => new Date("2026-11-03T00:00:00Z") });
  const kept = nothing();
  const prices: Price[] = [];
  try {
    for (let time = 0; time < times; time++) {
      const before = { ...sandbox.stats() };
      await collectInto(kept, github, streamsOf(world, kinds), providerContext(sandbox.url));
      const after = sandbox.stats();
      prices.push({
        graphql: after.graphqlRequests - before.graphqlRequests,
        rest: after.restRequests - before.restRequests,
        points: after.points - before.points,
      });
    }
  } finally {
    await sandbox.close();
  }
  return prices;
}

/** Repositories of three changes each. */
function manyRepositories(count: number): World {
  const world = squashWorld({ changes: 3 });
  const repositories = Array.from({ length: count }, (_, index) => {
    const [own] = squashWorld({ changes: 3 }).repositories;
    if (!own) throw new Error("a world has a repository");
    const lists = [...own.checks.values(), own.issues, own.changes, own.deployments];
    const reviews = own.changes.flatMap((change) => change.reviews);
    for (const each of [...own.commits.values(), ...lists.flat(), ...reviews]) Object.assign(each, { repo: index });
    return Object.assign(own, { index, id: 1000 + index, name: `service-${index}` });
  });
  return { ...world, repositories };
}

/** How often each run of a store asked, by its exchanges. */
function asked(store: string): readonly Price[] {
  const db = new Database(store, { readonly: true });
  const rows = db
    .prepare(
      `select sum(text like 'GET %') as rest, sum(text not like 'GET %' and text <> '') as graphql
       from run join exchange on exchange.run = run.id join query_text on digest = query
       where status > 0 group by run.id order by run.ordinal`,
    )
    .all() as Price[];
  db.close();
  return rows;
}

/** Every tenth request is answered with 502; every request that reached the source counts. */
async function underFaults(bench: Workbench, changes: number): Promise<Figure> {
  const wanted = await requestsOf(bench, changes, "");
  const sent = await requestsOf(bench, changes, "502/10");
  return {
    name: "requests while every tenth fails / without",
    value: sent / wanted,
    goal: { atMost: 1.3 },
    note: `${sent} / ${wanted}, ${changes} changes`,
  };
}

async function requestsOf(bench: Workbench, changes: number, faults: string): Promise<number> {
  const sandbox = await openSandbox({ changes, faults });
  const name = `price-${faults.replaceAll(/\W/g, "-")}`;
  try {
    const config = join(bench.folder, `${name}.yaml`);
    sandbox.writeConfig(config);
    await collect(contextOf(config, join(bench.folder, `${name}.db`)));
    return sandbox.stats().requests;
  } finally {
    await sandbox.close();
  }
}

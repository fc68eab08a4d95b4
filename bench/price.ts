import { join } from "node:path";
import { collect } from "../src/pipeline/collect.ts";
import { openSandbox } from "../src/pipeline/sandbox.ts";
import type { Figure } from "./figure.ts";
import { contextOf, type Workbench } from "./workbench.ts";

/** What collecting costs at the source: in requests and points for the changes, with no news, and while the source fails. */
export async function price(bench: Workbench): Promise<readonly Figure[]> {
  const { organisation, first } = await bench.collected(bench.changes);
  const per1000 = (count: number) => (count * 1000) / bench.changes;
  const again = await organisation.collect("first");
  const repositories = organisation.context("first").config.systems.length;
  const faulty = await underFaults(bench, Math.min(bench.changes, 1000));
  const note = `${bench.changes} changes: ${first.summary.requests} requests, ${first.summary.points} points`;
  return [
    { name: "requests per 1,000 changes", value: per1000(first.summary.requests), goal: { atMost: 50 }, note },
    { name: "points per 1,000 changes", value: per1000(first.summary.points), goal: { atMost: 60 } },
    {
      name: "no news: requests",
      value: again.summary.requests,
      goal: { atMost: 1 },
      note: `${repositories} systems, ${again.summary.points} points, ${again.seconds.toFixed(1)} s`,
    },
    { name: "no news: new records", value: again.summary.newRecords, goal: { atMost: 0 } },
    faulty,
  ];
}

/** Every tenth request is answered with 502; every request that reached the source counts. */
async function underFaults(bench: Workbench, changes: number): Promise<Figure> {
  const wanted = await requestsOf(bench, changes, "");
  const asked = await requestsOf(bench, changes, "502/10");
  return {
    name: "requests while every tenth fails / without",
    value: asked / wanted,
    goal: { atMost: 1.3 },
    note: `${asked} / ${wanted}, ${changes} changes`,
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

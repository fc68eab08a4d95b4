import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Deployment, DeploymentStatus, Entity, GraphCommit, Seen } from "../src/model/entity.ts";
import type { Batch, Stream } from "../src/model/stream.ts";
import { attributeDeployments } from "../src/store/dossiers/attribution.ts";
import { firstParentLine } from "../src/store/dossiers/first-parent-line.ts";
import { openStore, type Store } from "../src/store/index.ts";
import { systemClock } from "../src/util/clock.ts";
import type { Figure } from "./figure.ts";
import { timed, type Workbench } from "./workbench.ts";

const commits = 100_000;
const deployments = 1_000;
const repository = "github/1";

/**
 * Attributing 100,000 commits to 1,000 deployments, from the graph in the store to what each deployment brought, over
 * `git rev-list --parents` of the same graph in a packed repository, start of the process and all its output included.
 */
export async function attribution(bench: Workbench): Promise<readonly Figure[]> {
  const graph = mergedLine();
  const git = join(bench.folder, "graph.git");
  const names = importInto(git, graph);
  const listed = () => execFileSync("git", ["-C", git, "rev-list", "--parents", "main"], { maxBuffer: 2 ** 30 });
  const entities = graph.map(({ parents }, place): GraphCommit & Entity => ({
    type: "graphCommit",
    key: `${repository}@${names[place]}`,
    repository,
    oid: names[place] as string,
    parents: parents.map((parent) => names[parent] as string),
    tree: createHash("sha1").update(`tree ${place}`).digest("hex"),
    changes: [],
  }));
  const path = join(bench.folder, "graph.db");
  const store = await filled(path, entities);
  const [ours, theirs]: [number[], number[]] = [[], []];
  let attributed = 0;
  for (let round = 0; round < 3; round++) {
    theirs.push((await timed(listed)).seconds);
    const { seconds, result } = await timed(() => attribute(store, names.at(-1) as string));
    ours.push(seconds);
    attributed = result;
  }
  await store.close();
  const [best, rivals] = [Math.min(...ours), Math.min(...theirs)];
  return [
    {
      name: "attribution / git rev-list --parents",
      value: best / rivals,
      goal: { atMost: 2 },
      note: `${best.toFixed(2)} s / ${rivals.toFixed(2)} s, ${commits} commits, ${attributed} of the line brought by ${deployments} deployments`,
    },
  ];
}

/** Every third commit of the line merges a side commit; parents by place, the older first. */
function mergedLine(): readonly { readonly parents: readonly number[] }[] {
  const graph: { parents: number[] }[] = [{ parents: [] }];
  let tip = 0;
  while (graph.length < commits) {
    graph.push({ parents: [tip] });
    const next = graph.length - 1;
    if (next % 3 === 0 && graph.length < commits) {
      graph.push({ parents: [tip, next] });
      tip = graph.length - 1;
    } else tip = next;
  }
  return graph;
}

/** Makes the graph a packed git repository; gives the name of each commit. */
function importInto(git: string, graph: readonly { readonly parents: readonly number[] }[]): readonly string[] {
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", git]);
  const stream = graph.map(({ parents: [first, second] }, place) =>
    [
      "commit refs/heads/main",
      `mark :${place + 1}`,
      `committer Bench <bench@riverbank.example> ${1_700_000_000 + place} +0000`,
      "data 1\nx",
      ...(first === undefined ? [] : [`from :${first + 1}`]),
      ...(second === undefined ? [] : [`merge :${second + 1}`]),
      "",
    ].join("\n"),
  );
  const marks = join(git, "marks");
  execFileSync("git", ["-C", git, "fast-import", "--quiet", "--force", `--export-marks=${marks}`], {
    input: stream.join("\n"),
  });
  execFileSync("git", ["-C", git, "repack", "-adq"]);
  const names: string[] = [];
  for (const line of execFileSync("cat", [marks], { maxBuffer: 2 ** 30 })
    .toString()
    .split("\n")) {
    const [mark, name] = line.slice(1).split(" ");
    if (name !== undefined) names[Number(mark) - 1] = name;
  }
  return names;
}

/** A store that holds the graph as projections of records. */
async function filled(path: string, entities: readonly GraphCommit[]): Promise<Store> {
  const store = await openStore({
    path,
    clock: systemClock,
    toolVersion: "bench",
    normalize: ({ body }) => [body as GraphCommit & Entity],
  });
  const run = await store.beginRun("bench");
  const stream: Stream = {
    id: `${repository}/commits`,
    source: "github",
    kind: "commits",
    scopeId: "1",
    scopeName: "riverbank/graph",
    since: "2026-01-01T00:00:00Z",
  };
  const at = "2026-01-01T00:00:00Z";
  for (let from = 0; from < entities.length; from += 10_000) {
    const records = entities
      .slice(from, from + 10_000)
      .map((entity) => ({ kind: "commit", externalId: entity.oid, body: entity }));
    const exchange = {
      endpoint: "",
      operation: "Graph",
      query: "",
      variables: "{}",
      status: 200,
      startedAt: at,
      serverTime: at,
    };
    await store.append(run, { exchange, parts: [{ stream, records }] } satisfies Batch);
  }
  await store.endRun(run, "done");
  return store;
}

/** How many commits of the line the deployments brought. */
async function attribute(store: Store, head: string): Promise<number> {
  const graph = new Map((await store.entities("graphCommit", { repositories: [repository] })).map((c) => [c.oid, c]));
  const at = "2026-06-01T00:00:00Z";
  const line = firstParentLine(
    [{ type: "branchHead", key: "head", repository, branch: "main", oid: head, observedAt: at, record: 1 }],
    graph,
  );
  const every = Math.floor(line.commits.length / deployments);
  const made = Array.from({ length: deployments }, (_, index) => {
    const oid = line.commits[(index + 1) * every - 1]?.oid ?? "";
    const succeededAt = new Date(Date.parse(at) + index * 60_000).toISOString();
    return { deployment: deploymentOf(index, oid, succeededAt), statuses: [] as Seen<DeploymentStatus>[], succeededAt };
  });
  return attributeDeployments(made, line, graph).reduce(
    (sum, { brought }) => sum + (brought ? brought.to - brought.from : 0),
    0,
  );
}

function deploymentOf(index: number, oid: string, createdAt: string): Seen<Deployment> {
  const id = String(index);
  const rest = { ref: null, task: "deploy", creator: null, totalStatuses: 0, record: 1 };
  return {
    type: "deployment",
    key: `${repository}/deployments/${id}`,
    repository,
    id,
    oid,
    environment: "production",
    createdAt,
    ...rest,
  };
}

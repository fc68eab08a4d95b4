import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect } from "vitest";
import type { AssessmentResult } from "../../src/model/assessment.ts";
import { assess } from "../../src/pipeline/assess.ts";
import { collect } from "../../src/pipeline/collect.ts";
import { openContext } from "../../src/pipeline/context.ts";
import { withStore } from "../../src/pipeline/open.ts";
import { status } from "../../src/pipeline/status.ts";
import type { CollectSummary, PipelineContext, StreamStatus } from "../../src/pipeline/types.ts";
import { demoConfig, type Sandbox, simulate, startSandbox, type World } from "../../src/sandbox/index.ts";
import { parsePeriod } from "../../src/util/period.ts";

const day = 86_400_000;

/** A simulated organisation behind a real server, and places that collect from it. */
export interface Organisation {
  readonly world: World;
  readonly sandbox: Sandbox;
  /** The source's time. */
  now: number;
  /** A folder of its own with a configuration and, once collected, a store. */
  place(edit?: (config: string) => string): Place;
  close(): Promise<void>;
}

/** One store with its configuration. */
export interface Place {
  readonly folder: string;
  readonly store: string;
  /** What the waits between requests would have been, in milliseconds. */
  readonly waits: number[];
  configure(edit: (config: string) => string): void;
  /** Takes over what another place has collected, as a backup is restored. */
  restore(from: Place): void;
  context(more?: Partial<PipelineContext>): PipelineContext;
  /** Collects while the source misbehaves as `--faults` has it; without, undisturbed. */
  collect(faults?: string, more?: Partial<PipelineContext>): Promise<CollectSummary>;
  assess(): Promise<AssessmentResult>;
  streams(): Promise<readonly StreamStatus[]>;
  stream(kind: string, scope?: string): Promise<StreamStatus>;
  said(): Facts;
}

/** What two stores of the same source have in common, as sorted lines. */
export interface Facts {
  /** Every version of every object: stream, kind, id, SHA-256 of its canonical body. */
  readonly records: readonly string[];
  readonly entities: readonly string[];
}

/** What a place says that was collected without a fault, asked once. */
export interface Baseline {
  readonly said: Facts;
  readonly states: readonly string[];
  readonly judged: AssessmentResult;
}

/** Asks a place for what others are compared with. */
export async function baselineOf(place: Place): Promise<Baseline> {
  return { said: place.said(), states: statesOf(await place.streams()), judged: await place.assess() };
}

/** Serves a simulated organisation, by a clock that stands still unless a test moves it. */
export async function organisation({ changes = 120 } = {}): Promise<Organisation> {
  const { world, truth } = simulate({ changes });
  const folders: string[] = [];
  const self = { now: Date.parse(truth.until) + 2 * day };
  const sandbox = await startSandbox({ world, clock: () => new Date(self.now) });
  return Object.assign(self, {
    world,
    sandbox,
    place: (edit: (config: string) => string = (config) => config) => {
      const folder = mkdtempSync(join(tmpdir(), "flowproof-faults-"));
      folders.push(folder);
      return placeIn(folder, sandbox, () => self.now, edit);
    },
    close: async () => {
      await sandbox.close();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  });
}

function placeIn(folder: string, sandbox: Sandbox, now: () => number, edit: (config: string) => string): Place {
  const [configFile, store] = [join(folder, "flowproof.config.yaml"), join(folder, "flowproof.db")];
  let text = edit(twoSystems(demoConfig(sandbox.url, { store: "flowproof.db", reports: "." })));
  const waits: number[] = [];
  const clock = () => new Date(now());
  const context = (more: Partial<PipelineContext> = {}): PipelineContext => {
    writeFileSync(configFile, text);
    const opened = openContext({
      configFile,
      clock,
      signal: new AbortController().signal,
      progress: () => {},
      wait: async (milliseconds) => {
        waits.push(milliseconds);
      },
      env: { FLOWPROOF_SANDBOX_TOKEN: "any-token" },
    });
    return { ...opened, ...more };
  };
  const streams = async () => (await status(context())).streams;
  return {
    folder,
    store,
    waits,
    context,
    configure: (change) => {
      text = change(text);
    },
    restore: (from) => {
      for (const suffix of ["", ".checkpoint.json"]) copyFileSync(`${from.store}${suffix}`, `${store}${suffix}`);
    },
    collect: async (faults, more) => {
      sandbox.setFaults(faults);
      try {
        return await collect(context(more));
      } finally {
        sandbox.setFaults(undefined);
      }
    },
    assess: () => assess(context(), { period: parsePeriod("2026-10", "UTC", clock()) }),
    streams,
    stream: async (kind, scope = "riverbank/payments") => {
      const found = (await streams()).find((each) => each.kind === kind && each.scope === scope);
      if (!found) throw new Error(`no stream ${kind} of ${scope}`);
      return found;
    },
    said: () => factsOf(store),
  };
}

/** Payments and platform-infra, in this order: enough to see one fail and another go on. */
const twoSystems = (config: string): string =>
  config.replace(/ {2}- id: (ledger-api|storefront|mobile-gateway)\n(?: {4}.*\n)+/g, "");

/** What a store holds, without what its own runs are called. */
function factsOf(store: string): Facts {
  return reading(store, (file) => {
    const records = file
      .prepare(
        "SELECT stream, kind, external_id, content FROM record JOIN body ON body.id = body_id WHERE stream NOT LIKE 'flowproof/%'",
      )
      .all() as { stream: string; kind: string; external_id: string; content: string }[];
    const entities = file.prepare("SELECT type, key, data FROM entity").all() as Record<string, string>[];
    return {
      records: [...new Set(records.map(lineOf))].sort(),
      // When a change was first read is what differs between two collectings, and rightly so.
      entities: entities
        .map(({ type, key, data = "" }) => `${type} ${key} ${data.replace(/"readAt":"[^"]*",/, "")}`)
        .sort(),
    };
  });
}

function lineOf({ stream, kind, external_id, content }: Record<"stream" | "kind" | "external_id" | "content", string>) {
  // A commit's authors are asked once a run, by whichever stream meets the commit first.
  const own = kind === "commitAuthors" ? stream.replace(/[^/]+$/, "-") : stream;
  return `${own} ${kind} ${external_id} ${createHash("sha256").update(content).digest("hex")}`;
}

/** Reads a store as anybody with a SQLite shell can. */
export function reading<T>(store: string, read: (file: Database.Database) => T): T {
  const file = new Database(store, { readonly: true });
  try {
    return read(file);
  } finally {
    file.close();
  }
}

/** Nothing that was stored is damaged, and no object is stored twice in a row as the same. */
export async function expectIntact(place: Place): Promise<void> {
  expect(await withStore(place.context(), { write: false }, (store) => store.verify())).toEqual([]);
  const twice = reading(place.store, (file) =>
    file
      .prepare(
        `SELECT stream, kind, external_id FROM (SELECT *, lag(body_id) OVER (PARTITION BY stream, kind, external_id ORDER BY id) AS before FROM record)
         WHERE before = body_id`,
      )
      .all(),
  );
  expect(twice).toEqual([]);
}

/** Stream, kind and id of every object of the streams that are called complete. */
function objectsOf({ records }: Facts, streams: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(
    records
      .filter((line) => streams.has(line.slice(0, line.indexOf(" "))))
      .map((line) => line.slice(0, line.lastIndexOf(" "))),
  );
}

/** What is called complete holds all that an undisturbed store holds of it; what is not says why. */
export async function expectTruthful(place: Place, calm: Facts): Promise<void> {
  const states = await place.streams();
  for (const { stream, status: state, reason } of states)
    if (state !== "complete") expect(reason, stream).toMatch(/\w/);
  const complete = new Set(states.filter(({ status: state }) => state === "complete").map(({ stream }) => stream));
  const held = objectsOf(place.said(), complete);
  expect([...objectsOf(calm, complete)].filter((object) => !held.has(object))).toEqual([]);
}

const keyOf = ({ subject, key }: AssessmentResult["population"][number]): string => `${subject} ${key}`;

/** What was judged and how, as sorted lines; record ids and the runs' times differ between stores, what they say must not. */
export function outcomesOf({ population }: AssessmentResult): readonly string[] {
  return population
    .flatMap((item) => item.observations.map(({ attribute, outcome }) => `${keyOf(item)} ${attribute} ${outcome}`))
    .sort();
}

/** Evidence that is missing gives "not verifiable": no outcome changes to another one, no item is judged that is none. */
export function expectNothingInvented(found: AssessmentResult, calm: AssessmentResult): void {
  const known = new Map(
    calm.population.flatMap((item) =>
      item.observations.map(({ attribute, outcome }) => [`${keyOf(item)} ${attribute}`, outcome] as const),
    ),
  );
  const wrong = found.population.flatMap((item) =>
    item.observations
      .filter(({ attribute, outcome }) => {
        const right = known.get(`${keyOf(item)} ${attribute}`);
        return outcome !== "notVerifiable" && (right === undefined ? outcome !== "notApplicable" : outcome !== right);
      })
      .map(({ attribute, outcome, message }) => `${keyOf(item)} ${attribute} ${outcome}: ${message}`),
  );
  expect(wrong).toEqual([]);
}

/** One undisturbed run later the store says what one says that was never disturbed, of records, entities and outcomes. */
export async function expectConverged(place: Place, calm: Baseline): Promise<void> {
  await place.collect();
  await expectIntact(place);
  const own = await baselineOf(place);
  expect(own.said.entities).toEqual(calm.said.entities);
  expect(own.said.records).toEqual(calm.said.records);
  expect(own.states).toEqual(calm.states);
  expect(outcomesOf(own.judged)).toEqual(outcomesOf(calm.judged));
}

const statesOf = (streams: readonly StreamStatus[]): readonly string[] =>
  streams.map(({ stream, status: state, until }) => `${stream} ${state} until ${until}`);

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrations } from "../../../migrations/index.ts";
import { hashSync } from "../../../src/ledger/hashing.ts";
import { newSigningKey, signingKey } from "../../../src/ledger/signing-key.ts";
import { verifyConsistency } from "../../../src/ledger/verify-consistency.ts";
import { type Store, type StoreOptions, signedStretches } from "../../../src/store/index.ts";
import { signedNote } from "../../../src/store/notes.ts";
import { openStore } from "../../../src/store/open-store.ts";
import { type ConfigError, IntegrityError } from "../../../src/util/errors.ts";
import { sha256 } from "../../../src/util/hash.ts";
import { batch, dropTriggers, freshFolder, head, open, optionsFor, rowsOf, withShell } from "./evidence-fixture.ts";

const origin = "flowproof/riverbank";
const key = signingKey(newSigningKey(), origin);
const otherKey = signingKey(newSigningKey(), origin);

let path: string;
let remove: () => void;
beforeEach(() => {
  ({ path, remove } = freshFolder());
});
afterEach(() => remove());

async function using<T>(options: Partial<StoreOptions>, task: (store: Store) => Promise<T>): Promise<T> {
  const store = await open(path, options);
  try {
    return await task(store);
  } finally {
    await store.close();
  }
}

const collected = (oids: readonly string[], options: Partial<StoreOptions> = { signer: key }) =>
  using(options, async (store) => {
    const run = await store.beginRun("collect");
    for (const oid of oids) await store.append(run, batch([head("main", oid)]));
    return store.endRun(run, "done");
  });

const checkpoints = () => using({ readonly: true }, (store) => store.checkpoints());
const verified = (known: typeof key | undefined = key) => using({ readonly: true }, (store) => store.verify(known));

/** What the owner of the file does behind the triggers. */
function tampered(...statements: readonly string[]): void {
  withShell(path, (file) => {
    file.pragma("foreign_keys = OFF");
    for (const table of ["body", "record", "leaf", "checkpoint", "signed_note", "run"]) dropTriggers(file, table);
    for (const statement of statements) expect(file.prepare(statement).run().changes).toBeGreaterThan(0);
  });
}

describe("a signed checkpoint", () => {
  it("carries a note that says whose ledger, how many records and which root, and the key signed it", async () => {
    const checkpoint = await collected(["a", "b"]);
    const root = Buffer.from(checkpoint.root, "hex").toString("base64");
    expect(checkpoint.note?.split("\n").slice(0, 4)).toEqual([origin, "2", root, ""]);
    expect(checkpoint.note).toBe(signedNote(checkpoint, key));
    expect(await checkpoints()).toEqual([checkpoint]);
    expect(await verified()).toEqual([]);
    expect(JSON.parse(readFileSync(`${path}.checkpoint.json`, "utf8"))).toEqual(checkpoint);
  });

  it("comes after each run, one after the other, beside unsigned ones from before the key", async () => {
    await collected(["a"], {});
    await collected(["b"]);
    await collected([]);
    const all = await checkpoints();
    expect(all.map(({ size, note }) => [size, note !== undefined])).toEqual([
      [1, false],
      [2, true],
      [2, true],
    ]);
    expect(await verified()).toEqual([]);
  });

  it("is as of then where the store is", async () => {
    await collected(["a"], { signer: key, clock: () => new Date("2026-11-02T04:00:00Z") });
    await collected(["b"], { signer: key, clock: () => new Date("2026-11-03T04:00:00Z") });
    const asOf = { readonly: true, asOf: "2026-11-03T00:00:00Z" };
    expect((await using(asOf, (store) => store.checkpoints())).map(({ size }) => size)).toEqual([1]);
    expect((await using(asOf, (store) => store.checkpoint()))?.note).toBeDefined();
  });

  it("may be of a new key; which key signed from where on can be told", async () => {
    await collected(["a"]);
    await collected(["b"]);
    const last = await collected(["c"], { signer: otherKey });
    const stretches = signedStretches(await checkpoints());
    expect(stretches.map(({ first, last }) => [first.size, last.size])).toEqual([
      [1, 2],
      [3, 3],
    ]);
    expect(stretches[0]?.key?.hash).not.toBe(stretches[1]?.key?.hash);
    expect(stretches[1]?.last).toEqual(last);
    expect(await verified()).toEqual([]);
    expect(await verified(otherKey)).toEqual([]);
  });

  it("is only added to: neither note nor token is changed or removed", async () => {
    const checkpoint = await collected(["a"]);
    await using({ signer: key }, (store) =>
      store.addTimestamp(checkpoint, { token: Uint8Array.of(1, 2), authority: "https://timestamps.example" }),
    );
    withShell(path, (file) => {
      for (const table of ["signed_note", "timestamp_token"]) {
        expect(() => file.exec(`UPDATE ${table} SET checkpoint = checkpoint`)).toThrow(/not changed/);
        expect(() => file.exec(`DELETE FROM ${table}`)).toThrow(/not removed/);
      }
    });
  });

  it("has the first token that was kept for its note, and an unsigned one can have none", async () => {
    const first = await collected(["a"]);
    const again = await collected([]);
    await using({ signer: key }, async (store) => {
      expect(await store.timestampOf(first)).toBeUndefined();
      await store.addTimestamp(again, { token: Uint8Array.of(1), authority: "a" });
      await store.addTimestamp(again, { token: Uint8Array.of(2), authority: "b" });
      expect(await store.timestampOf(first)).toEqual({ token: Uint8Array.of(1), authority: "a" });
      const { note: _, ...unsigned } = first;
      await expect(store.addTimestamp(unsigned, { token: Uint8Array.of(1), authority: "a" })).rejects.toThrow(
        RangeError,
      );
      expect(await store.timestampOf(unsigned)).toBeUndefined();
    });
  });
});

describe("a store from before notes", () => {
  it("is migrated with a copy kept, and signs from then on", async () => {
    const old = await openStore(optionsFor(path), { migrations: migrations.slice(0, 1) });
    withShell(path, (file) => {
      file.exec(`INSERT INTO run (id, command, tool, started_at, ended_at, outcome)
        VALUES ('r', 'collect', '0', '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z', 'done')`);
      file.exec(
        "INSERT INTO checkpoint (run, size, root, frontier, at) VALUES ('r', 0, x'" +
          `${sha256("").toString("hex")}', x'', '2026-11-01T00:00:00Z')`,
      );
    });
    await old.close();
    await expect(open(path, { readonly: true })).rejects.toThrow(/older flowproof and must be migrated/);
    await collected(["a"]);
    expect((await checkpoints()).map(({ note }) => note !== undefined)).toEqual([false, true]);
    expect(await verified()).toEqual([]);
    expect(rowsOf(`${path}.backup-1`, "checkpoint")).toHaveLength(1);
  });
});

describe("nothing is signed", () => {
  const refused = async (message: RegExp, kind: typeof IntegrityError | typeof ConfigError = IntegrityError) => {
    const before = rowsOf(path, "signed_note");
    const attempt = collected(["z"]);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toBeInstanceOf(kind);
    expect(rowsOf(path, "signed_note")).toEqual(before);
  };
  const withoutWitness = () => rmSync(`${path}.checkpoint.json`);
  beforeEach(async () => {
    await collected(["a", "b"]);
    await collected(["c", "d"]);
  });

  it("over a checkpoint that says something else than its note", async () => {
    tampered("UPDATE checkpoint SET size = 3 WHERE id = 2");
    withoutWitness();
    await refused(/checkpoint of run \S+ is over 3 records .* but its note is over 4 records/);
  });

  it("over a checkpoint whose note was made by somebody without the key", async () => {
    const [, last] = await checkpoints();
    const forged = signedNote(last as NonNullable<typeof last>, { ...otherKey, publicKey: key.publicKey });
    tampered(`UPDATE signed_note SET note = '${forged}' WHERE checkpoint = 2`);
    await refused(/the signature of flowproof\/riverbank under the checkpoint of run \S+ does not hold/);
    expect(await verified()).toContainEqual(expect.stringMatching(/is not signed by the key that it names/));
  });

  it("over a note that cannot be read, or that was put in the place of another", async () => {
    tampered("UPDATE signed_note SET note = 'nothing' WHERE checkpoint = 2");
    await refused(/the note of the checkpoint of run \S+ cannot be read/);
    expect(await verified()).toContainEqual(expect.stringMatching(/note .* cannot be read/));
    tampered("UPDATE signed_note SET note = (SELECT note FROM signed_note WHERE checkpoint = 1) WHERE checkpoint = 2");
    await refused(/but its note is over 2 records/);
    expect(await verified()).toContainEqual(expect.stringMatching(/is over 2 records with the root/));
  });

  it("where the checkpoint of a signed note is gone", async () => {
    const [, last] = await checkpoints();
    withoutWitness();
    tampered("DELETE FROM checkpoint WHERE id = 2");
    const gone = new RegExp(`a note over 4 records with the root ${last?.root} is of a checkpoint that is not there`);
    await refused(gone);
    expect(await verified()).toContainEqual(expect.stringMatching(gone));
  });

  it("on a forged checkpoint that was added after the last signed one", async () => {
    withoutWitness();
    // Of four leaves the frontier is the root.
    tampered(
      "DELETE FROM signed_note WHERE checkpoint = 2",
      "UPDATE checkpoint SET root = zeroblob(32), frontier = zeroblob(32) WHERE id = 2",
    );
    await refused(/the checkpoint of run \S+ over 4 records has the root 0{64}, the records give \w{64}/);
  });

  it("where the places given in the ledger are not those of its last checkpoint", async () => {
    withoutWitness();
    tampered("DELETE FROM signed_note WHERE checkpoint = 2", "DELETE FROM checkpoint WHERE id = 2");
    await refused(/4 records have a place in the ledger, but its last checkpoint is over 2/);
  });

  it("by a new key over records that earlier checkpoints contradict", async () => {
    tampered("UPDATE record SET leaf = zeroblob(32) WHERE id = 2");
    await expect(collected(["z"], { signer: otherKey })).rejects.toThrow(
      /over 2 records has the root \w{64}, the records give/,
    );
    expect(rowsOf(path, "signed_note")).toHaveLength(2);
  });

  it("under another name than before, and the message says which to set", async () => {
    const attempt = collected(["z"], { signer: signingKey(newSigningKey(), "flowproof/other") });
    await expect(attempt).rejects.toThrow(/signed as flowproof\/riverbank, not as flowproof\/other/);
    await expect(attempt).rejects.toMatchObject({
      code: "config",
      hint: expect.stringContaining("Set `origin: flowproof/riverbank`"),
    });
  });

  it("before a run begins: nothing is fetched for what cannot be signed", async () => {
    tampered("UPDATE signed_note SET note = 'nothing' WHERE checkpoint = 2");
    await using({ signer: key }, (store) => expect(store.beginRun("collect")).rejects.toThrow(IntegrityError));
    expect(rowsOf(path, "run")).toHaveLength(2);
  });
});

describe("tampering behind the triggers", () => {
  beforeEach(async () => {
    await collected(["a", "b"]);
    await collected(["c", "d"]);
  });

  it("53: one row that was updated is named", async () => {
    tampered(`UPDATE body SET content = replace(content, '"c"', '"x"') WHERE id = 3`);
    const problems = await verified();
    expect(problems.filter((problem) => problem.startsWith("r"))).toEqual([
      expect.stringMatching(/^r3 \(github\/4711\/commits, head main\): its body is not the one that was stored/),
    ]);
  });

  const cut = [
    "DELETE FROM entity",
    "DELETE FROM signed_note WHERE checkpoint = 2",
    "DELETE FROM leaf WHERE position >= 2",
    "DELETE FROM record WHERE id > 2",
    "DELETE FROM body WHERE id > 2",
    "DELETE FROM exchange WHERE id > 2",
    "DELETE FROM checkpoint WHERE id = 2",
    "DELETE FROM run WHERE ordinal = 2",
  ];
  const cutTail = async () => {
    withShell(path, (file) => dropTriggers(file, "exchange"));
    tampered(...cut);
    await using({}, (store) => store.rebuild());
  };

  it("54: a tail that was cut shows against the checkpoint noted beside the store, whose signature is named", async () => {
    const [, last] = await checkpoints();
    await cutTail();
    const problem = new RegExp(
      `does not hold its checkpoint of \\S+ over 4 records with the root ${last?.root}, signed by flowproof/riverbank, .*: it holds 2 records`,
    );
    expect(await verified()).toEqual([expect.stringMatching(problem)]);
    await expect(collected(["z"])).rejects.toThrow(problem);
  });

  it("54: all signed again with the real key after a cut passes here, and contradicts whoever holds an older checkpoint", async () => {
    const [, older] = await checkpoints();
    await cutTail();
    rmSync(`${path}.checkpoint.json`);
    const newer = await collected(["x", "y", "z"]);
    expect(await verified()).toEqual([]);
    const from = older?.size ?? 0;
    const { consistency } = await using({ readonly: true }, (store) => store.proofOf([], { size: 5, from: [from] }));
    const continues = (root: string): boolean =>
      hashSync(
        sha256,
        verifyConsistency(
          from,
          Buffer.from(root, "hex"),
          newer.size,
          Buffer.from(newer.root, "hex"),
          consistency.get(from) ?? [],
        ),
      );
    expect(continues(older?.root ?? "")).toBe(false);
  });

  it("55: two checkpoints of one size with other roots are a fork, and both are named", async () => {
    const [, signed] = await checkpoints();
    await cutTail();
    rmSync(`${path}.checkpoint.json`);
    const other = await collected(["x", "y"]);
    writeFileSync(`${path}.checkpoint.json`, JSON.stringify(signed));
    const fork = new RegExp(
      `^fork: .* over 4 records with the root ${signed?.root}, signed by flowproof/riverbank, .* of run \\S+, has the root ${other.root}`,
    );
    expect(await verified()).toEqual([expect.stringMatching(fork)]);
    await expect(collected([])).rejects.toThrow(fork);
    expect(
      await using({ readonly: true }, (store) => store.checkpoint()).catch((error: Error) => error),
    ).toBeInstanceOf(IntegrityError);
  });

  it("55: a note put over what was written beside it counts, and a false signature is called so", async () => {
    const forged = signedNote({ size: 4, root: "00".repeat(32) }, { ...otherKey, publicKey: key.publicKey });
    const [, last] = await checkpoints();
    writeFileSync(`${path}.checkpoint.json`, JSON.stringify({ ...last, note: forged }));
    expect(await verified()).toEqual([
      expect.stringMatching(/^fork: .*root 0{64}, with a false signature of flowproof\/riverbank/),
    ]);
  });

  it("55: two checkpoints of one size within the store are a fork too", async () => {
    await collected([]);
    tampered("UPDATE checkpoint SET root = zeroblob(32) WHERE id = 3");
    expect(await verified()).toContainEqual(
      expect.stringMatching(
        /^fork: two checkpoints over 4 records have different roots, \w{64} of run \S+ and 0{64} of run/,
      ),
    );
  });
});

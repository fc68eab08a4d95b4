import type { Kysely } from "kysely";
import { frontier } from "../ledger/frontier.ts";
import { sha256 } from "../util/hash.ts";
import type { StoredRecord } from "./evidence.ts";
import type { Tables } from "./tables.ts";

/** Takes every record in its order with its recomputed leaf, and tells what of the ledger's places and roots is wrong. */
interface LedgerCheck {
  next(row: StoredRecord, leaf: Uint8Array): readonly string[];
  end(): readonly string[];
}

/** Checks every checkpoint ever taken against the leaves it is given. */
export async function ledgerCheck(db: Kysely<Tables>): Promise<LedgerCheck> {
  const checkpoints = await db.selectFrom("checkpoint").selectAll().orderBy("size").orderBy("id").execute();
  // A checkpoint places every record there is, so only what runs begun after the last one stored may have none:
  // they are under way, or died, and the next checkpoint will place it.
  const covered = await db
    .selectFrom("run")
    .select("id")
    .where("ordinal", "<=", (query) =>
      query
        .selectFrom("checkpoint")
        .innerJoin("run as last", "last.id", "checkpoint.run")
        .select(({ fn }) => fn.max("last.ordinal").as("ordinal")),
    )
    .execute();
  const placed = new Set(covered.map(({ id }) => id));
  const tree = frontier(sha256);
  const problems: string[] = [];
  let reached = 0;
  let since = 1;

  const compare = (upTo: number): void => {
    for (let next = checkpoints[reached]; next && next.size <= tree.size(); next = checkpoints[reached]) {
      const matches = next.size === tree.size() && Buffer.from(tree.root()).equals(next.root);
      const range = upTo >= since ? `, in r${since} to r${upTo} or in the checkpoint itself` : "";
      if (!matches)
        problems.push(`the checkpoint of run ${next.run} over ${next.size} records has another root${range}`);
      else if (!Buffer.from(tree.bytes()).equals(next.frontier)) {
        problems.push(`the checkpoint of run ${next.run} has another frontier`);
      } else since = upTo + 1;
      reached += 1;
    }
  };
  compare(0);

  return {
    next(row, leaf) {
      const { id, run, position } = row;
      if (position === null)
        return placed.has(run) ? ["it has no place in the ledger, though a checkpoint came after its run"] : [];
      const expected = tree.size();
      tree.append(leaf);
      compare(id);
      return position === expected ? [] : [`it stands at place ${position} of the ledger instead of ${expected}`];
    },
    end() {
      for (const { run, size } of checkpoints.slice(reached)) {
        problems.push(`the checkpoint of run ${run} is over ${size} records, only ${tree.size()} are left`);
      }
      return problems;
    },
  };
}

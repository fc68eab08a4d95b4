import { batch, head, open, stream } from "../unit/store/evidence-fixture.ts";

/** A process of its own that collects: node store-writer.ts <store> <objects> [hold]. It goes on from the stored cursor and prints each acknowledged number of objects, then, with `hold`, keeps the lock until it is killed. */
const [path = "", objects = "0", hold] = process.argv.slice(2);
const perBatch = 5;

const store = await open(path);
await store.lock("flowproof collect");
process.stdout.write("locked\n");
const run = await store.beginRun("flowproof collect");
const cursor = (await store.cursors([stream().id])).get(stream().id);
for (let from = Number(cursor ?? 0); from < Number(objects); from += perBatch) {
  const records = Array.from({ length: perBatch }, (_, i) => head(`branch-${from + i}`, `oid-${from + i}`));
  await store.append(run, batch(records, { cursor: String(from + perBatch) }));
  process.stdout.write(`${from + perBatch}\n`);
}
await store.endRun(run, "done");
if (hold === "hold") setInterval(() => {}, 60_000);
else await store.close();

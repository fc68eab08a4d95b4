import { recordAnchor } from "../anchors.ts";
import { number } from "../format.ts";
import type { Pack } from "../pack.ts";

/** The records that the document names, each with the beginning of its leaf in the ledger. */
export function recordsView(pack: Pack) {
  const { records, checkpoint } = pack.result;
  const listed = records.filter(({ id }) => pack.cited.has(id));
  return {
    listed: number(listed.length),
    total: number(records.length),
    ledger: number(checkpoint.size),
    rows: listed.map((record) => ({
      anchor: recordAnchor(record.id),
      text: `r${record.id}`,
      kind: record.kind,
      externalId: record.externalId,
      stream: record.stream,
      fetched: pack.time.minute(record.fetchedAt),
      // The beginning of it suffices to recognise a record; all of it is in assessment.json.
      leaf: record.leaf.slice(0, 16),
    })),
  };
}

import { recordAnchor } from "../anchors.ts";
import { number } from "../format.ts";
import { cutOf } from "../listed.ts";
import type { Pack } from "../pack.ts";

/** The records that the document names, up to the listing's limit, each with the beginning of its leaf in the ledger. */
export function recordsView(pack: Pack) {
  const { records, checkpoint } = pack.result;
  const listed = records.filter(({ id }) => pack.cited.has(id));
  const named = records.filter(({ id }) => pack.named.has(id)).length;
  return {
    listed: number(named),
    cut: cutOf(() => pack.file("records.csv"), {
      anchor: "records-not-printed",
      shown: listed.length,
      all: named,
      what: "records that this document names",
      which:
        "what other sections name first, then what the rows of the population name; a reference to one that is not printed is plain text",
      sheet: "Records",
    }),
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

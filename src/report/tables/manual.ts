import type { ReReview } from "../../model/assessment/re-reviews.ts";
import type { AssessmentResult, Attestation } from "../../model/assessment.ts";
import { attachmentName } from "../../model/attestation.ts";
import { attestationKinds, attestationStates, reReviewResults, reReviewStand } from "../labels.ts";
import { linkable } from "../visible.ts";
import { criterionName } from "./controls.ts";
import { zoneOf } from "./items.ts";
import { type Column, type Table, tableOf, timeColumns } from "./table.ts";

/** A row per attestation of management's, by id and version: nobody tested what they say. */
export function attestationsTable(result: AssessmentResult): Table {
  const columns: readonly Column<Attestation>[] = [
    { head: "Attestation", width: 22, value: ({ id }) => id },
    { head: "Version", width: 8, value: ({ sequence }) => sequence },
    { head: "Kind", width: 22, value: ({ kind }) => attestationKinds[kind] },
    { head: "Title", width: 40, value: ({ title }) => title },
    { head: "Version of the document", width: 12, value: ({ documentVersion }) => documentVersion ?? null },
    { head: "Approved by", width: 22, value: ({ approver }) => approver ?? null },
    { head: "Attested by", width: 22, value: ({ by }) => by },
    { head: "Role", width: 22, value: ({ role }) => role },
    { head: "Effective", width: 11, value: ({ effective }) => effective },
    { head: "Expires", width: 11, value: ({ expires }) => expires },
    { head: "Stands to the period", width: 24, value: ({ state }) => attestationStates[state] },
    {
      head: "Withdrawn",
      width: 40,
      value: ({ withdrawn }) => (withdrawn ? `${withdrawn.at} by ${withdrawn.by}: ${withdrawn.reason}` : null),
    },
    { head: "Criteria", width: 30, value: ({ criteria }) => criteria.map(criterionName).join(" ") },
    { head: "Note", width: 40, value: ({ note }) => note ?? null },
    ...timeColumns<Attestation>({ head: "Recorded" }, zoneOf(result), ({ recordedAt }) => ({ at: recordedAt })),
    {
      head: "Recorded after it was to be in force",
      width: 12,
      value: ({ retroactive }) => (retroactive ? "yes" : "no"),
    },
    { head: "File", width: 30, value: ({ file }) => file.name },
    { head: "Bytes", width: 10, value: ({ file }) => file.size },
    { head: "SHA-256", width: 66, value: ({ file }) => file.sha256 },
    {
      head: "File in the evidence",
      width: 46,
      value: ({ id, file }) => (result.redacted ? null : `attachments/${attachmentName(id, file)}`),
    },
    { head: "Record", width: 9, value: ({ record }) => `r${record}` },
  ];
  return tableOf(columns, result.attestations ?? []);
}

/** A row per change of a sample that somebody without a part in it was to look at again. */
export function reReviewsTable(result: AssessmentResult): Table {
  type Row = { readonly sample: ReReview; readonly item: ReReview["items"][number] };
  const columns: readonly Column<Row>[] = [
    { head: "Sample of", width: 10, value: ({ sample }) => sample.period },
    ...timeColumns<Row>({ head: "Drawn" }, zoneOf(result), ({ sample }) => ({ at: sample.drawnAt })),
    { head: "Population", width: 10, value: ({ sample }) => sample.population },
    { head: "Seed", width: 24, value: ({ sample }) => sample.seed },
    { head: "Digest of the population", width: 66, value: ({ sample }) => sample.digest },
    { head: "System", width: 14, value: ({ item }) => item.system },
    { head: "Item", width: 14, value: ({ item }) => item.label },
    { head: "Title", width: 40, value: ({ item }) => item.title },
    { head: "Result", width: 14, value: ({ item }) => reReviewResults[reReviewStand(item)] },
    { head: "Looked at by", width: 26, value: ({ item }) => item.review?.reviewer ?? null },
    { head: "On", width: 11, value: ({ item }) => item.review?.on ?? null },
    { head: "Remark", width: 50, value: ({ item }) => item.review?.note ?? null },
    { head: "Doubt about independence", width: 40, value: ({ item }) => item.review?.doubt ?? null },
    { head: "Earlier words", width: 9, value: ({ item }) => item.review?.earlier ?? null },
    {
      head: "Record",
      width: 9,
      value: ({ sample, item }) => `r${item.review?.record ?? sample.record}`,
    },
    { head: "Address", width: 40, value: ({ item }) => linkable(item.url) },
  ];
  const rows = (result.reReviews ?? []).flatMap((sample) => sample.items.map((item) => ({ sample, item })));
  return tableOf(columns, rows);
}

import type { ReReview } from "../../model/assessment/re-reviews.ts";
import type { AssessmentResult, Attestation } from "../../model/assessment.ts";
import { attachmentName } from "../../model/attestation.ts";
import { attestationRef } from "../attested.ts";
import { counted, number } from "../format.ts";
import { attestationKinds, attestationStates } from "../labels.ts";
import { line, property, some } from "./words.ts";

type Id = (...parts: readonly string[]) => string;
type Records = ReadonlyMap<number, AssessmentResult["records"][number]>;

/** What observations of a document share: its own ids for resources, and the result's for what stands in it. */
export interface ManualContext {
  readonly id: Id;
  readonly resource: Id;
  readonly records: Records;
}

/** The attestations that bear on a framework: those that name a criterion of it, or none at all. */
export const attestationsOf = ({ attestations = [] }: AssessmentResult, framework: string): readonly Attestation[] =>
  attestations.filter(({ criteria }) => criteria.length === 0 || criteria.some((one) => one.framework === framework));

const nameOf = ({ id, sequence }: Attestation): readonly string[] => ["attestation", id, String(sequence)];

/** The UUID under which an attestation's observation stands. */
export const attestationUuid = (id: Id, attestation: Attestation): string => id(...nameOf(attestation));

/** Management's word with the document behind it: nothing of it was tested, and no result rests on it. */
export function attestationObservation(
  { id, resource, records }: ManualContext,
  attestation: Attestation,
  framework: string,
) {
  const { title, by, role, kind, state, effective, expires, recordedAt, record, file, withdrawn } = attestation;
  return {
    uuid: attestationUuid(id, attestation),
    title: line(`Attested: ${title}`),
    description: line(
      `The word of ${by}, ${role}, as recorded; nothing tested it. ${attestationKinds[kind]}, effective ${effective}${expires === null ? "" : ` to ${expires}`}: ${attestationStates[state]}.${withdrawn ? ` Withdrawn by ${withdrawn.by} at ${withdrawn.at}: ${withdrawn.reason}` : ""}`,
    ),
    props: [
      property("attestation", attestationRef(attestation).text),
      property("kind", kind),
      property("state", state),
      property("effective", effective),
      ...(expires === null ? [] : [property("expires", expires)]),
      property("retroactive", attestation.retroactive ? "yes" : "no"),
      ...addressed(attestation, framework).map((one) => property("addresses", one)),
    ],
    methods: ["ATTESTATION"],
    types: ["control-objective"],
    "relevant-evidence": [
      {
        href: `#${resource(...nameOf(attestation))}`,
        description: line(`${file.name}, ${counted(file.size, "byte")}.`),
      },
      ...[record, ...(withdrawn ? [withdrawn.record] : [])].map((one) => recordEvidence(records, one, "")),
    ],
    collected: recordedAt,
  };
}

/** `CC8.1:4` for each point of a framework that an attestation names, `CC8.1` for a whole criterion; none where it is not in force in the period. */
const addressed = ({ inForce, criteria }: Attestation, framework: string): readonly string[] =>
  criteria.flatMap(({ framework: of, criterion, points }) => {
    if (inForce === null || of !== framework) return [];
    return points.length === 0 ? [criterion] : points.map((point) => `${criterion}:${point}`);
  });

/** The attested documents as resources, by the digest of what was recorded; a redacted edition holds none of the files. */
export function attestationResources({ attestations = [], redacted }: AssessmentResult, resource: Id) {
  return attestations.map((attestation) => {
    const { id, title, file } = attestation;
    return {
      uuid: resource(...nameOf(attestation)),
      title: line(`${attestationRef(attestation).text}: ${title}`),
      ...(redacted
        ? {
            props: [property("sha-256", file.sha256)],
            remarks: "This edition holds no attested document; the digest is that of the one recorded.",
          }
        : {
            description: "As recorded; in an issued pack it is in evidence.zip, by this name.",
            rlinks: [
              {
                href: `attachments/${attachmentName(id, file)}`,
                "media-type": file.mediaType,
                hashes: [{ algorithm: "SHA-256", value: file.sha256 }],
              },
            ],
          }),
    };
  });
}

/** A sample of changes that persons without a part in them looked at again, with what they said of each. */
export function reReviewObservation({ id, records }: Omit<ManualContext, "resource">, sample: ReReview) {
  const { period, drawnAt, seed, population, digest, record, items } = sample;
  const said = items.flatMap(({ review }) => review ?? []);
  const agreed = said.filter((one) => one.agreed).length;
  return {
    uuid: id("re-review", period, drawnAt, String(record)),
    title: line(`Independent re-review of a sample of ${period}`),
    description: `${number(items.length)} of ${counted(population, "change")}, drawn ${drawnAt}: ${number(agreed)} agreed, ${number(said.length - agreed)} not agreed, ${number(items.length - said.length)} not recorded. It changes no result.`,
    props: [
      property("seed", seed),
      property("population", population),
      property("population-digest", digest),
      property("agreed", agreed),
      property("not-agreed", said.length - agreed),
      property("not-recorded", items.length - said.length),
    ],
    methods: ["EXAMINE"],
    types: ["control-objective"],
    "relevant-evidence": [
      recordEvidence(records, record, "The draw."),
      ...items.map(({ system, label, review }) =>
        review === null
          ? { href: "assessment.json", description: line(`${system} ${label}: not recorded.`) }
          : recordEvidence(
              records,
              review.record,
              `${system} ${label}: ${review.agreed ? "agreed" : "not agreed"}, by ${review.reviewer} on ${review.on}. ${review.note}${review.doubt === null ? "" : ` Whether the reviewer had a part in it cannot be ruled out: ${review.doubt}.`}`,
            ),
      ),
    ],
    collected: said.map(({ recordedAt }) => recordedAt).reduce((a, b) => (a > b ? a : b), drawnAt),
  };
}

/** A record as evidence, by its leaf in the ledger where the assessment lists it. */
function recordEvidence(records: Records, id: number, text: string) {
  const leaf = records.get(id)?.leaf;
  return {
    href: "assessment.json",
    description: line(`${text} Record r${id}.`),
    ...some("props", [property("record", `r${id}`), ...(leaf === undefined ? [] : [property("leaf", leaf)])]),
  };
}

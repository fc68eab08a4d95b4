import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { attributes } from "../../../src/attributes/index.ts";
import { attestationCriteria } from "../../../src/catalog/attestation-criteria.ts";
import { loadCatalog } from "../../../src/catalog/index.ts";
import {
  attachmentName,
  attestationIdSchema,
  attestationKinds,
  criterionNames,
  criterionProblem,
  criterionRefs,
} from "../../../src/model/attestation.ts";
import { packageRoot } from "../../../src/util/root.ts";

const { frameworks } = loadCatalog(join(packageRoot(), "controls"), attributes, []);
const names = criterionNames(frameworks);

describe("what attestations address", () => {
  it("is, for each kind, something that the shipped frameworks have", () => {
    expect(Object.keys(attestationCriteria)).toEqual([...attestationKinds]);
    for (const [kind, texts] of Object.entries(attestationCriteria))
      for (const text of texts) expect(criterionProblem(text, names), `${kind}: ${text}`).toBeUndefined();
  });

  it("reaches the topics of A.8.32 that version control rarely shows", () => {
    const all = Object.values(attestationCriteria).flat();
    for (const topic of ["c", "h", "i"]) expect(all).toContain(`iso27001-2022:A.8.32:${topic}`);
  });

  it("is read point by point, and said with what was probably meant where there is none", () => {
    expect(criterionRefs(["soc2-2017:CC8.1:4", "soc2-2017:CC5.3", "soc2-2017:CC8.1:7", "soc2-2017:CC8.1:4"])).toEqual([
      { framework: "soc2-2017", criterion: "CC8.1", points: ["4", "7"] },
      { framework: "soc2-2017", criterion: "CC5.3", points: [] },
    ]);
    expect(criterionProblem("soc2-2017:CC8.1:99", names)).toMatch(/no criterion `soc2-2017:CC8.1:99`; did you mean/);
    expect(criterionProblem("SOC 2 CC8.1", names)).toMatch(
      /write framework:criterion:point, such as soc2-2017:CC8.1:4$/,
    );
  });
});

describe("an attested file in a bundle", () => {
  it("has a name in which nothing of its own name leads anywhere", () => {
    const sha256 = "ab".repeat(32);
    for (const [name, expected] of [
      ["procedure.PDF", "procedure-1-abababababab.pdf"],
      ["../../etc/passwd", "procedure-1-abababababab"],
      ["x.\u202etxt", "procedure-1-abababababab"],
      ["=1+1.csv", "procedure-1-abababababab.csv"],
      ["a.tar.gz", "procedure-1-abababababab.gz"],
      [".env", "procedure-1-abababababab.env"],
    ] as const)
      expect(attachmentName("procedure-1", { name, sha256 })).toBe(expected);
    for (const id of ["../x", "A", "a b", "", "-a", "a-", "a".repeat(61)])
      expect(attestationIdSchema.safeParse(id).success, id).toBe(false);
  });
});

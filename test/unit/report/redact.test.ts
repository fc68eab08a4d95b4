import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AssessmentResult, assessmentResultSchema } from "../../../src/model/assessment.ts";
import { renderDocument, renderReport } from "../../../src/report/index.ts";
import { type PersonalName, redact, redaction } from "../../../src/report/redact.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";
import { allTexts } from "../../fixtures/workbook.ts";

const fixtureNames: readonly PersonalName[] = ["ada-okafor", "bjarne-holm", "chiyo-ito", "dalia-ruiz", "emre-aksoy"]
  .flatMap((login): PersonalName[] => [
    { kind: "login", text: login, person: login },
    { kind: "name", text: login.replace("-", " "), person: login },
  ])
  .concat(
    ["410231", "410877", "412005", "413398", "415020"].map((text, index) => ({
      kind: "id" as const,
      text,
      person: ["ada-okafor", "bjarne-holm", "chiyo-ito", "dalia-ruiz", "emre-aksoy"][index] ?? "",
    })),
    [
      { kind: "login", text: "ada-admin", person: "ada-okafor" },
      { kind: "id", text: "410232", person: "ada-okafor" },
    ],
  );

/** Names put wherever the source could have put them. */
function hostile(names: readonly string[]): AssessmentResult {
  const result = assessmentFixture();
  result.population.forEach((item, index) => {
    const name = names[index % names.length] ?? "";
    item.actor = `${name} (9${index})`;
    item.title = `Merge ${name.toUpperCase()}/fix: thanks ${name}, see <${name}>`;
    item.url = `https://git.riverbank.example/${encodeURIComponent(name)}/fork`;
    for (const observation of item.observations) observation.message += ` Approved by ${name} (9${index}) (@${name}).`;
  });
  result.exceptions.forEach((exception, index) => {
    const name = names[index % names.length] ?? "";
    exception.actor = name;
    exception.story.push({ at: null, text: `${name} pushed ${name}/hotfix`, record: null });
  });
  const first = names[0] ?? "";
  result.scope.repositories.push({ name: `riverbank/${first}-notes`, status: "excluded", reason: `${first}'s own` });
  for (const query of result.provenance.queries) {
    query.variables = [{ names: ["login"], requests: 1, example: JSON.stringify({ login: first }) }];
  }
  const [record] = result.records;
  if (record) record.externalId = `${first}:1`;
  result.waivers.push(
    ...result.waivers.slice(0, 1).map((waiver) => ({ ...waiver, id: "W-2", owner: first, reason: `${first} is away` })),
  );
  return result;
}

const shown = async (result: AssessmentResult): Promise<string> =>
  allTexts(await renderReport(result))
    .normalize("NFC")
    .toLowerCase();
const escapes = (text: string): readonly string[] => {
  const html = text.replace(/[&<>"'`=]/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`);
  const xml = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return [text, html, xml, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)].map((one) => one.toLowerCase());
};
const nasty = [
  "zoë.o'neil",
  "a+b*c(d)[e]",
  "$&-replace",
  "Æsir\\Wōden",
  "李小龍",
  "O’Brien-Smythe",
  "x{2,3}|y",
  "Ünal Çelik",
  'quoted"person',
];

describe("a redacted edition", () => {
  it("holds no name of a person in any file, whatever characters it has and wherever it stands", async () => {
    const names = nasty.map((text, index): PersonalName => ({ kind: "name", text, person: `p${index}` }));
    const files = await shown(redact(hostile(nasty), [...fixtureNames, ...names]));
    for (const { text } of [...names, ...fixtureNames]) {
      for (const form of escapes(text.normalize("NFC"))) expect(files, form).not.toContain(form);
    }
  });

  it("holds none of any names, in any case and either normal form", () => {
    const syllable = fc.constantFrom("qua", "zyx", "vło", "ñuk", "wje", "Xö", "jk'q", "v.z", "kq_");
    const name = fc.array(syllable, { minLength: 2, maxLength: 4 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), (names) => {
        const known = names.map((text, index): PersonalName => ({ kind: "login", text, person: `p${index}` }));
        const text = JSON.stringify(redact(hostile(names.map((one) => one.normalize("NFD"))), known)).normalize("NFC");
        for (const one of names) expect(text.toLowerCase()).not.toContain(one.normalize("NFC").toLowerCase());
      }),
      { numRuns: 15 },
    );
  });

  it("leaves no address, known or not", () => {
    const result = assessmentFixture();
    const [item, other] = result.population;
    if (!item || !other) throw new Error("the fixture lost its items");
    item.title = "Signed-off-by: Ada Okafor <ADA@riverbank.example>, 410231+ada-okafor@users.noreply.example";
    other.title = "mail nobody.known%40riverbank.example or nobody.known@riverbank.example";
    const names: PersonalName[] = [
      { kind: "email", text: "ada@riverbank.example", person: "ada-okafor" },
      ...fixtureNames,
    ];
    const redacted = redact(result, names);
    expect(JSON.stringify(redacted)).not.toMatch(/[\w.]+(@|%40)[\w.]*riverbank\.example/i);
    const person = /person-\d+/.exec(redacted.population[0]?.title ?? "")?.[0];
    expect(redacted.population[0]?.title).toBe(`Signed-off-by: ${person}, address-1`);
    expect(redacted.redacted?.addresses).toBeGreaterThan(0);
  });

  it("keeps outcomes, counts and ids, and is an assessment still", () => {
    const result = assessmentFixture();
    const redacted = redact(result, fixtureNames);
    expect(assessmentResultSchema.parse(redacted)).toEqual(redacted);
    const facts = ({ population, exceptions, controls, criteria, checkpoint }: AssessmentResult) => ({
      items: population.map(({ key, at, commit, observations }) => [
        key,
        at,
        commit,
        observations.map(({ outcome }) => outcome),
      ]),
      exceptions: exceptions.map(({ id, item, attributes }) => [id, item, attributes]),
      controls: controls.map(({ id, result: found, tally }) => [id, found, tally]),
      criteria,
      checkpoint,
    });
    expect(facts(redacted)).toEqual(facts(result));
    expect(redacted.records.map(({ leaf }) => leaf)).toEqual(result.records.map(({ leaf }) => leaf));
    expect(result).toEqual(assessmentFixture());
  });

  it("gives all accounts of one person one pseudonym, and every person another", () => {
    const redacted = redact(assessmentFixture(), fixtureNames);
    const [ada, chiyo, bot] = redacted.identities;
    expect(ada?.party).toMatch(/^person-\d+$/);
    expect(ada?.accounts).toEqual([`github:${ada?.party}`, `github:${ada?.party}`]);
    expect(chiyo?.party).not.toBe(ada?.party);
    expect(bot).toEqual(assessmentFixture().identities[2]);
    const before = assessmentFixture().population.map(({ actor }) => actor);
    const after = redacted.population.map(({ actor }) => actor);
    const pairs = new Set(before.map((actor, index) => `${actor} ${after[index]}`));
    expect(pairs.size).toBe(new Set(before).size);
  });

  it("is not wrecked by people who are called like ordinary words", () => {
    const words = [
      "test",
      "pass",
      "main",
      "change",
      "payments",
      "main",
      "github",
      "2026",
      "r12",
      "ex",
      "deadbeef",
      "commits",
    ];
    const result = assessmentFixture();
    const [item] = result.population.filter(({ subject }) => subject === "change");
    const [observation] = item?.observations ?? [];
    if (!item || !observation) throw new Error("the fixture lost its items");
    item.actor = "test (77)";
    observation.message =
      "The required check test passed on deadbeef at 2026-10-03T10:00:00Z; merged by test (77), github:pass, @main.";
    const names: PersonalName[] = [
      ...words.map((text): PersonalName => ({ kind: "login", text, person: text })),
      { kind: "id", text: "77", person: "test" },
    ];
    const redacted = redact(result, names);
    expect(() => assessmentResultSchema.parse(redacted)).not.toThrow();
    const same = redacted.population.find(({ key }) => key === item.key);
    const actor = same?.actor ?? "";
    expect(actor).toMatch(/^person-\d+$/);
    expect(same?.observations[0]?.message).toMatch(
      new RegExp(
        `^The required check test passed on deadbeef at 2026-10-03T10:00:00Z; merged by ${actor}, github:person-\\d+, @person-\\d+.$`,
      ),
    );
    const plain = (one: AssessmentResult) => [
      one.attributes,
      one.controls.map(({ id, title, statement }) => [id, title, statement]),
      one.coverage,
      one.records,
    ];
    expect(plain(redacted)).toEqual(plain(result));
  });

  it("gives nobody a pseudonym that somebody bears, and leaves out links with a name in them", () => {
    const result = assessmentFixture();
    const [item] = result.population;
    if (!item) throw new Error("the fixture lost its items");
    item.actor = "person-1 (5)";
    item.url = "https://git.riverbank.example/person-1/fork";
    const redacted = redact(result, [{ kind: "login", text: "person-1", person: "x" }]);
    expect(JSON.stringify(redacted)).not.toContain("person-1");
    expect(redacted.population[0]).toMatchObject({ actor: "person-2", url: null });
  });

  it("says what it is on its first page and on every page's foot", () => {
    const html = renderDocument(redact(assessmentFixture(), fixtureNames));
    expect(html).toContain("Redacted edition: names and addresses of persons are replaced (5 persons by person-1");
    expect(html).toMatch(/@bottom-left \{ content: "[^"]*redacted edition"/);
    expect(renderDocument(assessmentFixture())).not.toContain("Redacted edition");
  });

  it("redacts what stands beside the result by the same pseudonyms", () => {
    const { result, text } = redaction(assessmentFixture(), fixtureNames);
    expect(text("Asserted by Ada Okafor, Head of Platform")).toBe(
      `Asserted by ${result.identities[0]?.party}, Head of Platform`,
    );
  });
});

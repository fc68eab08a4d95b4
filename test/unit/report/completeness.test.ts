import { describe, expect, it } from "vitest";
import { documentView } from "../../../src/report/document.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

describe("a change that was merged to a branch that is not released", () => {
  const elsewhere = (promotions: number) => {
    const result = assessmentFixture({ clean: true });
    const [row] = result.reconciliation.rows;
    const record = result.population[0]?.record;
    if (!row || typeof record !== "number") throw new Error("the fixture lost its rows");
    row.changes.elsewhere = 1 + promotions;
    const change = {
      system: row.system,
      label: "#77",
      title: "Try the new ledger",
      url: "https://git.riverbank.example/77",
      branch: "trial",
      mergedAt: result.period.from,
      record,
    };
    result.reconciliation.elsewhere = [change];
    result.reconciliation.promotions = Array.from({ length: promotions }, () => {
      return { ...change, branch: "prod", commit: null, identicalTo: null };
    });
    return result;
  };

  it("is named with its branch and its record, and completes the sum of what is stored", () => {
    const { completeness, cover } = documentView(elsewhere(0));
    const merged = Number(cover.tie.at(-1)?.n);
    expect(completeness.elsewhere?.sum).toMatch(
      new RegExp(`^All ${merged + 1} merged changes .*: ${merged} of the tie-out and 1 named here,`),
    );
    expect(cover.tie.at(-1)?.lines.at(-1)).toMatchObject({
      text: "1 more merged to other branches",
      anchor: "elsewhere",
    });
    const html = renderDocument(elsewhere(0));
    expect(html).toContain("<td>merged to trial, not to the released branch</td>");
    expect(html).toContain('<h4 id="elsewhere">');
  });

  it("is counted beside the promotions", () => {
    const { completeness, cover } = documentView(elsewhere(2));
    const merged = Number(cover.tie.at(-1)?.n);
    expect(completeness.elsewhere?.sum).toMatch(
      new RegExp(`^All ${merged + 3} merged .*: ${merged} of the tie-out, 2.promotions and 1 named here,`),
    );
  });

  it("has no heading where there is none", () => {
    expect(renderDocument(assessmentFixture())).not.toContain("Merged elsewhere");
  });
});

describe("a repository that is promoted through a second branch", () => {
  const promoted = (status: "complete" | "unobserved") => {
    const result = assessmentFixture({ clean: true });
    const at = result.coverage.findIndex(({ system, kind }) => system === "payments" && kind === "commits");
    const main = result.coverage[at];
    if (!main) throw new Error("the fixture lost its commits");
    const prod = {
      ...main,
      stream: `${main.stream}/prod`,
      status,
      stored: 7,
      sourceTotal: 9,
      intervals: main.intervals.map((one) => ({ ...one, status, reason: status === "complete" ? null : "403" })),
    };
    result.coverage.splice(at + 1, 0, prod);
    return result;
  };

  it("has both branches' commits in the coverage matrix, each against the source's count", () => {
    const [coverage] = documentView(promoted("complete")).completeness.coverage;
    const row = coverage?.rows.find(({ scope }) => scope.startsWith("payments"));
    const [main, prod, ...more] = row?.cells[coverage?.kinds.indexOf("Commits") ?? -1] ?? [];
    expect(main).toMatchObject({ branch: null, text: "12", note: "of 12", tone: "flow" });
    expect(prod).toMatchObject({ branch: "prod", text: "7", note: "of 9", tone: "unseen" });
    expect(more).toEqual([]);
    expect(renderDocument(promoted("complete"))).toMatch(/prod:<\/span> <span class="unseen">7<\/span>/);
  });

  it("names the branch where its commits could not be read", () => {
    expect(documentView(promoted("unobserved")).cover.unseen[0]?.what).toBe("payments: commits of prod");
  });

  it("names the branch on page one where its rules could not be read, with the share, and the controls left open", () => {
    const result = assessmentFixture({ clean: true });
    const rules = result.coverage.find(({ system, kind }) => system === "payments" && kind === "protection");
    const control = result.controls.find(({ population }) => population === "configuration");
    if (!rules || !control) throw new Error("the fixture lost its rules");
    const intervals = rules.intervals.map((one) => ({
      ...one,
      status: "unobserved" as const,
      reason: "the rules of prod were not read",
    }));
    result.coverage.push({ ...rules, stream: `${rules.stream}/prod`, status: "unobserved", intervals });
    control.incomplete = [{ system: "payments", items: 1, reason: "The rules of prod were not observed." }];
    const [gap] = documentView(result).cover.unseen;
    expect(gap).toMatchObject({ what: "payments: branch rules of prod", why: "the rules of prod were not read" });
    expect(gap?.share).toMatch(/^1 of 5.systems, [\d.]+.% of the commits$/);
    expect(gap?.controls.map(({ text }) => text)).toContain(control.own?.id ?? control.id);
  });
});

it("sets what every control rests on apart from what only adds to it, so that both fit the page", () => {
  const result = assessmentFixture();
  const names = (given: typeof result) =>
    documentView(given).completeness.coverage.map(({ title, kinds }) => [title, ...kinds]);
  expect(names(result)[0]).toContain("Deployments");
  const [first] = result.coverage;
  if (!first) throw new Error("the fixture lost its coverage");
  const core = result.coverage.filter(({ kind }) => kind !== "ruleSuites");
  const suites = { ...first, stream: "github/700/ruleSuites", kind: "ruleSuites" as const, stored: 3 };
  const both = names({ ...result, coverage: [...core, suites] });
  expect(both[0]).not.toContain("Evaluations of rules");
  expect(both[1]?.[0]).toBe("What adds to it where the source lets it be read");
  expect(both[1]).toContain("Evaluations of rules");
});

it("says once what no system let be read, and blames no control on what only adds to its evidence", () => {
  const result = assessmentFixture({ clean: true });
  const gap = { from: result.period.from, to: result.period.to, status: "unobserved" as const, reason: "403" };
  const further = result.scope.systems.map(({ id }, i) => ({
    stream: `github/${700 + i}/access`,
    source: "github",
    repository: `riverbank/${id}`,
    kind: "access" as const,
    system: id,
    status: "unobserved" as const,
    intervals: [gap],
    stored: 0,
    sourceTotal: null,
  }));
  for (const control of result.controls) control.incomplete = [{ system: "search", items: 1, reason: "reviews: 404" }];
  const core = result.coverage.filter(({ kind }) => kind !== "access");
  const cover = (coverage: typeof result.coverage) => documentView({ ...result, coverage }).cover.unseen;
  expect(cover([...core, ...further])).toEqual([
    {
      what: "all systems: rights",
      share: null,
      when: "whole period",
      why: "403",
      anchor: null,
      controls: [],
      alone: [],
    },
  ]);
  expect(cover([...core, ...further.slice(0, 2)])[0]?.what).toBe("payments and ledger: rights");

  // A test that would have looked there judged by what else is on record, and says so.
  const bypass = result.attributes.find(({ id }) => id === "merged-without-bypass");
  Object.assign(bypass ?? {}, { considers: ["access"] });
  const id = result.controls.find(({ attributes }) => attributes.includes("merged-without-bypass"))?.id;
  const anchor = `control-${id}`;
  const alone = [{ text: id, anchor }];
  expect(cover([...core, ...further])).toMatchObject([{ controls: [], alone }]);
  const html = renderDocument({ ...result, coverage: [...core, ...further] });
  expect(html.split(`<a href="#${anchor}">${id}</a>: judged by the record alone there`)).toHaveLength(3);
});

it("says of a source on the collecting machine that it may be a demonstration, and of no other", () => {
  const said = "Endpoint is on the machine that collected";
  const htmlOf = (endpoint: string): string => {
    const result = assessmentFixture();
    for (const source of result.provenance.sources) source.endpoint = endpoint;
    return renderDocument(result);
  };
  for (const endpoint of ["http://127.0.0.1:4000/api/v3", "https://localhost/api", "http://[::1]:80"])
    expect(htmlOf(endpoint), endpoint).toContain(said);
  for (const endpoint of ["https://127.0.0.1.evil.example/api", "https://localhost.example", "https://api.example"])
    expect(htmlOf(endpoint), endpoint).not.toContain(said);
});

it("prints which variables each query was sent with", () => {
  const result = assessmentFixture();
  const [query] = result.provenance.queries;
  if (!query) throw new Error("the fixture lost its queries");
  query.variables = [
    { names: ["name", "owner"], requests: 3, example: '{"name":"payments","owner":"riverbank"}' },
    { names: ["after", "name", "owner"], requests: 8, example: "{}" },
  ];
  expect(documentView(result).completeness.queries[0]?.variables).toEqual([
    { names: "name, owner", requests: "3\u00a0×" },
    { names: "after, name, owner", requests: "8\u00a0×" },
  ]);
  expect(renderDocument(result)).toContain("after, name, owner");
});

it("a control over merges links to the control that counts the pushes", () => {
  const result = assessmentFixture();
  const control = result.controls.find(({ attributes }) => attributes.includes("merged-without-bypass"));
  const pushes = result.controls.find(({ attributes }) => attributes.includes("arrived-by-change"));
  if (!control || !pushes) throw new Error("the fixture lost its controls");
  control.beside = [{ control: pushes.id, items: 2, text: "2 commits reached the branch by no change." }];
  const html = renderDocument(result);
  expect(html).toContain(`2 items counted by <a href="#control-${pushes.id}">${pushes.id}</a>, not here.`);
  expect(documentView(result).mechanisms.controls.flatMap(({ beside }) => beside)).toHaveLength(1);
});

it.each([
  ["0e09774a1b2c3d4e5f60718293a4b5c6d7e8f901", "flowproof 0.1.0 (build 0e09774a1b2c)"],
  ["0e09774a1b2c3d4e5f60718293a4b5c6d7e8f901-modified", "flowproof 0.1.0 (build 0e09774a1b2c-modified)"],
  ["unbuilt", "flowproof 0.1.0 (unbuilt)"],
])("names the build that made it: %s", (build, said) => {
  const result = assessmentFixture();
  result.tool.build = build;
  expect(renderDocument(result)).toContain(`items, ${said}.`);
});

it("tells a control's missing evidence once a reason, with the systems it holds for", () => {
  const result = assessmentFixture();
  const systems = result.scope.systems.map(({ id }) => id);
  const [first, second] = systems;
  const unseen = (kind: string, when = "partial from 2026-10-01T00:00:00Z to 2026-10-04T00:00:00Z: no run looked") =>
    systems.map((system) => ({ system, items: 0, reason: `${kind} of riverbank/${system} ${when}` }));
  const [control] = result.controls;
  if (!control || !first || !second) throw new Error("the fixture has too little");
  const told = (incomplete: typeof control.incomplete) => {
    control.incomplete = incomplete;
    return documentView(result).mechanisms.controls[0]?.incomplete;
  };
  expect(told([])).toBeNull();
  expect(told([{ system: first, items: 1, reason: "the record leaves it open" }])).toBe(
    `${first}, 1 item: the record leaves it open.`,
  );
  expect(
    told([
      { system: first, items: 1, reason: "403." },
      { system: second, items: 1200, reason: "403." },
    ]),
  ).toBe(`1,201 items (${first} 1 and ${second} 1,200): 403.`);
  expect(told([...unseen("changes"), ...unseen("workItems")])).toBe(
    "Changes and work items of all systems partial from 2026-10-01 02:00:00 to 2026-10-04 02:00:00: no run looked.",
  );
  expect(told([...unseen("reviews").slice(0, 1), ...unseen("checks", "unobserved").slice(0, 2)])).toBe(
    `Reviews of ${first} partial from 2026-10-01 02:00:00 to 2026-10-04 02:00:00: no run looked. Checks of ${first} and ${second} unobserved.`,
  );
});

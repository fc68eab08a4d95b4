import { describe, expect, it } from "vitest";
import { attributes } from "../../../src/attributes/index.ts";
import { documentView } from "../../../src/report/document.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { boardObjectives, narrativeTexts, positions } from "../../../src/report/narrative-texts.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

describe("management's narrative", () => {
  const result = assessmentFixture();
  const view = documentView(result).narrative;

  it("names itself apart from evidence, and claims of the frameworks no more than that they require no board", () => {
    const html = renderDocument(result);
    expect(html).toContain("Management&#x27;s narrative: why no board meets");
    expect(narrativeTexts.lead).toContain("no evidence");
    expect(html).toContain("Neither SOC 2 nor ISO/IEC 27001 requires a change-advisory board. Nothing more is claimed");
  });

  it("speaks of tests that there are", () => {
    const known = new Set<string>(attributes.map(({ id }) => id));
    for (const { id, attributes: named } of boardObjectives)
      for (const attribute of named) expect(known, `${id}: ${attribute}`).toContain(attribute);
    expect(boardObjectives.map(({ id }) => id)).toEqual([
      "authorisation",
      "scrutiny",
      "impact",
      "schedule",
      "tests",
      "emergencies",
      "record",
      "duties",
      "fall-back",
    ]);
  });

  it("gives of each control the tally as the control has it, failures and what is open beside what was met", () => {
    const rows = view?.objectives.flatMap(({ controls }) => controls) ?? [];
    expect(rows.length).toBeGreaterThan(8);
    for (const { control, cells, label } of rows) {
      const own = result.controls.find(({ id, own }) => (own?.id ?? id) === control.text);
      const { items, pass, fail, waived, notVerifiable, notApplicable } = own?.tally ?? {};
      expect(cells.map(({ text }) => Number(text.replace(",", "")))).toEqual([
        items,
        pass,
        fail,
        waived,
        notVerifiable,
        notApplicable,
      ]);
      expect(label).toBe(
        documentView(result).mechanisms.controls.find(({ anchor }) => anchor === control.anchor)?.label,
      );
    }
  });

  it("says where nothing here meets an objective, and where no control of the pack tests one", () => {
    const schedule = view?.objectives.find(({ title }) => title === "The schedule is known");
    expect(schedule).toMatchObject({ controls: [], unmet: { label: "Nothing here meets it:" } });
    const bare = documentView({ ...result, controls: [] }).narrative;
    for (const { title, untested } of bare?.objectives ?? [])
      expect(untested).toBe(title === "The schedule is known" ? null : "No control of this pack tests it.");
  });

  it("prints every assumption of the simulation, and numbers that add up", () => {
    const board = result.narrative?.board;
    expect(view?.board.counts).toBe(
      `Of ${board?.merged} changes merged in the period, ${board?.simulated} are simulated; ${board?.emergencies} were emergencies, ${board?.undeployed} had not reached production by the cut-off, as far as deployments were observed. The section on delivery measures every change first deployed in the period, emergencies and earlier merges included: its lead times differ.`,
    );
    expect(board?.merged).toBe(result.population.filter(({ subject }) => subject === "change").length);
    const text = view?.board.assumptions.join(" ") ?? "";
    for (const part of [
      "every 14 days",
      "7 October 2026",
      "3 days before a meeting",
      "first sight",
      "next day",
      "Emergencies",
    ])
      expect(text).toContain(part);
  });

  it("gives positions by name and address, each a plain https address", () => {
    expect(positions.length).toBeGreaterThan(7);
    for (const { by, title, address, position } of positions) {
      expect(new URL(address)).toMatchObject({ protocol: "https:", username: "", search: "", hash: "" });
      expect([by, title, position].every((text) => text.length > 3)).toBe(true);
    }
    const html = renderDocument(result);
    for (const { address } of positions) expect(html).toContain(`href="${address}"`);
  });

  it("prints the organisation's own paragraphs as text", () => {
    const own = assessmentFixture();
    if (own.narrative) own.narrative.text = ["a <script>\u202e", "b"];
    const html = renderDocument(own);
    expect(html).toContain("<p>a &lt;script&gt;‹U+202E›</p>");
    expect(html).toContain("In management&#x27;s own words");
  });
});

import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configJsonSchema } from "../../../src/config/schema.ts";
import { configTemplate, initialKeys, type TemplateValues } from "../../../src/config/template.ts";
import { load, minimal, problemsOf } from "./config-file.ts";

const values: TemplateValues = {
  organisation: "Riverbank",
  owner: "riverbank",
  since: "2026-01-01",
  timezone: "UTC",
  baseUrl: "https://api.github.com",
  systems: [{ id: "payments", team: "checkout", repository: "riverbank/payments", environments: ["production"] }],
  automations: [],
};

/** The schema as editors use it; `format` is for people there. */
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(configJsonSchema());

describe("the configuration that init writes", () => {
  it("is valid as it stands", () => {
    const config = load(configTemplate(values));
    expect(config.systems).toMatchObject([{ id: "payments", team: "checkout", source: "github" }]);
    expect(config.policies).toHaveLength(1);
  });

  it("stays valid when its examples are put in", () => {
    const uncommented = configTemplate(values)
      .replace(/^waivers: \[\].*\n/m, "")
      .replace(/^controls: \[\].*\n/m, "")
      .replace(/^attestations: \[\].*\n/m, "")
      .replace(/^# ((waivers|controls|attestations|signing):)/gm, "$1")
      .replace(
        /^# {3}( *(- id|attribute|systems|items|owner|reason|from|expires|title|key|threshold|covers|kind|version|approver|by|role|effective|criteria|note|origin|certificate|file|timestamp|url|trust):?.*)$/gm,
        "  $1",
      );
    const config = load(uncommented);
    expect(config.waivers).toMatchObject([{ id: "W-1", attribute: "request-linked" }]);
    expect(config.attestations).toMatchObject([{ id: "change-procedure", documentVersion: "3.2" }]);
    expect(config.controls).toMatchObject([{ id: "CM-02", covers: ["CHG-03"] }]);
    expect(config.signing).toMatchObject({
      origin: "flowproof/company",
      certificate: {},
      timestamp: { url: "https://timestamps.example/tsr", trust: expect.stringMatching(/\/timestamps-ca\.pem$/) },
    });
  });

  it("signs where the keys were made, and stays valid when the rest of it is put in", () => {
    const written = configTemplate({ ...values, keys: initialKeys });
    const config = load(written, {}, { "flowproof.key": 0o600, "flowproof-pdf.key": 0o600, "flowproof.crt": 0o644 });
    expect(config.signing).toMatchObject({ origin: "flowproof/riverbank", certificate: {} });
    expect(config.signing).not.toHaveProperty("timestamp");
    const whole = load(written.replace(/^ {2}# ((origin|timestamp):.*| {2}(url|trust):.*)$/gm, "  $1"));
    expect(whole.signing).toMatchObject({ origin: "flowproof/company", timestamp: {} });
  });

  it("names every key there is", () => {
    const text = configTemplate(values);
    for (const key of keysOf(configJsonSchema())) expect(text, `the key ${key}`).toMatch(new RegExp(`\\b${key}:`));
  });

  it("carries hostile names of a discovered organisation as text", () => {
    const hostile = {
      id: "x",
      team: 'a: b # "c"',
      repository: "riverbank/x",
      branch: "- {main}",
      environments: ["*", "yes"],
      checks: [{ name: "test\n# x", app: "a: b\nc" }],
    };
    const config = load(
      configTemplate({
        ...values,
        organisation: "No: #1\n- x",
        systems: [hostile],
        automations: ["dependabot"],
        onlyDeploy: ["ci\nwaivers: x"],
      }),
    );
    expect(config.organisation.name).toBe("No: #1\n- x");
    expect(config.systems[0]).toMatchObject({ team: 'a: b # "c"', branch: "- {main}", environments: ["*", "yes"] });
    expect(config.identities).toMatchObject([{ automation: "dependabot", accounts: ["github:dependabot"] }]);
  });
});

it("says of each system which checks were seen, alike ones once, and of what only deploys that it may be automation", () => {
  const system = (id: string, more: object) => {
    return { id, team: "checkout", repository: `riverbank/${id}`, environments: ["production"], ...more };
  };
  const checks = [{ name: "test", app: "github-actions" }];
  const systems = [
    system("payments", { checks }),
    system("ledger", { checks }),
    system("shop", { promotion: ["main", "prod"], branch: "prod", checks: [{ name: "ci: x", app: null }] }),
  ];
  const text = configTemplate({ ...values, systems, onlyDeploy: ["release-bot"] });
  expect(text.split("\n").filter((line) => line.includes("seen on changes"))).toEqual([
    "    # seen on changes of payments, ledger: [{ name: test, app: github-actions }]",
    '    # seen on changes of shop: [{ name: "ci: x" }]',
  ]);
  expect(text).toContain(
    "# release-bot deployed and opened no change; if this is automation:\n  # - automation: release-bot\n",
  );
  expect(load(text).systems[2]).toMatchObject({ promotion: ["main", "prod"], branch: "prod" });
});

describe("the JSON Schema for editors", () => {
  it("accepts what is accepted and refuses what is refused", () => {
    expect(validate(parse(configTemplate(values)))).toBe(true);
    expect(validate(parse(minimal))).toBe(true);
    const misspelt = minimal.replace("team:", "taem:");
    expect(validate(parse(misspelt))).toBe(false);
    expect(problemsOf(misspelt)).not.toEqual([]);
  });
});

/** All property names of a schema, at any depth. */
function keysOf(schema: unknown): readonly string[] {
  if (schema === null || typeof schema !== "object") return [];
  const { properties, ...rest } = schema as { properties?: Record<string, unknown> };
  return [
    ...Object.entries(properties ?? {}).flatMap(([key, inner]) => [key, ...keysOf(inner)]),
    ...Object.values(rest).flatMap((inner) => (Array.isArray(inner) ? inner.flatMap(keysOf) : keysOf(inner))),
  ];
}

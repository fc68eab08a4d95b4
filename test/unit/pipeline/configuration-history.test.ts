import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { effectiveConfig } from "../../../src/config/effective-config.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import type { EvidenceRecord } from "../../../src/model/stream.ts";
import { configurationHistory } from "../../../src/pipeline/configuration-history.ts";
import { droppedRepositories } from "../../../src/pipeline/dropped-repositories.ts";
import { SCENARIOS, scenarioConfig } from "../../../src/sandbox/index.ts";

/** The configuration that a text gives, as a run would read it. */
function read(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "flowproof-history-"));
  try {
    const file = join(folder, "flowproof.config.yaml");
    writeFileSync(file, text);
    return loadConfig(file, { FLOWPROOF_SANDBOX_TOKEN: "any-token" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const recorded = (config: ReturnType<typeof read>, fetchedAt: string): EvidenceRecord => ({
  id: 1,
  stream: "flowproof/proving-ground/configuration",
  source: "flowproof",
  scopeId: "proving-ground",
  streamKind: "configuration",
  kind: "configuration",
  externalId: "effective",
  body: effectiveConfig(config),
  fetchedAt,
  run: "1",
});

describe("71: what the configurations of earlier runs say", () => {
  const some = SCENARIOS.filter(({ name }) => ["identity-lost-later", "waiver-dated-back"].includes(name));
  const url = "http://127.0.0.1:1/api/v3";
  const [then, now] = ["2026-09-30T06:00:00Z", "2026-11-02T06:00:00Z"] as const;
  const before = read(scenarioConfig(url, some, { later: false }));
  const today = read(scenarioConfig(url, some));

  it("each identity map that is not today's, with the time until another was recorded", () => {
    const looks = [recorded(before, then), recorded(today, now)];
    const { identities } = configurationHistory(today, looks);
    expect(identities).toHaveLength(1);
    expect(identities[0]).toMatchObject({ from: then, to: now });
    expect(identities[0]?.identities).toContainEqual(expect.objectContaining({ person: "pavel" }));
    expect(configurationHistory(before, looks.slice(0, 1)).identities).toEqual([]);
  });

  it("which repositories a system had and has no more, where that is of the period", () => {
    const all = SCENARIOS.filter(({ name }) => ["identity-lost-later", "system-dropped-later"].includes(name));
    const [had, has] = [read(scenarioConfig(url, all, { later: false })), read(scenarioConfig(url, all))];
    const looks = [recorded(had, then), recorded(has, now)];
    const dropped = { name: "proving-ground/system-dropped-later", system: "system-dropped-later", by: now };
    expect(droppedRepositories(has, looks, "2026-10-01T00:00:00Z")).toEqual([{ source: "github", ...dropped }]);
    expect(droppedRepositories(has, looks, "2026-12-01T00:00:00Z")).toEqual([]);
    expect(droppedRepositories(had, looks, "2026-10-01T00:00:00Z")).toEqual([]);
  });

  it("when a waiver was first recorded", () => {
    const { waivers } = configurationHistory(today, [recorded(before, then), recorded(today, now)]);
    expect(waivers.map(({ firstSeen }) => firstSeen)).toEqual([now]);
  });

  it("which policies were withdrawn, their spans as they were", () => {
    const text = scenarioConfig(url, some);
    const patient = read(text.replace("finalRevision: required,", "finalRevision: required, retrospectiveWithin: 3d,"));
    const { policies } = configurationHistory(today, [recorded(patient, then), recorded(today, now)]);
    expect(policies.filter(({ withdrawn }) => withdrawn !== undefined)).toEqual([
      expect.objectContaining({
        firstSeen: then,
        withdrawn: now,
        policy: expect.objectContaining({
          approval: expect.objectContaining({ retrospectiveWithin: 3 * 86_400_000 }),
          emergency: { label: "emergency", reviewWithin: 86_400_000 },
        }),
      }),
    ]);
  });
});

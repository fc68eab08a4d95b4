import { afterEach, expect, test } from "vitest";
import { furtherKinds } from "../../../../../src/model/stream.ts";
import { github } from "../../../../../src/providers/github/index.ts";
import { neededFurther } from "../../../../../src/providers/github/rest/permissions.ts";
import { type Sandbox, simulate, startSandbox } from "../../../../../src/sandbox/index.ts";
import { contextOf } from "../../../../contract/collecting.ts";

let sandbox: Sandbox | undefined;
afterEach(() => sandbox?.close());

test("every further kind has its permissions and scopes", () => {
  expect(Object.keys(neededFurther).sort()).toEqual([...furtherKinds].sort());
  for (const { permissions, scopes } of Object.values(neededFurther)) {
    expect(permissions.length).toBeGreaterThan(0);
    expect(scopes.length).toBeGreaterThan(0);
  }
});

test("what may be read is told for every further kind, with what else it takes", async () => {
  sandbox = await startSandbox({ world: simulate().world });
  const { capabilities } = await github.probe(contextOf(sandbox.url));
  const found = capabilities.filter(({ kind }) => (furtherKinds as readonly string[]).includes(kind));
  expect(found.map(({ kind }) => kind).sort()).toEqual([...furtherKinds].sort());
  expect(found.every(({ ok }) => ok)).toBe(true);
  expect(found.find(({ kind }) => kind === "auditLog")?.message).toBe(
    "may read it by the scope read:audit_log; only GitHub Enterprise has it",
  );
});

import { describe, expect, it } from "vitest";
import { identityMap } from "../../../src/model/identity.ts";

const ada = { person: "Ada", accounts: ["github:ada-dev", "github:Ada-Admin"], emails: [] };
const actor = (id: string, login: string) => ({ id, login, kind: "person" as const });

describe("an account whose id is pinned", () => {
  const map = identityMap([ada], new Map([["github:ada-admin", "18"]]));

  it("is the person under any login", () => {
    expect(map.ofActor("github", actor("18", "totally-other")).id).toBe("person:Ada");
    expect(map.ofActor("github", actor("18", "ada-admin")).id).toBe("person:Ada");
  });

  it("gives its login to nobody else, nor its id to another source's account", () => {
    expect(map.ofActor("github", actor("99", "ada-admin")).id).toBe("account:github:99");
    expect(map.ofActor("gitlab", actor("18", "x")).id).toBe("account:gitlab:18");
  });
});

it("a login that no evidence shows yet is known by its name", () => {
  expect(identityMap([ada]).ofActor("github", actor("7", "ADA-dev")).id).toBe("person:Ada");
});

it("a list names a configured account by all of its name, pinned or not, and nobody by a part of it", () => {
  const map = identityMap([ada], new Map([["github:ada-admin", "18"]]));
  expect(map.ofName("GitHub:ada-admin")?.id).toBe("person:Ada");
  expect(map.ofName("github:ada-dev")?.id).toBe("person:Ada");
  expect(map.ofName("ada-dev")).toBeUndefined();
});

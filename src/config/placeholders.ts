import type { LocatedYaml, Path } from "../util/located-yaml.ts";

/** What `init` writes where only the reader knows what belongs there. */
export const placeholder = "REPLACE-ME";

/** The values that are still the placeholder, `file:line:column: text` each, in the order of the file. */
export function placeholdersIn(yaml: LocatedYaml): readonly string[] {
  const found: string[] = [];
  const look = (value: unknown, at: Path): void => {
    if (typeof value === "string" && value.includes(placeholder)) {
      const what = at.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
      found.push(`${yaml.at(at)}: \`${what.slice(1)}\` is still the placeholder ${value}; put in your own`);
    } else if (typeof value === "object" && value !== null) {
      const isList = Array.isArray(value);
      for (const [key, inner] of Object.entries(value)) look(inner, [...at, isList ? Number(key) : key]);
    }
  };
  look(yaml.value, []);
  return found;
}

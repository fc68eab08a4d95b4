import { z } from "zod";
import type { LocatedYaml, Path } from "./located-yaml.ts";
import { nearest, suggestion } from "./nearest.ts";

type Issue = z.core.$ZodIssue;

/** What a schema finds wrong with a YAML file: one line each, `file:line:column: what`, in the order of the file, unknown keys with the one probably meant. */
export function schemaProblems(error: z.core.$ZodError, schema: z.ZodType, yaml: LocatedYaml): readonly string[] {
  const issues = error.issues.flatMap((issue) => settle(issue, []));
  const unknown = issues.filter((issue) => issue.code === "unrecognized_keys");
  // A required key that was only misspelt is one mistake, not two.
  const misspelt = new Set(
    unknown.flatMap((issue) =>
      issue.keys.map((key) => JSON.stringify([...issue.path, nearest(key, keysAt(schema, toPath(issue)))])),
    ),
  );
  return issues
    .filter((issue) => !(isMissing(issue, yaml) && misspelt.has(JSON.stringify(issue.path))))
    .flatMap((issue) => describe(issue, schema, yaml));
}

/** Puts an issue on its full path, and a union's on the branch that was meant: the one with the fewest complaints. */
function settle(issue: Issue, above: Path): readonly Issue[] {
  const path = [...above, ...toPath(issue)];
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ ...issue, path }];
  const branches = issue.errors.map((errors) => errors.flatMap((inner) => settle(inner, path)));
  // A branch that wants another type altogether says less than one that looked inside.
  const weight = (branch: readonly Issue[]): number =>
    branch.length +
    (branch.some((inner) => inner.path.length === path.length && inner.code !== "unrecognized_keys") ? 100 : 0);
  return branches.reduce((best, branch) => (weight(branch) < weight(best) ? branch : best));
}

function describe(issue: Issue, schema: z.ZodType, yaml: LocatedYaml): readonly string[] {
  const path = toPath(issue);
  if (issue.code === "unrecognized_keys") {
    const keys = keysAt(schema, path);
    return issue.keys.map(
      (key) =>
        `${yaml.atKey(path, key)}: unknown key \`${key}\`${within(path)}${suggestion(
          key,
          keys.filter((known) => known !== key),
        )}`,
    );
  }
  const name = path.length === 0 ? "the file" : `\`${printed(path)}\``;
  if (isMissing(issue, yaml)) return [`${yaml.at(path.slice(0, -1))}: ${name} is missing`];
  const value = valueAt(yaml.value, path);
  return [`${yaml.at(path)}: ${name} ${complaint(issue, value)}`];
}

function complaint(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_value": {
      const values = issue.values.map(String);
      return `is ${shown(value)}, which is none of ${values.join(", ")}${nearSuffix(value, values)}`;
    }
    case "invalid_type":
      return `must be ${article(issue.expected)}, not ${shown(value)}`;
    case "too_small":
      return issue.origin === "array" || issue.origin === "string"
        ? "must not be empty"
        : `must be at least ${issue.minimum}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "invalid_format":
      return `is ${shown(value)}, which is not ${issue.message.replace(/^Invalid /, "a valid ")}`;
    default:
      return `is wrong: ${issue.message}`;
  }
}

function nearSuffix(value: unknown, values: readonly string[]): string {
  const near = typeof value === "string" ? nearest(value, values) : undefined;
  return near === undefined ? "" : `; did you mean \`${near}\`?`;
}

function isMissing(issue: Issue, yaml: LocatedYaml): boolean {
  const path = toPath(issue);
  return path.length > 0 && issue.code !== "unrecognized_keys" && valueAt(yaml.value, path) === undefined;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, key) =>
      part !== null && typeof part === "object" ? (part as Record<string | number, unknown>)[key] : undefined,
    value,
  );
}

/** The keys that a strict object at the path may have; of a union, those of all its objects. */
function keysAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return keysAt(schema.def.innerType, path);
  }
  if (schema instanceof z.ZodUnion) return [...new Set(schema.def.options.flatMap((option) => keysAt(option, path)))];
  const [step, ...rest] = path;
  if (schema instanceof z.ZodArray) return step === undefined ? [] : keysAt(schema.def.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (step === undefined) return Object.keys(schema.def.shape);
  const inner = schema.def.shape[step];
  return inner ? keysAt(inner, rest) : [];
}

function toPath(issue: Issue): Path {
  return issue.path.map((step) => (typeof step === "number" ? step : String(step)));
}

function printed(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

function within(path: Path): string {
  return path.length === 0 ? "" : ` in \`${printed(path)}\``;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "empty";
  if (typeof value === "object") return "a group of keys";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = {
    object: "a group of keys",
    array: "a list",
    string: "a text",
    int: "a whole number",
    number: "a number",
    boolean: "true or false",
  };
  return names[type] ?? type;
}

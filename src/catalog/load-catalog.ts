import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { AnyAttribute } from "../model/attribute.ts";
import type { Catalog, Control, Framework, JoinedControl, OwnControl } from "../model/control.ts";
import { controlSchema, frameworkSchema, subjectOfPopulation } from "../model/control.ts";
import { mergeParameters, policyParametersSchema } from "../model/policy.ts";
import { ConfigError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import type { LocatedYaml, Path } from "../util/located-yaml.ts";
import { readYaml } from "../util/located-yaml.ts";
import { suggestion } from "../util/nearest.ts";
import { schemaProblems } from "../util/schema-problems.ts";

interface Located<T> {
  readonly value: T;
  readonly yaml: LocatedYaml;
}

/** Reads `frameworks/` and `controls` in `catalog/` of a folder, checks every reference against the attributes given, and joins the organisation's own numbers. Throws one ConfigError that lists every problem as `file:line:column: what`. */
export function loadCatalog(folder: string, attributes: readonly AnyAttribute[], own: readonly OwnControl[]): Catalog {
  const problems: string[] = [];
  const digests: string[] = [];
  const read = <S extends z.ZodType>(name: string, schema: S) => readFolder(folder, name, schema, problems, digests);
  const frameworks = read("frameworks", frameworkSchema);
  const controls = read("catalog", controlSchema);

  problems.push(...repeated([...frameworks, ...controls]));
  for (const control of controls)
    problems.push(...mappingProblems(control, frameworks), ...attributeProblems(control, attributes));
  problems.push(...parameterConflicts(controls), ...ownProblems(own, controls));
  if (problems.length > 0)
    throw new ConfigError(problems.join("\n"), { hint: "Correct the catalog; its schemas are in controls/schema." });

  return {
    frameworks: frameworks.map(({ value }) => value),
    controls: controls.map(({ value }) => joined(value, own)),
    digest: sha256Hex(digests.join("\n")),
  };
}

/** Files that a process has read already, by name and content: every command opens the catalog more than once. */
const readBefore = new Map<string, Located<unknown>>();

function readFolder<S extends z.ZodType>(
  folder: string,
  name: string,
  schema: S,
  problems: string[],
  digests: string[],
): readonly Located<z.infer<S>>[] {
  const files = namesIn(join(folder, name)).filter((file) => /\.ya?ml$/.test(file));
  if (files.length === 0) problems.push(`${name}/: there is no file in ${join(folder, name)}`);
  return files.flatMap((file) => {
    const shown = `controls/${name}/${file}`;
    const digest = `${shown} ${sha256Hex(readFileSync(join(folder, name, file)))}`;
    digests.push(digest);
    const before = readBefore.get(digest);
    if (before) return [before as Located<z.infer<S>>];
    const yaml = readYaml(join(folder, name, file), shown);
    const parsed = schema.safeParse(yaml.value);
    if (parsed.success) {
      const located = { value: parsed.data, yaml };
      readBefore.set(digest, located);
      return [located];
    }
    problems.push(...schemaProblems(parsed.error, schema, yaml));
    return [];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw new ConfigError(`the catalog cannot be read: ${folder}`, {
      cause,
      hint: "Reinstall flowproof: its folder is incomplete.",
    });
  }
}

function repeated(files: readonly Located<{ readonly id: string }>[]): string[] {
  const first = new Map<string, string>();
  return files.flatMap(({ value, yaml }) => {
    const before = first.get(value.id);
    if (before === undefined) first.set(value.id, yaml.at(["id"]));
    return before === undefined ? [] : [`${yaml.at(["id"])}: the id \`${value.id}\` is taken at ${before}`];
  });
}

function mappingProblems({ value, yaml }: Located<Control>, frameworks: readonly Located<Framework>[]): string[] {
  const unknown = (path: Path, what: string, id: string, known: readonly string[]) =>
    `${yaml.at(path)}: there is no ${what} \`${id}\`${suggestion(id, known)}`;
  return value.mappings.flatMap((mapping, index) => {
    const path = (...rest: Path): Path => ["mappings", index, ...rest];
    const framework = frameworks.find((one) => one.value.id === mapping.framework)?.value;
    if (!framework)
      return [
        unknown(
          path("framework"),
          "framework",
          mapping.framework,
          frameworks.map((one) => one.value.id),
        ),
      ];
    const criterion = framework.criteria.find(({ id }) => id === mapping.criterion);
    if (!criterion)
      return [
        unknown(
          path("criterion"),
          `criterion of ${framework.title}`,
          mapping.criterion,
          framework.criteria.map(({ id }) => id),
        ),
      ];
    const points = criterion.points.map(({ id }) => id);
    return mapping.points.flatMap((point, place) =>
      points.includes(point) ? [] : [unknown(path("points", place), `point of ${criterion.id}`, point, points)],
    );
  });
}

function attributeProblems({ value, yaml }: Located<Control>, attributes: readonly AnyAttribute[]): string[] {
  const subject = subjectOfPopulation[value.population];
  return value.attributes.flatMap(({ id, parameters }, index) => {
    const path: Path = ["attributes", index];
    const attribute = attributes.find((one) => one.id === id);
    if (!attribute) {
      const fitting = attributes.filter((one) => one.subject === subject).map((one) => one.id);
      return [`${yaml.at([...path, "id"])}: there is no attribute \`${id}\`${suggestion(id, fitting)}`];
    }
    if (attribute.subject !== subject)
      return [
        `${yaml.at([...path, "id"])}: \`${id}\` tests a ${attribute.subject}, but the population is ${value.population}`,
      ];
    return parameterProblems(attribute, parameters, yaml, [...path, "parameters"]);
  });
}

function parameterProblems(
  attribute: AnyAttribute,
  parameters: Readonly<Record<string, unknown>>,
  yaml: LocatedYaml,
  path: Path,
): string[] {
  const known = attribute.params instanceof z.ZodObject ? Object.keys(attribute.params.shape) : [];
  const unknown = Object.keys(parameters).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    return unknown.map(
      (key) => `${yaml.atKey(path, key)}: \`${attribute.id}\` has no parameter \`${key}\`${suggestion(key, known)}`,
    );
  const parsed = attribute.params.safeParse(mergeParameters(policyParametersSchema.parse({}), parameters));
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => {
    const inner = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    return `${yaml.at([...path, ...inner])}: parameter \`${inner.join(".")}\` of \`${attribute.id}\`: ${issue.message}`;
  });
}

// An item has one outcome per attribute: two controls cannot want it tested differently.
function parameterConflicts(controls: readonly Located<Control>[]): string[] {
  const first = new Map<string, { readonly parameters: string; readonly control: string }>();
  return controls.flatMap(({ value, yaml }) =>
    value.attributes.flatMap(({ id, parameters }, index) => {
      const text = JSON.stringify(parameters);
      const before = first.get(id);
      if (!before) first.set(id, { parameters: text, control: value.id });
      if (!before || before.parameters === text) return [];
      return [
        `${yaml.at(["attributes", index])}: \`${id}\` has other parameters in ${before.control}: give both the same`,
      ];
    }),
  );
}

function ownProblems(own: readonly OwnControl[], controls: readonly Located<Control>[]): string[] {
  const known = controls.map(({ value }) => value.id);
  const taken = new Map<string, string>();
  return own.flatMap((one) =>
    one.covers.flatMap((id) => {
      const by = taken.get(id);
      taken.set(id, one.id);
      if (!known.includes(id))
        return [`controls: ${one.id} covers \`${id}\`, which the catalog does not have${suggestion(id, known)}`];
      return by === undefined ? [] : [`controls: ${by} and ${one.id} both cover ${id}: a control has one number`];
    }),
  );
}

function joined(control: Control, own: readonly OwnControl[]): JoinedControl {
  const mine = own.find(({ covers }) => covers.includes(control.id)) ?? null;
  return {
    ...control,
    owner: mine?.owner ?? control.owner,
    key: mine?.key ?? control.key,
    threshold: mine?.threshold ?? control.threshold,
    own: mine,
  };
}

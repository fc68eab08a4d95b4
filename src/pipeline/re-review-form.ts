import { existsSync } from "node:fs";
import { basename } from "node:path";
import { z } from "zod";
import type { Item } from "../model/assessment.ts";
import { ConfigError } from "../util/errors.ts";
import { readYaml } from "../util/located-yaml.ts";
import { schemaProblems } from "../util/schema-problems.ts";

const formSchema = z.strictObject({
  organisation: z.string(),
  period: z.string(),
  /** The record of the sample in the ledger. */
  sample: z.string().regex(/^r[1-9]\d*$/, "a record such as r120"),
  reviews: z.array(
    z.strictObject({
      change: z.string().min(1),
      reviewer: z.string().min(1).nullable(),
      on: z.iso.date("a day such as 2026-11-04").nullable(),
      agreed: z.boolean().nullable(),
      note: z.string(),
    }),
  ),
});

/** A form as somebody filled it in; what is null was left open. */
export type ReReviewForm = z.infer<typeof formSchema>;

/** The form for a re-review: a change each, with what is left to fill in. */
export function reReviewForm(
  { slug, period, record }: { readonly slug: string; readonly period: string; readonly record: number },
  items: readonly Item[],
): string {
  const quoted = (text: string): string => JSON.stringify(text);
  const lines = [
    `# Independent re-review, ${period}: a person who had no part in a change looks at it again and says whether`,
    "# the approval, the tests and the merge were right. Then: flowproof sample --record THIS FILE",
    "# reviewer: a person under `identities` of the configuration, or an account such as github:ada-dev; on: the day;",
    "# agreed: true or false; note: what differed.",
    `organisation: ${quoted(slug)}`,
    `period: ${quoted(period)}`,
    `sample: r${record}`,
    "reviews:",
    ...items.flatMap(({ key, label, system, title, url, at, actor }) => [
      `  # ${comment(`${system} ${label}: ${title}`)}`,
      `  # ${comment(`by ${actor}, merged ${at}${url === null ? "" : `, ${url}`}`)}`,
      `  - change: ${quoted(key)}`,
      "    reviewer: null",
      "    on: null",
      "    agreed: null",
      '    note: ""',
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** A text that stays within its line. */
const comment = (text: string): string => text.replace(/[^\P{C}]|[\u2028\u2029]/gu, " ");

/** Reads a form. Throws ConfigError with each problem's line. */
export function readReReviewForm(file: string): ReReviewForm {
  if (!existsSync(file)) throw new ConfigError(`there is no ${file}`, { hint: "Name the form that was filled in." });
  const yaml = readYaml(file, basename(file));
  const parsed = formSchema.safeParse(yaml.value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(schemaProblems(parsed.error, formSchema, yaml).join("\n"), {
    hint: "Fill in reviewer, on, agreed and note; leave everything else as `flowproof sample --internal` wrote it.",
  });
}

import type { Sample } from "../../model/sample.ts";
import { shellWord } from "../../util/shell-word.ts";
import { stratumFile } from "./shell.ts";

/** The command that draws the same keys again, from the folder of the sample: `sha256sum` and `sort`, nothing of ours; with strata, one after the other. Null for an own list. */
export function recipe({ selection }: Sample): string | null {
  if (selection.by !== "draw") return null;
  const { seed, size, strata } = selection;
  const drawn = strata.filter(({ sample }) => sample > 0).map(({ name, sample }) => `${sample}:${stratumFile(name)}`);
  const start = `s=${shellWord(seed)}; d=$(sha256sum < population.txt | cut -c1-64)`;
  return drawn.length === 0
    ? `${start}; ${ranked("population.txt", String(size))}`
    : `${start}; for f in ${drawn.join(" ")}; do ${ranked(`\${f#*:}`, `\${f%%:*}`)}; done`;
}

const ranked = (file: string, most: string): string =>
  `while IFS= read -r k; do printf '%s %s\\n' "$(printf '%s' "$d$s$k" | sha256sum | cut -c1-64)" "$k"; done < ${file} | LC_ALL=C sort | head -n ${most} | cut -d' ' -f2-`;

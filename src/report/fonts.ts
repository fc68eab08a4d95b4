import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const faces = [
  { family: "Source Sans 3", package: "source-sans-3", weights: [400, 600] },
  { family: "Source Serif 4", package: "source-serif-4", weights: [600] },
  { family: "Source Code Pro", package: "source-code-pro", weights: [400, 600] },
] as const;

// The subsets' ranges as the font packages' own style sheets state them.
const ranges = {
  latin:
    "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
  "latin-ext":
    "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF",
} as const;

/** The `@font-face` rules of the pack's fonts, each file within them as a data: URL, so that nothing is fetched. */
export function fontFaces(): string {
  const { resolve } = createRequire(import.meta.url);
  return faces
    .flatMap(({ family, package: name, weights }) => {
      const files = join(dirname(resolve(`@fontsource/${name}/package.json`)), "files");
      return weights.flatMap((weight) =>
        Object.entries(ranges).map(([subset, range]) => {
          const file = readFileSync(join(files, `${name}-${subset}-${weight}-normal.woff2`));
          return `@font-face{font-family:"${family}";font-style:normal;font-weight:${weight};src:url("data:font/woff2;base64,${file.toString("base64")}") format("woff2");unicode-range:${range}}`;
        }),
      );
    })
    .join("\n");
}

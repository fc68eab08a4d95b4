#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `flowproof needs Node 22.18 or newer; this is ${process.version}. Install Node 24, or run it inside its clone as npx flowproof, which brings its own.\n`,
  );
  process.exitCode = 2;
} else {
  // Whoever reads us has seen enough, as in `flowproof controls | head`.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit(0);
    });
  // Imported only now: an older Node must not meet the rest.
  const { runProgram } = await import("./program.ts");
  process.exitCode = await runProgram(process.argv.slice(2));
}

export {};

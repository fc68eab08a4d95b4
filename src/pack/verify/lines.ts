// Longer than any record that a source gives; what goes on without an end is not read for ever.
const longest = 256 * 1024 * 1024;

/** The lines of a stream, without their ends, one at a time: nothing but the lines at hand is kept. Throws for a line without an end. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const lines of lineBatches(chunks)) yield* lines;
}

/** The same, all that end in one chunk together: to wait for every line takes longer than to hash it. */
export async function* lineBatches(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[]> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const last = chunk.subarray(start, end);
      lines.push(parts.length === 0 ? last : Buffer.concat([...parts, last]));
      parts = [];
      length = 0;
      start = end + 1;
    }
    yield lines;
    if (start < chunk.length) parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > longest) throw new Error("a line in it has no end");
  }
  if (length > 0) yield [Buffer.concat(parts)];
}

// Longer than any object that is looked for.
const longest = 1024 * 1024;

const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c];
const [openObject, closeObject, openList, closeList] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Finds objects in a JSON file that is too long to be held: the values of these top-level keys that are objects, and the
 * objects in those that are lists. Gives the bytes of each to `found`; throws where brackets or quotes do not end.
 */
export async function scanJson(
  chunks: AsyncIterable<Uint8Array>,
  keys: readonly string[],
  found: (key: string, json: Uint8Array) => void,
): Promise<void> {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let key: string | undefined;
  let keyExpected = false;
  /** The depth around what is being taken, a key or an object; negative: nothing is. */
  let taking = -1;
  let taken: Uint8Array[] = [];

  const finish = (chunk: Uint8Array, from: number, to: number): Uint8Array => {
    const bytes = Buffer.concat([...taken, chunk.subarray(from, to)]);
    taken = [];
    taking = -1;
    return bytes;
  };

  for await (const chunk of chunks) {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) {
          inString = false;
          if (depth === 1 && keyExpected)
            key = JSON.parse(Buffer.from(finish(chunk, from, at + 1)).toString()) as string;
        }
      } else if (byte === quote) {
        inString = true;
        if (depth === 1 && keyExpected) [taking, from] = [1, at];
      } else if (byte === openObject || byte === openList) {
        const wanted = taking < 0 && key !== undefined && keys.includes(key) && byte === openObject;
        if (wanted && (depth === 1 || depth === 2)) [taking, from] = [depth, at];
        depth += 1;
        if (depth === 1) keyExpected = byte === openObject;
      } else if (byte === closeObject || byte === closeList) {
        depth -= 1;
        if (depth < 0) throw new Error("it is not JSON");
        if (taking === depth) found(key as string, finish(chunk, from, at + 1));
      } else if (depth === 1 && byte === colon) keyExpected = false;
      else if (depth === 1 && byte === comma) keyExpected = true;
    }
    if (taking >= 0) taken.push(chunk.subarray(from));
    if (taken.length > 1 && taken.reduce((sum, part) => sum + part.length, 0) > longest) {
      throw new Error("an object in it has no end");
    }
  }
  if (depth !== 0 || inString) throw new Error("it is cut");
}

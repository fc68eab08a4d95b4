/** What a global node id points at: a kind's prefix, the repository's database id (0 for none) and the object's own id. */
export interface NodeRef {
  prefix: string;
  repository: number;
  id: number | string;
}

/** Makes a global node id of the shape GitHub uses since 2021: a prefix and base64url of a msgpack array. */
export function encodeNodeId({ prefix, repository, id }: NodeRef): string {
  const parts = [Buffer.from([0x93, 0]), uint32(repository), typeof id === "number" ? uint32(id) : text(id)];
  return `${prefix}_${Buffer.concat(parts).toString("base64url")}`;
}

/** Reads a node id of `encodeNodeId`, of GitHub's own, or of its old form (`011:PullRequest258868534`); null when it is none. */
export function decodeNodeId(value: string): NodeRef | null {
  const modern = /^([A-Z]{1,5})_([\w-]+)$/.exec(value);
  if (!modern) {
    const old = /^\d+:([A-Za-z]+?)(\d+)$/.exec(Buffer.from(value, "base64").toString("latin1"));
    return old ? { prefix: old[1] as string, repository: 0, id: Number(old[2]) } : null;
  }
  const bytes = Buffer.from(modern[2] as string, "base64url");
  if ((bytes[0] !== 0x93 && bytes[0] !== 0x92) || bytes.length < 4) return null;
  const values: (number | string)[] = [];
  for (let at = 1; at < bytes.length; ) {
    const tag = bytes[at] as number;
    const size = tag === 0xd9 ? 2 + (bytes[at + 1] ?? 0) : tag === 0xce ? 5 : tag === 0xcf ? 9 : tag < 0x80 ? 1 : 0;
    if (size === 0 || at + size > bytes.length) return null;
    if (tag === 0xd9) values.push(bytes.toString("utf8", at + 2, at + size));
    else if (tag === 0xce) values.push(bytes.readUInt32BE(at + 1));
    else if (tag === 0xcf) values.push(Number(bytes.readBigUInt64BE(at + 1)));
    else values.push(tag);
    at += size;
  }
  const id = values.at(-1);
  const repository = values.length > 2 ? values[1] : 0;
  if (id === undefined || typeof repository !== "number") return null;
  return { prefix: modern[1] as string, repository, id };
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(5, 0xce);
  bytes.writeUInt32BE(value, 1);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([Buffer.from([0xd9, bytes.length]), bytes]);
}

const longest = 80;
/** What Windows takes for a device, whatever follows the first dot. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Gives each text a name that every file system takes as one plain file's, two never the same whatever the case; the same text always the same name. */
export function safeNames(): (text: string) => string {
  const given = new Map<string, string>();
  const taken = new Set<string>();
  return (text) => {
    const known = given.get(text);
    if (known !== undefined) return known;
    const plain = plainName(text);
    let name = plain;
    for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${plain}-${n}`;
    taken.add(name.toLowerCase());
    given.set(text, name);
    return name;
  };
}

function plainName(text: string): string {
  const plain = text
    .replace(/[^A-Za-z0-9._-]+/g, "_")
    .slice(0, longest)
    .replace(/^[.-]+/, "_")
    .replace(/\.+$/, "");
  return plain === "" || devices.test(plain) ? `_${plain}` : plain;
}

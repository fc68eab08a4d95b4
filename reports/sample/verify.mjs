#!/usr/bin/env node
// verify.mjs: checks a pack of flowproof 0.1.0, offline, with nothing but Node (18 or later).
//
//   node verify.mjs                       the pack in whose folder this file lies
//   node verify.mjs PATH                  a pack's folder, evidence.zip, pack.html or pack.pdf
//   node verify.mjs PATH --against OLDER  does it continue a pack that you kept?
//   node verify.mjs --help                the rest
//
// It reads, and changes nothing. VERIFY.txt beside it says how to check the same with openssl and sha256sum alone.

import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { open, readFile, readdir, stat } from "node:fs/promises";
import { createReadStream, readFileSync } from "node:fs";
import * as crypto from "node:crypto";
import { createHash, createPublicKey, verify } from "node:crypto";
import { createInflateRaw, inflateSync } from "node:zlib";

// src/pack/verify/findings.ts
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** Text from anywhere, fit for a terminal: characters that steer it or cannot be seen are shown as escapes, long text is cut. */
function plain(text, most = 1200) {
	return (text.length > most ? `${text.slice(0, most)}...` : text).replace(unseen, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}
/** A name from a file, short enough to stand in a sentence. */
const named = (name) => plain(name, 120);
const finding = (outcome) => (subject, text) => ({
	subject: named(subject),
	outcome,
	text: plain(text)
});
/** It was looked at and is as it must be. */
const holds = finding("holds");
/** It was looked at and is not as it must be. */
const broken = finding("broken");
/** It could not be looked at here; the text says with what it can. */
const unchecked = finding("unchecked");
/** Names in a sentence: the first few, and how many more. */
function listed(names, most = 5) {
	const first = names.slice(0, most).map(named).join(", ");
	return names.length > most ? `${first} and ${names.length - most} more` : first;
}
/** `1 file`, `3 files`; thousands apart. */
const counted = (count, one, many = `${one}s`) => `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${count === 1 ? one : many}`;
/** What an error of the system says, in one line. */
const reasonOf = (error) => error instanceof Error ? error.message : String(error);

// src/util/errors.ts
/** The base of every error whose message is meant for a person: `code` is stable, `exitCode` is what the process ends with. */
var FlowproofError = class extends Error {
	hint;
	constructor(message, options = {}) {
		super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
		this.name = new.target.name;
		this.hint = options.hint;
	}
};
/** The configuration, the catalog or the command line is wrong; nothing was started. */
var ConfigError = class extends FlowproofError {
	code = "config";
	exitCode = 2;
};

// src/pack/formats.ts
/** What the files of an issued pack are called. */
const packFile = {
	html: "pack.html",
	pdf: "pack.pdf",
	assessment: "assessment.json",
	proofs: "proofs.json",
	content: "content.json",
	contentEnvelope: "content.dsse.json",
	bundle: "evidence.zip",
	/** Only in the bundle. */
	records: "records.jsonl",
	key: "signing-key.pem",
	verifier: "verify.mjs",
	instructions: "VERIFY.txt",
	sums: "SHA256SUMS",
	manifest: "manifest.json",
	manifestEnvelope: "manifest.dsse.json",
	/** The 64 bytes of the manifest's signature, for openssl. */
	manifestSignature: "manifest.sig"
};
/** The folder of the bundle in which the files of attestations lie; only there. */
const attachmentFolder = "attachments/";
/** What the content manifest calls the two parts of `pack.html` that it signs. */
const htmlSubject = {
	content: "pack.html#content",
	proof: "pack.html#proof"
};
/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
const statementType = "https://in-toto.io/Statement/v1";
/** DSSE's payload type of a statement. */
const payloadType = "application/vnd.in-toto+json";
const predicateType = {
	content: "https://flowproof.example/predicate/content/v1",
	manifest: "https://flowproof.example/predicate/pack/v1"
};

// src/pack/verify/sha256.ts
const atOnce = crypto.hash;
const joined = (parts) => parts.length === 1 ? parts[0] : Buffer.concat(parts);
/** SHA-256 of the parts joined, 32 bytes. */
const sha256$1 = atOnce ? (...parts) => Buffer.from(atOnce("sha256", joined(parts), "binary"), "binary") : (...parts) => {
	const hash = crypto.createHash("sha256");
	for (const part of parts) hash.update(part);
	return hash.digest();
};
/** The same, as 64 hexadecimal digits. */
const sha256Hex$1 = (...parts) => atOnce?.("sha256", joined(parts)) ?? Buffer.from(sha256$1(...parts)).toString("hex");
/** SHA-256 of a stream, as 64 hexadecimal digits. */
async function streamDigest(chunks) {
	const hash = crypto.createHash("sha256");
	for await (const chunk of chunks) hash.update(chunk);
	return hash.digest("hex");
}

// src/pack/verify/pack-files.ts
/** A file that is read whole is at most this long: what is longer is not one of a pack's. */
const mostBytes$1 = 536870912;
/** The files of a folder, and of the one that a bundle has in it. Anything that is not a plain file is a problem; throws what reading the folder throws. */
async function folderFiles(directory) {
	const top = await readdir(directory, { withFileTypes: true });
	const folder = top.find((entry) => entry.isDirectory() && `${entry.name}/` === "attachments/");
	const within = folder ? await readdir(join(directory, folder.name), { withFileTypes: true }) : [];
	const entries = [...top.filter((entry) => entry !== folder).map((entry) => ({
		entry,
		name: entry.name
	})), ...within.map((entry) => ({
		entry,
		name: `${attachmentFolder}${entry.name}`
	}))];
	return {
		names: entries.filter(({ entry }) => entry.isFile()).map(({ name }) => name).sort(),
		open: (name) => createReadStream(join(directory, name)),
		problems: entries.filter(({ entry }) => !entry.isFile()).map(({ entry, name }) => broken(name, `was added: it is a ${entry.isDirectory() ? "folder" : "link or device"}, and no part of the pack`)),
		close: async () => {}
	};
}
/** Files that are in memory already. */
function filesInMemory(files) {
	return {
		names: [...files.keys()].sort(),
		async *open(name) {
			const file = files.get(name);
			if (!file) throw new Error(`there is no ${name}`);
			yield file;
		},
		problems: [],
		close: async () => {}
	};
}
/** The bytes of a file, or why they could not be had; never throws. */
async function readWhole(files, name) {
	if (!files.names.includes(name)) return { problem: "it is missing" };
	const chunks = [];
	let length = 0;
	try {
		for await (const chunk of files.open(name)) {
			length += chunk.length;
			if (length > mostBytes$1) return { problem: "it is too long to be what it is called" };
			chunks.push(chunk);
		}
	} catch (error) {
		return { problem: `it cannot be read: ${reasonOf(error)}` };
	}
	return { bytes: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks) };
}
/** The digests of files, each made once; never throws. */
function digestsOf(files) {
	const made = /* @__PURE__ */ new Map();
	const names = new Set(files.names);
	const make = async (name) => {
		if (!names.has(name)) return void 0;
		try {
			return { sha256: await streamDigest(files.open(name)) };
		} catch (error) {
			return { problem: `it cannot be read: ${reasonOf(error)}` };
		}
	};
	return { of(name) {
		const digest = made.get(name) ?? make(name);
		made.set(name, digest);
		return digest;
	} };
}
/** Looks a name up in several places, one after the other. */
const firstOf$1 = (...places) => ({ async of(name) {
	for (const place of places) {
		const found = await place.of(name);
		if (found) return found;
	}
} });

// src/pack/verify/shape.ts
const when = (test, expected) => (value) => test(value) ? void 0 : `is not ${expected}`;
const matches = (pattern, expected) => when((value) => typeof value === "string" && pattern.test(value), expected);
const text = when((value) => typeof value === "string", "text");
/** A whole number that a double holds exactly, from 0. */
const count$1 = when((value) => Number.isSafeInteger(value) && value >= 0, "a count");
/** SHA-256 in lower-case hexadecimal. */
const digest = matches(/^[0-9a-f]{64}$/, "a SHA-256");
const hexadecimal = matches(/^(?:[0-9a-f]{2})*$/, "hexadecimal");
/** 32 bytes in base64. */
const hash64 = matches(/^[A-Za-z0-9+/]{43}=$/, "32 bytes in base64");
const base64 = matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "base64");
/** Exactly this value. */
const exactly = (expected) => when((value) => value === expected, JSON.stringify(expected));
const oneOf = (...values) => when((value) => values.includes(value), values.join(" or "));
const nullable = (shape) => (value) => value === null ? void 0 : shape(value);
const list = (item) => (value) => {
	if (!Array.isArray(value)) return "is not a list";
	for (let i = 0; i < value.length; i += 1) {
		const wrong = item(value[i]);
		if (wrong) return `[${i}]${joint(wrong)}`;
	}
};
/** A list of exactly these. */
const tuple = (...items) => (value) => {
	if (!Array.isArray(value) || value.length !== items.length) return `is not a list of ${items.length}`;
	for (let i = 0; i < items.length; i += 1) {
		const wrong = items[i]?.(value[i]);
		if (wrong) return `[${i}]${joint(wrong)}`;
	}
};
/** An object's own fields; those in `optional` may be absent. Other fields are let be. */
function fields(required, optional = {}) {
	const all = [...Object.entries(required).map(([name, shape]) => ({
		name,
		shape,
		must: true
	})), ...Object.entries(optional).map(([name, shape]) => ({
		name,
		shape,
		must: false
	}))];
	return (value) => {
		if (typeof value !== "object" || value === null || Array.isArray(value)) return "is not an object";
		for (const { name, shape, must } of all) {
			const wrong = Object.hasOwn(value, name) ? shape(value[name]) : must ? "is missing" : void 0;
			if (wrong) return `.${name}${joint(wrong)}`;
		}
	};
}
const joint = (wrong) => /^[.[]/.test(wrong) ? wrong : ` ${wrong}`;
/** JSON of the given shape; never throws, whatever the bytes. */
function readJson(bytes, shape) {
	let value;
	try {
		value = JSON.parse(new TextDecoder("utf-8", {
			fatal: true,
			ignoreBOM: true
		}).decode(bytes));
	} catch {
		return { problem: "it is not JSON in UTF-8" };
	}
	const wrong = shape(value);
	return wrong === void 0 ? { value } : { problem: wrong.replace(/^\./, "") };
}

// src/pack/verify/shapes.ts
const identity = {
	name: text,
	revision: count$1,
	edition: oneOf("full", "redacted")
};
const checkpoint = fields({
	size: count$1,
	root: digest,
	at: text,
	note: text
});
const statement = (type, predicate) => fields({
	_type: exactly(statementType),
	predicateType: exactly(type),
	subject: list(fields({
		name: text,
		digest: fields({ sha256: digest })
	})),
	predicate
});
/** `content.json`. */
const contentStatement = statement(predicateType.content, fields({
	version: exactly(1),
	pack: fields({
		...identity,
		organisation: text,
		supersedes: nullable(text)
	}),
	period: fields({
		id: text,
		from: text,
		to: text,
		asOf: text,
		cutAt: nullable(text),
		timezone: text
	}),
	scope: fields({
		systems: list(text),
		repositories: list(text)
	}),
	result: fields({
		criteria: list(fields({
			framework: text,
			id: text,
			result: text,
			statement: text
		})),
		population: fields({
			commits: count$1,
			changes: count$1,
			deployments: count$1
		}),
		exceptions: count$1,
		waived: count$1
	}),
	checkpoint,
	previous: nullable(fields({
		pack: text,
		manifest: digest
	})),
	issued: fields({
		at: text,
		by: text,
		role: text,
		assertion: text
	}),
	tool: text
}, { certificate: nullable(digest) }));
/** `manifest.json` of an issued pack. */
const packStatement = statement(predicateType.manifest, fields({
	version: exactly(1),
	pack: fields(identity),
	content: digest,
	checkpoint: fields({
		size: count$1,
		root: digest
	})
}));
/** `manifest.json` of a draft. */
const draftManifest = fields({
	schemaVersion: exactly(1),
	state: exactly("draft"),
	tool: text,
	checkpoint: fields({
		size: count$1,
		root: text,
		at: text
	}),
	files: list(fields({
		name: text,
		sha256: digest,
		bytes: count$1
	}))
});
/** The records a proof is about, and the proof. */
const recordsProof = fields({
	leaves: list(tuple(count$1, count$1, digest)),
	proof: list(hash64)
});
const timestamp = (value) => fields({
	token: base64,
	authority: text
})(value) && fields({
	token: exactly(null),
	reason: text
})(value) ? "is neither a token with its authority nor a reason" : void 0;
/** `proofs.json`. */
const proofs = fields({
	version: exactly(1),
	checkpoint,
	timestamp,
	earlier: list(fields({
		pack: text,
		manifest: digest,
		checkpoint,
		consistency: list(hash64)
	})),
	records: recordsProof
});
/** A line of `records.jsonl`. */
const bundledRecord = fields({
	id: count$1,
	position: count$1,
	leaf: digest
}, {
	fields: fields({
		version: exactly(1),
		stream: text,
		kind: text,
		externalId: text,
		fetchedAt: text,
		run: text,
		digest
	}),
	salt: hexadecimal,
	content: text
});
/** What of `assessment.json` is compared: its checkpoint, and a record that it cites. */
const statedCheckpoint = fields({
	size: count$1,
	root: text
});
const citedRecord = fields({
	id: count$1,
	leaf: text
});

// src/pack/verify/subjects.ts
/** Compares every file that a manifest lists with what lies there; `elsewhere` are those that need not lie here, and where they do; `state` is what the listed bytes are. */
async function subjectChecks(manifest, subjects, digests, elsewhere, state = "what was signed") {
	const bad = [];
	const absent = [];
	let good = 0;
	for (const { name, digest } of subjects) {
		const found = await digests.of(name);
		if (!found) {
			if (elsewhere.names(name)) absent.push(name);
			else bad.push(broken(name, `is missing: ${manifest} lists it`));
		} else if ("problem" in found) bad.push(broken(name, found.problem));
		else if (found.sha256 !== digest.sha256) bad.push(broken(name, `was altered: its SHA-256 is not the one in ${manifest}`));
		else good += 1;
	}
	return [
		...good > 0 ? [holds(manifest, `${counted(good, "file")} that it lists: byte for byte ${state}`)] : [],
		...absent.length > 0 ? [unchecked(manifest, `lists ${listed(absent)}: ${elsewhere.where}`)] : [],
		...bad
	];
}
/** What lies there and is not listed. */
const addedChecks = (names, known, manifest) => names.filter((name) => !known.has(name)).map((name) => broken(name, `was added: ${manifest} does not list it`));
/** Checks that the files inside a part are those of a list, where one is known, no more and no less, each the same as outside where it lies outside too. */
async function sameFilesChecks(part, inside, outside, expected) {
	const known = expected && /* @__PURE__ */ new Set([...expected.required, ...expected.optional]);
	const checks = [];
	let same = 0;
	for (const name of expected?.required ?? []) if (!inside.names.includes(name)) checks.push(broken(part, `${name} is missing in it`));
	for (const name of inside.names) {
		if (known && !known.has(name)) checks.push(broken(part, `${name} was added to it`));
		const [within, without] = [await inside.digests.of(name), await outside.of(name)];
		if (within && "problem" in within) checks.push(broken(part, `${name} in it: ${within.problem}`));
		else if (within && without && "sha256" in without) {
			if (within.sha256 === without.sha256) same += 1;
			else checks.push(broken(part, `${name} in it was replaced: it is not the pack's ${name}`));
		}
	}
	if (checks.length > 0 || !expected) return checks;
	const text = same > 0 ? `${counted(same, "file")} in it: the same as in the pack, none added or missing` : "no file in it was added, none is missing";
	return [holds(part, text)];
}

// src/pack/verify/draft.ts
/** Whether a manifest is that of a draft. */
const isDraft = (manifest) => readJson(manifest, draftManifest).problem === void 0;
/** What only issuing writes. */
const issuedOnly = [
	packFile.manifestEnvelope,
	packFile.manifestSignature,
	packFile.content,
	packFile.contentEnvelope,
	packFile.proofs,
	packFile.bundle,
	packFile.key,
	packFile.sums
];
/** Verifies a draft's folder: that its files are those written together; nobody signed it, which breaks it where a key was expected. */
async function verifyDraft(files, manifest, expectedKey) {
	const read = readJson(manifest, draftManifest);
	if (read.problem !== void 0) return {
		kind: "draft",
		checks: [broken(packFile.manifest, `cannot be read: ${read.problem}`)]
	};
	const { checkpoint } = read.value;
	const subjects = read.value.files.map(({ name, sha256 }) => ({
		name,
		digest: { sha256 }
	}));
	const known = /* @__PURE__ */ new Set([...subjects.map(({ name }) => name), packFile.manifest]);
	return {
		kind: "draft",
		checkpoint: {
			size: checkpoint.size,
			root: checkpoint.root
		},
		checks: [
			...await subjectChecks(packFile.manifest, subjects, digestsOf(files), {
				names: () => false,
				where: ""
			}, "what was rendered"),
			...addedChecks(files.names, known, packFile.manifest),
			...files.problems,
			...files.names.filter((name) => issuedOnly.includes(name)).map(leftover),
			unsigned(expectedKey)
		]
	};
}
const leftover = (name) => broken(name, `is of an issued pack, and ${packFile.manifest} is a draft's: it stands where the signed one was`);
const unsigned = (expectedKey) => expectedKey === void 0 ? unchecked("signature", "this is a draft: nobody signed it, so it shows that its files belong together and not who wrote them") : broken("signature", "this is a draft: nobody signed it, neither with the key you gave nor with another");

// src/util/hash.ts
/** SHA-256 of the parts joined, as 32 bytes; strings are taken as UTF-8. */
function sha256(...parts) {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part);
	return hash.digest();
}
/** SHA-256 of the parts joined, as 64 lower-case hexadecimal digits. */
function sha256Hex(...parts) {
	return sha256(...parts).toString("hex");
}

// src/ledger/signing-key.ts
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");
/** The raw 32 bytes of a PEM text that says `PUBLIC KEY`; throws ConfigError for anything but Ed25519. */
function rawPublicKey(pem) {
	const what = "an Ed25519 public key";
	if (/PRIVATE KEY/.test(pem)) throw notA(what);
	return raw(ed25519$1(() => createPublicKey(pem), what));
}
/** SHA-256 of the raw public key, hexadecimal: what is printed, compared by telephone and used as DSSE's keyid. */
function fingerprint(publicKey) {
	return sha256Hex(publicKey);
}
/** Whether the raw public key signed exactly these bytes; false for anything malformed. */
function verifyEd25519(publicKey, message, signature) {
	if (publicKey.length !== 32 || signature.length !== 64) return false;
	try {
		const key = createPublicKey({
			key: Buffer.concat([spkiPrefix, publicKey]),
			format: "der",
			type: "spki"
		});
		return verify(null, message, key, signature);
	} catch {
		return false;
	}
}
function raw(key) {
	return new Uint8Array(key.export({
		type: "spki",
		format: "der"
	}).subarray(spkiPrefix.length));
}
function ed25519$1(read, what) {
	let key;
	try {
		key = read();
	} catch (cause) {
		throw notA(what, cause);
	}
	if (key.asymmetricKeyType !== "ed25519") throw notA(what);
	return key;
}
/** Says nothing of what the text was: it may have been a secret. */
function notA(what, cause) {
	return new ConfigError(`the signing key is not ${what} in PEM`, {
		cause,
		hint: "Make one with `flowproof init`, or with: openssl genpkey -algorithm ed25519 -out flowproof.key"
	});
}

// src/pack/html/script-policy.ts
/** What the policy of a rendered document begins with: nothing is allowed but what follows. */
const policyStart = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; `;
/** The directive that lets exactly this script run. */
const scriptPolicy = (script) => `script-src 'sha256-${Buffer.from(sha256$1(Buffer.from(script, "utf8"))).toString("base64")}'`;

// src/pack/html/sealed-elements.ts
/** What bears it is no part of the content: exactly four elements, each once and in its place. */
const sealAttribute = "data-seal";
/**
* The line of verification as it lies in the file, first in the body. It is part of the format, character by character:
* whoever verifies knows by it that nobody wrote a result into it.
*/
const sealedLine = "<p data-seal=\"line\" class=\"seal\" role=\"status\">Not checked here: this browser ran no script of this document. To check it, run node verify.mjs pack.html; VERIFY.txt says how.</p>";
/**
* What the scripts at the end of the body begin with, in their order, after the `<`: the verifier holds these texts
* itself, and a script may not hold the beginning of another.
*/
const sealedScript = {
	proof: "script data-seal=\"proof\" type=\"application/json\">",
	envelope: "script data-seal=\"envelope\" type=\"application/json\">",
	verifier: "script data-seal=\"verifier\">"
};

// src/pack/html/seal-html.ts
const bodyStart = "<body>";
const scriptEnd = "<\/script>";
const bodyEnd = "</body></html>";
/** Takes a sealed `pack.html` apart by its bytes alone; undefined for anything that {@link sealHtml} did not give, byte by byte, its texts aside. */
function readSealedHtml(html) {
	const bytes = Buffer.from(html.buffer, html.byteOffset, html.byteLength);
	const text = bytes.toString("latin1");
	const lineAt = text.indexOf(bodyStart) + 6;
	const lineEnd = lineAt + sealedLine.length;
	if (lineAt < 6 || text.slice(lineAt, lineEnd) !== "<p data-seal=\"line\" class=\"seal\" role=\"status\">Not checked here: this browser ran no script of this document. To check it, run node verify.mjs pack.html; VERIFY.txt says how.</p>" || !text.endsWith(bodyEnd)) return void 0;
	const bodyEndAt = text.length - 14;
	const verifier = lastScript(text, bodyEndAt, `<${sealedScript.verifier}`, /<\/?script|<!--|\r/i);
	const envelope = verifier && lastScript(text, verifier.at, `<${sealedScript.envelope}`, /[<\r]/);
	const proof = envelope && lastScript(text, envelope.at, `<${sealedScript.proof}`, /[<\r]/);
	if (!proof || proof.at < lineEnd) return void 0;
	const content = Buffer.concat([
		bytes.subarray(0, lineAt),
		bytes.subarray(lineEnd, proof.at),
		bytes.subarray(bodyEndAt)
	]);
	const contentText = content.toString("latin1");
	if (bearsSeal(contentText)) return void 0;
	const utf8 = ({ from, to }) => bytes.toString("utf8", from, to);
	return {
		content,
		proof: utf8(proof),
		envelope: utf8(envelope),
		verifier: utf8(verifier),
		verifierAllowed: count(contentText, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ") === 1 && contentText.includes(`${"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "}${scriptPolicy(utf8(verifier))}; style-src `)
	};
}
/** The script element that ends at `end`, where it begins with exactly this tag and its text holds nothing that could be markup. */
function lastScript(text, end, tag, markup) {
	const to = end - 9;
	const at = text.lastIndexOf(tag, to);
	const from = at + tag.length;
	if (at < 0 || from > to || text.slice(to, end) !== scriptEnd || markup.test(text.slice(from, to))) return void 0;
	return {
		at,
		from,
		to
	};
}
/** Whether a tag, as serialised documents write tags, bears the attribute of the seal. */
const bearsSeal = (text) => new RegExp(`<[A-Za-z][^\\s<>"]*(?: [^\\s<>"=]+="[^"]*")* ${sealAttribute}="`).test(text);
function count(text, part) {
	return text.split(part).length - 1;
}

// src/pack/verify/bundle-part.ts
/** An index by the auditor's own request numbers, only where they were given. */
const index = "index.csv";
const always$1 = [
	packFile.content,
	packFile.contentEnvelope,
	packFile.key,
	packFile.verifier,
	packFile.instructions
];
/** Files that no manifest in the bundle is about. */
const unsignedInBundle = [
	packFile.verifier,
	packFile.instructions,
	index
];
/** Whether the content manifest's file lies in the bundle: all but the parts of the page, and the schema, which need not. */
const inBundle = (name) => !name.includes("#") && !name.endsWith(".schema.json");
/** Checks the bundle's files against those outside it: records, proofs, content manifest and what it lists, no more and no less. */
async function bundleChecks({ files, digests }, outside, subjects) {
	const expected = subjects && {
		required: [...subjects.filter(inBundle), ...always$1],
		optional: [...subjects, index]
	};
	return sameFilesChecks(packFile.bundle, {
		names: files.names,
		digests
	}, outside, expected);
}

// src/util/base64.ts
/** The bytes that {@link toBase64} wrote as exactly this text; undefined for anything else, so no two texts mean the same. */
function fromBase64(text) {
	const binary = decoded(text);
	if (binary === void 0 || btoa(binary) !== text) return void 0;
	return Uint8Array.from(binary, (unit) => unit.charCodeAt(0));
}
function decoded(text) {
	try {
		return atob(text);
	} catch {
		return;
	}
}

// src/util/hex.ts
/** The bytes as lower-case hexadecimal digits, two each; runs in browsers too. */
function toHex(bytes) {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// src/util/join-bytes.ts
/** The parts, one after the other; runs in browsers too. */
function joinBytes(...parts) {
	const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		joined.set(part, at);
		at += part.length;
	}
	return joined;
}

// src/ledger/checkpoint-note.ts
const ed25519 = 1;
/** Twice the words that the specification asks a reader to take, and still nothing to work through. */
const mostSignatures = 32;
/** What is not UTF-8, and control characters other than the newline. */
const unwritable = /\p{Surrogate}|[\0-\x09\x0b-\x1f]/u;
const encoder$2 = new TextEncoder();
/** The first four bytes, in hexadecimal, of SHA-256(name || 0x0A || 0x01 || public key), by which a note names an Ed25519 key. */
function* keyHash({ name, publicKey }) {
	const [hash] = yield [joinBytes(encoder$2.encode(`${name}\n`), Uint8Array.of(ed25519), publicKey)];
	return toHex(hash.subarray(0, 4));
}
/** What a checkpoint's note says and who signed it, by whatever keys, unverified; undefined for anything malformed. */
function readNote(note) {
	const signed = signedText(note);
	const statement = signed && statementOf(signed.text);
	return statement && {
		...signed,
		...statement
	};
}
/** The signature under the note that says it is of this key; undefined where there is none, or more than one, of which one must be wrong. */
function* signatureFor(note, key) {
	const id = yield* keyHash(key);
	const [own, ...more] = note.signatures.filter(({ name, keyHash }) => name === key.name && keyHash === id);
	return more.length === 0 ? own?.signature : void 0;
}
function signedText(note) {
	const end = note.lastIndexOf("\n\n");
	if (end < 0 || !note.endsWith("\n") || unwritable.test(note)) return void 0;
	const lines = note.slice(end + 2, -1).split("\n");
	if (lines.length > mostSignatures) return void 0;
	const signatures = lines.map(signatureOf$1).filter((signature) => signature !== void 0);
	return signatures.length === lines.length ? {
		text: note.slice(0, end + 1),
		signatures
	} : void 0;
}
function signatureOf$1(line) {
	const [, name, encoded] = /^— ([^\p{White_Space}+]+) (\S+)$/u.exec(line) ?? [];
	const bytes = fromBase64(encoded ?? "");
	if (name === void 0 || bytes === void 0 || bytes.length < 5) return void 0;
	return {
		name,
		keyHash: toHex(bytes.subarray(0, 4)),
		signature: bytes.slice(4)
	};
}
function statementOf(text) {
	const [origin = "", size = "", encoded = "", ...rest] = text.split("\n");
	const root = fromBase64(encoded);
	if (rest.indexOf("") !== rest.length - 1 || origin === "") return void 0;
	if (!/^(?:0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)) || root?.length !== 32) return void 0;
	return {
		origin,
		size: Number(size),
		root: toHex(root)
	};
}

// src/ledger/hashing.ts
/** Takes the steps with a SHA-256 that answers at once, and gives what they come to. */
function hashSync(sha256, steps) {
	let step = steps.next();
	while (!step.done) step = steps.next(step.value.map((input) => sha256(input)));
	return step.value;
}

// src/pack/verify/checkpoint.ts
/** Reads a checkpoint's note strictly, and compares it with what is stated beside it. */
function noteState(stated, key) {
	const note = readNote(stated.note);
	if (!note) return "malformed";
	if (note.size !== stated.size || note.root !== stated.root) return "differs";
	const signature = hashSync(sha256$1, signatureFor(note, {
		name: note.origin,
		publicKey: key
	}));
	if (!signature) return "unsigned";
	return verifyEd25519(key, new TextEncoder().encode(note.text), signature) ? "good" : "forged";
}
/** The ledger's name, as the note's first line has it. */
const originOf = (stated) => readNote(stated.note)?.origin;
/** Checks the checkpoint that a file states: its note, its size and root, its signature. */
function checkpointChecks(file, stated, key) {
	const state = noteState(stated, key);
	if (state !== "good") return [broken("checkpoint", `${file}: ${noteProblem[state]}`)];
	return [holds("checkpoint", `of ${originOf(stated)}, ${counted(stated.size, "record")}, root ${stated.root}: its note is signed with the key`)];
}
/** What is wrong with a note, in words. */
const noteProblem = {
	malformed: "its checkpoint's note is not a signed note (C2SP tlog-checkpoint)",
	differs: "its checkpoint's note states another size or root",
	unsigned: "its checkpoint's note is not signed with the key of the pack",
	forged: "the signature of its checkpoint's note is not good: the note was altered"
};
/** Compares what a file states with the checkpoint of the content manifest. */
function sameCheckpoint(file, stated, expected) {
	return stated.size === expected.size && stated.root === expected.root ? holds(file, "is under the same checkpoint") : broken(file, `is under another checkpoint: ${stated.size} records, root ${stated.root}, where the content manifest has ${expected.size}, ${expected.root}`);
}

// src/pack/html/page-proof.ts
const shape = fields({
	version: exactly(1),
	checkpoint: fields({
		size: count$1,
		root: digest,
		at: text,
		note: text
	}),
	key: base64,
	records: fields({
		leaves: list(tuple(count$1, count$1, digest)),
		proof: list(hash64)
	})
});
/** What {@link writePageProof} wrote; undefined for anything else. */
function readPageProof(block) {
	const value = parsed$1(block);
	return shape(value) === void 0 ? value : void 0;
}
function parsed$1(json) {
	try {
		return JSON.parse(json);
	} catch {
		return;
	}
}

// src/pack/verify/scan-json.ts
const longest$1 = 1048576;
const [quote, backslash, colon, comma] = [
	34,
	92,
	58,
	44
];
const [openObject, closeObject, openList, closeList] = [
	123,
	125,
	91,
	93
];
/**
* Finds objects in a JSON file that is too long to be held: the values of these top-level keys that are objects, and the
* objects in those that are lists. Gives the bytes of each to `found`; throws where brackets or quotes do not end.
*/
async function scanJson(chunks, keys, found) {
	let depth = 0;
	let inString = false;
	let escaped = false;
	let key;
	let keyExpected = false;
	/** The depth around what is being taken, a key or an object; negative: nothing is. */
	let taking = -1;
	let taken = [];
	const finish = (chunk, from, to) => {
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
					if (depth === 1 && keyExpected) key = JSON.parse(Buffer.from(finish(chunk, from, at + 1)).toString());
				}
			} else if (byte === quote) {
				inString = true;
				if (depth === 1 && keyExpected) [taking, from] = [1, at];
			} else if (byte === openObject || byte === openList) {
				if (taking < 0 && key !== void 0 && keys.includes(key) && byte === openObject && (depth === 1 || depth === 2)) [taking, from] = [depth, at];
				depth += 1;
				if (depth === 1) keyExpected = byte === openObject;
			} else if (byte === closeObject || byte === closeList) {
				depth -= 1;
				if (depth < 0) throw new Error("it is not JSON");
				if (taking === depth) found(key, finish(chunk, from, at + 1));
			} else if (depth === 1 && byte === colon) keyExpected = false;
			else if (depth === 1 && byte === comma) keyExpected = true;
		}
		if (taking >= 0) taken.push(chunk.subarray(from));
		if (taken.length > 1 && taken.reduce((sum, part) => sum + part.length, 0) > longest$1) throw new Error("an object in it has no end");
	}
	if (depth !== 0 || inString) throw new Error("it is cut");
}

// src/pack/verify/assessment.ts
/** Checks that the assessment rests on the same checkpoint, and cites the records that the proofs are about; never throws. */
async function assessmentChecks(files, expected, proof) {
	if (!files.names.includes(packFile.assessment)) return [broken(packFile.assessment, "it is missing")];
	const proven = new Map(proof.leaves.map(([id, , leaf]) => [id, leaf]));
	const checkpoints = [];
	const bad = [];
	let cited = 0;
	const cite = ({ id, leaf }) => {
		cited += 1;
		if (proven.get(id) === leaf) return;
		const how = proven.has(id) ? `${packFile.assessment} cites it with another leaf than ${packFile.proofs}` : `${packFile.assessment} cites it, ${packFile.proofs} does not prove it`;
		bad.push(broken(`r${id}`, how));
	};
	try {
		await scanJson(files.open(packFile.assessment), ["checkpoint", "records"], (key, json) => {
			if (key === "records") cite(readOne(json, citedRecord));
			else checkpoints.push(readOne(json, statedCheckpoint));
		});
	} catch (error) {
		return [broken(packFile.assessment, `is not an assessment: ${reasonOf(error)}`)];
	}
	const [checkpoint, ...more] = checkpoints;
	if (!checkpoint || more.length > 0) return [broken(packFile.assessment, "is not an assessment: it must state one checkpoint")];
	const same = sameCheckpoint(packFile.assessment, checkpoint, expected);
	if (bad.length > 0) return [same, ...bad];
	return [same, holds(packFile.assessment, `${counted(cited, "record")} that it cites: each with the leaf that is proven`)];
}
/** By a record's id, the leaf that the assessment cites; none where it cannot be read. */
async function citedLeaves(files) {
	const leaves = /* @__PURE__ */ new Map();
	try {
		await scanJson(files.open(packFile.assessment), ["records"], (_, json) => {
			const { id, leaf } = readOne(json, citedRecord);
			leaves.set(id, leaf);
		});
	} catch {}
	return leaves;
}
function readOne(json, shape) {
	const read = readJson(json, shape);
	if (read.problem !== void 0) throw new Error(read.problem);
	return read.value;
}

// src/ledger/node-hash.ts
const prefix = 1;
const length = 65;
/** What {@link nodeHash} hashes of each pair of 32-byte hashes, in views of one piece of memory: many small ones cost more than the hashing. */
function nodeInputs(pairs) {
	const all = new Uint8Array(length * pairs.length);
	return pairs.map(([left, right], i) => {
		const input = all.subarray(length * i, length * (i + 1));
		input[0] = prefix;
		input.set(left, 1);
		input.set(right, 33);
		return input;
	});
}

// src/ledger/well-formed.ts
/** Whether the value can be the size of a tree that something is proven of. */
const isSize = (value) => Number.isSafeInteger(value) && value > 0;
/** Whether every one has the length of a SHA-256. */
const areHashes = (hashes) => hashes.every((hash) => hash.length === 32);

// src/ledger/verify-consistency.ts
const isOdd = (value) => value % 2 === 1;
const half$1 = (value) => Math.floor(value / 2);
/**
* Whether the proof shows that the tree of `size` leaves under `root` continues the one of `from` leaves under
* `fromRoot` (RFC 9162 section 2.1.4.2); false for anything malformed, and for `from` 0, which proves nothing.
*/
function* verifyConsistency(from, fromRoot, size, root, proof) {
	if (!isSize(from) || !isSize(size) || from > size || !areHashes([
		fromRoot,
		root,
		...proof
	])) return false;
	if (from === size) return proof.length === 0 && equal(fromRoot, root);
	let node = from - 1;
	let last = size - 1;
	while (isOdd(node)) {
		node = half$1(node);
		last = half$1(last);
	}
	const [first, ...siblings] = node === 0 ? [fromRoot, ...proof] : proof;
	if (!first) return false;
	let older = first;
	let newer = first;
	for (const sibling of siblings) {
		if (last === 0) return false;
		if (isOdd(node) || node === last) {
			const inputs = nodeInputs([[sibling, older], [sibling, newer]]);
			[older, newer] = yield inputs;
			while (!isOdd(node) && node !== 0) {
				node = half$1(node);
				last = half$1(last);
			}
		} else [newer] = yield nodeInputs([[newer, sibling]]);
		node = half$1(node);
		last = half$1(last);
	}
	return last === 0 && equal(older, fromRoot) && equal(newer, root);
}
const equal = (a, b) => a.every((byte, i) => byte === b[i]);

// src/pack/verify/earlier.ts
const fromHex = (hex) => Buffer.from(hex, "hex");
/** Whether RFC 6962's proof shows that the newer state of a ledger continues the older. */
function continues(newer, older, proof) {
	const hashes = proof.map((hash) => Buffer.from(hash, "base64"));
	return hashSync(sha256$1, verifyConsistency(older.size, fromHex(older.root), newer.size, fromHex(newer.root), hashes));
}
/** Checks that the checkpoint continues that of every pack issued before, and that the content manifest names the latest. */
function earlierChecks(proofs, content, key) {
	const { checkpoint, earlier } = proofs;
	const origin = originOf(checkpoint);
	const bad = [];
	const otherKey = [];
	for (const entry of earlier) {
		const about = `earlier pack ${entry.pack}`;
		const state = noteState(entry.checkpoint, key);
		if (state === "unsigned") otherKey.push(entry.pack);
		else if (state !== "good") bad.push(broken(about, noteProblem[state]));
		if (originOf(entry.checkpoint) !== origin) bad.push(broken(about, "its checkpoint is of another ledger"));
		if (!continues(checkpoint, entry.checkpoint, entry.consistency)) bad.push(broken(about, "the checkpoint is not shown to continue the one it was issued under: what was recorded then may be cut or altered"));
	}
	const sizes = earlier.map((entry) => entry.checkpoint.size);
	if (sizes.some((size, i) => i > 0 && size > sizes[i - 1])) bad.push(broken("earlier packs", "their checkpoints do not grow from one to the next"));
	return [
		...previousCheck(proofs, content),
		...bad,
		...otherKeys(otherKey),
		...bad.length === 0 ? [whole(proofs)] : []
	];
}
function whole({ earlier }) {
	return earlier.length === 0 ? holds("earlier packs", "none is stated: this is the first") : holds("earlier packs", `the checkpoint continues that of ${counted(earlier.length, "pack")} issued before`);
}
function otherKeys(packs) {
	if (packs.length === 0) return [];
	return [unchecked("earlier packs", `the checkpoint of ${listed(packs)} was signed with another key: compare it with that pack's own ${packFile.key}`)];
}
function previousCheck({ earlier }, content) {
	if (!content) return [];
	const [latest] = earlier;
	const { previous } = content;
	return previous?.manifest === latest?.manifest && previous?.pack === latest?.pack ? [] : [broken("earlier packs", "the pack before this one is another in the content manifest than in proofs.json")];
}

// src/ledger/verify-multi-proof.ts
/** How many hashes are asked for at once, at most: enough for a browser to work through together, and little memory. */
const batch = 4096;
/**
* The root of the tree of `size` leaves that holds the given ones, in ascending order, at their places, from a proof as
* `MerkleTree.multiProof` gives it; undefined for anything malformed. In O(k log size), a level at a time. A proof by
* itself binds no size: it is the one that the signed checkpoint states beside its root.
*/
function* multiProofRoot(size, leaves, proof) {
	if (!wellFormed(size, leaves, proof)) return void 0;
	let used = 0;
	const next = () => proof[used++];
	let level = {
		places: leaves.map(({ position }) => position),
		hashes: leaves.map(({ leaf }) => leaf)
	};
	for (let last = size - 1; last > 0 && level; last = half(last)) level = yield* levelAbove(level, last, next);
	const root = level?.hashes[0] ?? next();
	return used === proof.length ? root : void 0;
}
/** What is known of the level above one that ends at `last`; undefined where the proof has no more siblings. */
function* levelAbove({ places, hashes }, last, next) {
	const parents = [];
	const joined = [];
	const pairs = [];
	const promoted = [];
	for (let i = 0; i < places.length; i += 1) {
		const place = places[i];
		const hash = hashes[i];
		parents.push(half(place));
		if (place === last && place % 2 === 0) {
			promoted.push(hash);
			continue;
		}
		const sibling = place % 2 === 0 && places[i + 1] === place + 1 ? hashes[++i] : next();
		if (!sibling) return void 0;
		pairs.push(place % 2 === 0 ? [hash, sibling] : [sibling, hash]);
		if (pairs.length === batch) joined.push(...yield nodeInputs(pairs.splice(0)));
	}
	joined.push(...yield nodeInputs(pairs), ...promoted);
	return {
		places: parents,
		hashes: joined
	};
}
function wellFormed(size, leaves, proof) {
	return isSize(size) && leaves.every(({ position }, i) => Number.isSafeInteger(position) && position > (leaves[i - 1]?.position ?? -1)) && (leaves.at(-1)?.position ?? 0) < size && areHashes(leaves.map(({ leaf }) => leaf)) && areHashes(proof);
}
const half = (value) => Math.floor(value / 2);

// src/pack/verify/records.ts
/** Checks that all leaves together are under the checkpoint; a record whose leaf is wrong is named where another part of the pack has the right one. */
function multiProofChecks(file, records, checkpoint, others = []) {
	const misplaced = records.leaves.find(([, position], i) => i > 0 && position <= (records.leaves[i - 1]?.[1] ?? 0));
	if (misplaced) return [broken(`r${misplaced[0]}`, `${file}: stands out of its place, or twice`)];
	if (rootOf(records, checkpoint.size) === checkpoint.root) return [holds("records", `${counted(records.leaves.length, "record")} of ${file} are under the checkpoint's root`)];
	for (const { where, leaves } of others) {
		const replaced = records.leaves.filter(([id, , leaf]) => (leaves.get(id) ?? leaf) !== leaf);
		if (replaced.length === 0 || rootOf(withLeaves(records, leaves), checkpoint.size) !== checkpoint.root) continue;
		return replaced.map(([id]) => broken(`r${id}`, `${file}: its leaf was altered; with the leaf that ${where} gives, the checkpoint's root is reached`));
	}
	return [broken("records", `the leaves of ${file} do not lead to the checkpoint's root: a leaf, its place or the proof was altered; which one, nothing in this pack shows`)];
}
const withLeaves = (records, leaves) => ({
	...records,
	leaves: records.leaves.map(([id, position, leaf]) => [
		id,
		position,
		leaves.get(id) ?? leaf
	])
});
function rootOf({ leaves, proof }, size) {
	const all = Buffer.from(leaves.map(([, , leaf]) => leaf).join(""), "hex");
	const placed = leaves.map(([, position], i) => ({
		position,
		leaf: all.subarray(32 * i, 32 * i + 32)
	}));
	const hashes = proof.map((hash) => Buffer.from(hash, "base64"));
	const root = hashSync(sha256$1, multiProofRoot(size, placed, hashes));
	return root && Buffer.from(root).toString("hex");
}

// src/pack/verify/html-part.ts
/** The digests of the two parts of `pack.html` that are signed, under the names that the content manifest has for them. */
function htmlDigests(html) {
	return /* @__PURE__ */ new Map([[htmlSubject.content, { sha256: sha256Hex$1(html.content) }], [htmlSubject.proof, { sha256: sha256Hex$1(Buffer.from(html.proof)) }]]);
}
/** Checks what `pack.html` carries for the browser that opens it: the same key, the same checkpoint, records under it, and only the script that its content allows. */
function pageChecks(html, key, expected) {
	const proof = readPageProof(html.proof);
	if (!proof) return [broken(packFile.html, "its block of proofs cannot be read")];
	const { checkpoint, records } = proof;
	return [
		Buffer.compare(Buffer.from(proof.key, "base64"), key) === 0 ? holds(packFile.html, "carries the same key") : broken(packFile.html, "carries another key than the pack"),
		html.verifierAllowed ? holds(packFile.html, "its script is the one that its content allows") : broken(packFile.html, "its script is not the one that its content allows"),
		...checkpointChecks(packFile.html, checkpoint, key),
		...expected ? [sameCheckpoint(packFile.html, checkpoint, expected)] : [],
		...multiProofChecks(packFile.html, records, checkpoint)
	];
}

// src/pack/verify/lines.ts
const longest = 268435456;
/** The same, all that end in one chunk together: to wait for every line takes longer than to hash it. */
async function* lineBatches(chunks) {
	let parts = [];
	let length = 0;
	for await (const chunk of chunks) {
		const lines = [];
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

// node_modules/canonicalize/lib/canonicalize.js
function serializeString(value) {
	if (!value.isWellFormed()) throw new Error("Lone surrogate is not allowed");
	return JSON.stringify(value);
}
function serializePrimitive(value) {
	switch (typeof value) {
		case "number":
			if (isNaN(value)) throw new Error("NaN is not allowed");
			if (!isFinite(value)) throw new Error("Infinity is not allowed");
			return JSON.stringify(value);
		case "string": return serializeString(value);
		case "boolean": return value ? "true" : "false";
		default: return JSON.stringify(value);
	}
}
function enterValue(value, seen) {
	let wrappers = null;
	while (value !== null && typeof value === "object" && typeof value.toJSON === "function") {
		if (seen.has(value)) throw new Error("Circular reference detected");
		seen.add(value);
		(wrappers ??= []).push(value);
		value = value.toJSON();
	}
	if (value instanceof Number || value instanceof String || value instanceof Boolean) value = value.valueOf();
	if (value === null || typeof value !== "object") {
		if (wrappers !== null) for (const wrapper of wrappers) seen.delete(wrapper);
		return serializePrimitive(value);
	}
	if (seen.has(value)) throw new Error("Circular reference detected");
	seen.add(value);
	return {
		container: value,
		keys: Array.isArray(value) ? null : Object.keys(value).sort(),
		index: 0,
		first: true,
		wrappers
	};
}
function canonicalize(object) {
	if (object === null || typeof object !== "object") return serializePrimitive(object);
	const seen = /* @__PURE__ */ new Set();
	const root = enterValue(object, seen);
	if (typeof root !== "object") return root;
	let result = root.keys === null ? "[" : "{";
	const stack = [root];
	outer: while (stack.length > 0) {
		const frame = stack[stack.length - 1];
		const container = frame.container;
		if (frame.keys === null) {
			while (frame.index < container.length) {
				const i = frame.index++;
				if (i > 0) result += ",";
				const element = container[i];
				const value = element === void 0 || typeof element === "symbol" || typeof element === "function" ? null : element;
				if (value === null || typeof value !== "object") {
					result += serializePrimitive(value);
					continue;
				}
				const child = enterValue(value, seen);
				if (typeof child !== "object") {
					result += child === void 0 ? "null" : child;
					continue;
				}
				result += child.keys === null ? "[" : "{";
				stack.push(child);
				continue outer;
			}
			result += "]";
		} else {
			const keys = frame.keys;
			while (frame.index < keys.length) {
				const key = keys[frame.index++];
				const value = container[key];
				if (value === void 0 || typeof value === "symbol" || typeof value === "function") continue;
				if (value === null || typeof value !== "object") {
					if (frame.first) frame.first = false;
					else result += ",";
					result += serializeString(key) + ":" + serializePrimitive(value);
					continue;
				}
				const child = enterValue(value, seen);
				if (child === void 0) continue;
				if (frame.first) frame.first = false;
				else result += ",";
				result += serializeString(key) + ":";
				if (typeof child !== "object") {
					result += child;
					continue;
				}
				result += child.keys === null ? "[" : "{";
				stack.push(child);
				continue outer;
			}
			result += "}";
		}
		seen.delete(container);
		if (frame.wrappers !== null) for (const wrapper of frame.wrappers) seen.delete(wrapper);
		stack.pop();
	}
	return result;
}

// src/util/canonical-json.ts
const unsafe = /\u001a|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const escapeUnits = (text) => text.replace(unsafe, (unit) => `\u001a${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const restoreUnits = (text) => text.replace(/\u001a([0-9a-f]{4})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
function mapStrings(value, map) {
	if (typeof value === "string") return map(value);
	if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
	if (value === null || typeof value !== "object") return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), mapStrings(item, map)]));
}
const escapedUnit = /\\u(001a|d[89a-f])/i;
/** The RFC 8785 text of a JSON value; lone surrogates are escaped reversibly (see {@link parseCanonicalJson}). Throws on BigInt and non-finite numbers. */
function canonicalJson(value) {
	return canonicalForm(value).text;
}
/** The text that {@link canonicalJson} gives, and the value that {@link parseCanonicalJson} reads from it, without parsing it where that changes nothing. */
function canonicalForm(value) {
	const sorted = withSortedKeys(value);
	if (sorted !== unusual) {
		const text = JSON.stringify(sorted);
		if (!escapedUnit.test(text)) return {
			text,
			value: sorted
		};
	}
	const text = canonicalText(value);
	return {
		text,
		value: parseCanonicalJson(text)
	};
}
function canonicalText(value) {
	const text = JSON.stringify(value);
	const escaped = text !== void 0 && escapedUnit.test(text);
	const canonical = canonicalize(escaped ? mapStrings(value, escapeUnits) : value);
	if (canonical === void 0) throw new TypeError("canonicalJson: the value has no JSON form");
	return canonical;
}
const unusual = Symbol("not plain JSON with keys that objects keep in their order");
/** A copy with sorted keys, or `unusual` where a copy would be written otherwise than the value itself. */
function withSortedKeys(value) {
	if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? value : unusual;
	if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
	if (typeof value !== "object" || "toJSON" in value) return unusual;
	if (Array.isArray(value)) {
		const items = value.map(withSortedKeys);
		return items.includes(unusual) ? unusual : items;
	}
	const sorted = {};
	for (const key of Object.keys(value).sort()) {
		const item = withSortedKeys(value[key]);
		if (item === unusual || key.charCodeAt(0) <= 57 && key >= "0" || key === "__proto__") return unusual;
		sorted[key] = item;
	}
	return sorted;
}
/** The value that {@link canonicalJson} was given. */
function parseCanonicalJson(text) {
	const value = JSON.parse(text);
	return text.includes("\\u001a") ? mapStrings(value, restoreUnits) : value;
}

// src/ledger/leaf.ts
const leafPrefix = Uint8Array.of(0);
const encoder$1 = new TextEncoder();
/** The bytes that are hashed into a leaf: the fields as RFC 8785 JSON in UTF-8. */
function leafContent(fields) {
	return encoder$1.encode(canonicalJson(fields));
}
/** RFC 6962 section 2.1: SHA-256(0x00 || content). */
function leafHash(sha256, content) {
	return sha256(leafPrefix, content);
}

// src/pack/verify/record-line.ts
/** Computes a record's digest and leaf as the ledger does: SHA-256(salt || content), then SHA-256(0x00 || RFC 8785 of the fields). */
function recordState(record) {
	const { fields, salt, content, leaf } = record;
	if (!fields) return salt === void 0 && content === void 0 ? { shows: "leaf" } : {
		shows: "nothing",
		problem: "it has content, but not the fields that its leaf is made of"
	};
	const computed = Buffer.from(leafHash(sha256$1, leafContent(fields))).toString("hex");
	if (computed !== leaf) return {
		shows: "nothing",
		computed,
		problem: "its fields do not give its leaf"
	};
	if (salt === void 0 && content === void 0) return { shows: "erased" };
	if (salt === void 0 || content === void 0) return {
		shows: "nothing",
		problem: "only one of salt and content is there"
	};
	return sha256Hex$1(Buffer.from(salt, "hex"), Buffer.from(content)) === fields.digest ? { shows: "whole" } : {
		shows: "nothing",
		problem: "its content is not what was recorded: it does not give its digest"
	};
}

// src/pack/verify/record-lines.ts
/** So many broken records are named one by one. */
const mostNamed = 200;
/** Checks every record of the bundle against its leaf, one line at a time; never throws. */
async function recordLinesChecks(chunks, { leaves }) {
	const bad = [];
	const erased = [];
	const seen = {
		whole: 0,
		leaf: 0
	};
	const otherLeaves = /* @__PURE__ */ new Map();
	let next = 0;
	let at = 0;
	const take = (line) => {
		at += 1;
		const read = readJson(line, bundledRecord);
		if (read.problem !== void 0) {
			bad.push(broken(packFile.records, `line ${at} is not a record: ${read.problem}`));
			return;
		}
		const record = read.value;
		const name = `r${record.id}`;
		for (let due = leaves[next]; due && due[1] < record.position; due = leaves[++next]) bad.push(broken(`r${due[0]}`, "is missing: proofs.json lists it, records.jsonl does not hold it"));
		const due = leaves[next];
		if (due?.[1] !== record.position || due[0] !== record.id) {
			bad.push(broken(name, "was added: proofs.json does not list it at this place"));
			return;
		}
		next += 1;
		const { shows, computed, problem } = recordState(record);
		if ((computed ?? record.leaf) !== due[2]) otherLeaves.set(record.id, computed ?? record.leaf);
		if (problem !== void 0) bad.push(broken(name, `was altered: ${problem}`));
		else if (record.leaf !== due[2]) bad.push(broken(name, "was altered: its leaf is not the one in proofs.json"));
		else if (shows === "erased") erased.push(name);
		else if (shows !== "nothing") seen[shows] += 1;
	};
	try {
		for await (const lines of lineBatches(chunks)) for (const line of lines) take(line);
		for (const [id] of leaves.slice(next)) bad.push(broken(`r${id}`, "is missing: proofs.json lists it, records.jsonl does not hold it"));
	} catch (error) {
		bad.push(broken(packFile.records, `cannot be read beyond line ${at}: ${reasonOf(error)}`));
	}
	return {
		checks: [...summary(seen, erased), ...firstOf(bad)],
		otherLeaves
	};
}
function summary(seen, erased) {
	const checks = [];
	if (seen.whole > 0) checks.push(holds("records", `${counted(seen.whole, "record")}: content, fields and leaf fit together`));
	if (erased.length > 0) checks.push(unchecked("records", `the content of ${listed(erased)} is not here: it was erased or left out; when, where from and under which digest it was recorded fits its leaf`));
	if (seen.leaf > 0) checks.push(unchecked("records", `${counted(seen.leaf, "record")} stand here with nothing but the leaf (a redacted edition): that they are under the checkpoint is shown, what they say is not; the full edition shows it`));
	return checks;
}
function firstOf(bad) {
	if (bad.length <= mostNamed) return bad;
	return [...bad.slice(0, mostNamed), broken("records", `${bad.length - mostNamed} more records do not hold`)];
}

// src/ledger/dsse.ts
const encoder = new TextEncoder();
/** What a DSSE signature is over: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
function preAuthEncoding(payloadType, payload) {
	const typeLength = encoder.encode(payloadType).length;
	return joinBytes(encoder.encode(`DSSEv1 ${typeLength} ${payloadType} ${payload.length} `), payload);
}
/** What {@link writeEnvelope} wrote, white space aside, with its signatures unverified; undefined for anything else, or where nobody signed. */
function readEnvelope(json) {
	const envelope = parsed(json);
	if (!isObjectOf(envelope, "payload", "payloadType", "signatures")) return void 0;
	const { payloadType, signatures } = envelope;
	const payload = bytesOf(envelope.payload);
	if (typeof payloadType !== "string" || !payload || !Array.isArray(signatures) || signatures.length === 0) return void 0;
	const read = signatures.map(signatureOf).filter((signature) => signature !== void 0);
	return read.length === signatures.length ? {
		payloadType,
		payload,
		signatures: read
	} : void 0;
}
function signatureOf(value) {
	if (!isObjectOf(value, "keyid", "sig") || typeof value.keyid !== "string") return void 0;
	const sig = bytesOf(value.sig);
	return sig && {
		keyid: value.keyid,
		sig
	};
}
function isObjectOf(value, ...keys) {
	return typeof value === "object" && value !== null && Object.keys(value).sort().join() === [...keys].sort().join();
}
const bytesOf = (value) => typeof value === "string" ? fromBase64(value) : void 0;
function parsed(json) {
	try {
		return JSON.parse(json);
	} catch {
		return;
	}
}

// src/pack/verify/signed-statement.ts
/** Checks a DSSE envelope over an in-toto statement: its signature, that it carries the file beside it, and what kind it is. */
function verifyStatement(signed) {
	const { name, envelopeName, key } = signed;
	const envelope = readEnvelope(Buffer.from(signed.envelope).toString("utf8"));
	if (!envelope) return { checks: [broken(envelopeName, "is not a signed envelope (DSSE)")] };
	if (envelope.payloadType !== "application/vnd.in-toto+json") return { checks: [broken(envelopeName, `carries ${envelope.payloadType}, not ${payloadType}`)] };
	const signedBytes = preAuthEncoding(envelope.payloadType, envelope.payload);
	const good = (signature) => verifyEd25519(key, signedBytes, signature);
	const valid = envelope.signatures.some(({ sig }) => good(sig));
	const keyid = fingerprint(key);
	const checks = [
		valid ? holds(name, "its Ed25519 signature is good under the key") : broken(envelopeName, "its Ed25519 signature is not good under the key: it was altered, or another key signed it"),
		...valid && !envelope.signatures.some((one) => one.keyid === keyid) ? [broken(envelopeName, "names another key than the one that signed it")] : [],
		...signed.alone ? [aloneCheck(signed.alone, name, good)] : [],
		...signed.file ? [sameAsFile(name, envelopeName, envelope.payload, signed.file)] : []
	];
	const statement = readJson(envelope.payload, signed.shape);
	if (statement.problem !== void 0) return { checks: [...checks, broken(name, `is not a statement of a kind and version known here: ${statement.problem}`)] };
	const names = statement.value.subject.map((subject) => subject.name);
	const twice = names.find((one, i) => names.indexOf(one) !== i);
	if (twice !== void 0) return { checks: [...checks, broken(name, `lists ${twice} twice`)] };
	return valid ? {
		checks,
		statement: statement.value,
		payload: envelope.payload
	} : { checks };
}
function aloneCheck({ name, signature }, of, good) {
	return good(signature) ? holds(name, `is the signature of ${of}, alone`) : broken(name, `is not the signature of ${of}`);
}
function sameAsFile(name, envelopeName, payload, file) {
	return Buffer.compare(payload, file) === 0 ? holds(envelopeName, `carries exactly the bytes of ${name}`) : broken(name, `is not what was signed: its bytes differ from those in ${envelopeName}`);
}

// src/pack/verify/timestamp.ts
/** What the check is about that only the command line can make: the authority's signature over the token. */
const timestampSubject = "timestamp";
const oid = {
	signedData: "2a864886f70d010702",
	timestamp: "2a864886f70d0109100104",
	sha256: "608648016503040201"
};
/** Checks that the token stamps this checkpoint; its signature cannot be checked without the authority's certificate. */
function timestampChecks({ timestamp, checkpoint }) {
	if (timestamp.token === null) return [unchecked(timestampSubject, `there is none, so no time is proven: ${timestamp.reason}`)];
	const stamped = readToken(Buffer.from(timestamp.token, "base64"));
	if (!stamped) return [broken(timestampSubject, `${packFile.proofs}: its token is not an RFC 3161 token over a SHA-256`)];
	if (Buffer.compare(stamped.imprint, sha256$1(Buffer.from(checkpoint.note))) !== 0) return [broken(timestampSubject, `${packFile.proofs}: its token is over something else than the checkpoint's note`)];
	return [holds(timestampSubject, `its token is over this checkpoint and states ${stamped.at}; by ${timestamp.authority}`), unchecked(timestampSubject, "the authority's signature was not checked here; VERIFY.txt says how: openssl ts -verify -data checkpoint.note -in timestamp.der -token_in -CAfile AUTHORITY.pem")];
}
/** Finds imprint and time in a token (RFC 5652 section 5.1, RFC 3161 section 2.4.2); undefined for anything else. */
function readToken(token) {
	try {
		const [type, wrapped] = children(only(read$1(token), 48));
		const [innerType, inner] = children(only(children(only(children(only(wrapped, 160))[0], 48))[2], 48));
		if (hex(only(type, 6)) !== oid.signedData || hex(only(innerType, 6)) !== oid.timestamp) return void 0;
		const info = children(only(read$1(only(children(only(inner, 160))[0], 4)), 48));
		const [algorithm, imprint] = children(only(info[2], 48));
		const [hash] = children(only(algorithm, 48));
		if (hex(only(hash, 6)) !== oid.sha256) return void 0;
		const at = instant(Buffer.from(only(info[4], 24)).toString("latin1"));
		return at === void 0 ? void 0 : {
			imprint: only(imprint, 4),
			at
		};
	} catch {
		return;
	}
}
const hex = (bytes) => Buffer.from(bytes).toString("hex");
function only(element, tag) {
	if (element?.tag !== tag) throw new Error("not that element");
	return element.content;
}
/** The one element that fills the bytes. */
function read$1(bytes) {
	const [element, next] = elementAt(bytes, 0);
	if (next !== bytes.length) throw new Error("something follows");
	return element;
}
function children(bytes) {
	const elements = [];
	for (let at = 0; at < bytes.length;) {
		const [element, next] = elementAt(bytes, at);
		elements.push(element);
		at = next;
	}
	return elements;
}
function elementAt(bytes, at) {
	const [tag, first] = [bytes[at], bytes[at + 1]];
	if (tag === void 0 || first === void 0) throw new Error("cut");
	const lengthBytes = first < 128 ? 0 : first - 128;
	if (first === 128 || lengthBytes > 4) throw new Error("not DER");
	const length = lengthBytes === 0 ? first : Buffer.from(bytes).readUIntBE(at + 2, lengthBytes);
	const start = at + 2 + lengthBytes;
	if (start + length > bytes.length) throw new Error("cut");
	return [{
		tag,
		content: bytes.subarray(start, start + length)
	}, start + length];
}
/** GeneralizedTime as RFC 3161 has it, as ISO 8601. */
function instant(time) {
	const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(time);
	if (!parts) return void 0;
	const [, year, month, day, hour, minute, second, fraction = ""] = parts;
	return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`;
}

// src/pack/verify/content.ts
/** Checks the content manifest, what it lists, the checkpoint, the records, the earlier packs and the timestamp; never throws. */
async function verifyContent(parts) {
	const { files, digests, key, bundle, html } = parts;
	const manifest = await contentManifest(files, key);
	const { statement } = manifest;
	const everywhere = firstOf$1({ of: async (name) => html ? htmlDigests(html).get(name) : void 0 }, digests, ...bundle ? [{ of: async (name) => onlyInBundle(name) ? bundle.digests.of(name) : void 0 }] : []);
	const checks = [...manifest.checks];
	if (statement) checks.push(...await subjectChecks(packFile.content, statement.subject, everywhere, parts.elsewhere));
	const ledger = await ledgerChecks(parts, statement?.predicate);
	checks.push(...ledger.checks);
	if (html) checks.push(...pageChecks(html, key, statement?.predicate.checkpoint ?? ledger.proofs?.checkpoint));
	return {
		checks,
		...statement ? { content: statement } : {},
		...ledger.proofs ? { proofs: ledger.proofs } : {}
	};
}
const onlyInBundle = (name) => name === packFile.records || name.startsWith("attachments/");
async function contentManifest(files, key) {
	const envelope = await readWhole(files, packFile.contentEnvelope);
	if (envelope.problem !== void 0) return { checks: [broken(packFile.contentEnvelope, envelope.problem)] };
	const file = await readWhole(files, packFile.content);
	const signed = verifyStatement({
		name: packFile.content,
		envelopeName: packFile.contentEnvelope,
		envelope: envelope.bytes,
		key,
		shape: contentStatement,
		...file.problem === void 0 ? { file: file.bytes } : {}
	});
	return file.problem === void 0 ? signed : {
		...signed,
		checks: [...signed.checks, broken(packFile.content, file.problem)]
	};
}
async function ledgerChecks(parts, content) {
	const { files, key } = parts;
	const file = await readWhole(files, packFile.proofs);
	if (file.problem !== void 0) return { checks: [broken(packFile.proofs, file.problem)] };
	const read = readJson(file.bytes, proofs);
	if (read.problem !== void 0) return { checks: [broken(packFile.proofs, `cannot be read: ${read.problem}`)] };
	const proofs$1 = read.value;
	const expected = content?.checkpoint ?? proofs$1.checkpoint;
	const assessment = await assessmentChecks(files, expected, proofs$1.records);
	const records = await recordChecks(parts, proofs$1, expected);
	return {
		proofs: proofs$1,
		checks: [
			...checkpointChecks(packFile.proofs, proofs$1.checkpoint, key),
			...content ? [sameNote(proofs$1, content)] : [],
			...timestampChecks(proofs$1),
			...earlierChecks(proofs$1, content, key),
			...assessment,
			...records
		]
	};
}
async function recordChecks({ files, bundle, html }, { records }, checkpoint) {
	const lines = bundle?.files.names.includes(packFile.records) ? await recordLinesChecks(bundle.files.open(packFile.records), records) : {
		checks: [unchecked("records", `what they say: that lies in ${packFile.bundle}, as ${packFile.records}`)],
		otherLeaves: /* @__PURE__ */ new Map()
	};
	const proven = multiProofChecks(packFile.proofs, records, checkpoint);
	if (proven.every(({ outcome }) => outcome === "holds")) return [...proven, ...lines.checks];
	const others = [
		{
			where: packFile.records,
			leaves: lines.otherLeaves
		},
		{
			where: packFile.assessment,
			leaves: await citedLeaves(files)
		},
		...pageLeaves(html)
	];
	return [...multiProofChecks(packFile.proofs, records, checkpoint, others), ...lines.checks];
}
function sameNote({ checkpoint }, content) {
	return checkpoint.note === content.checkpoint.note ? sameCheckpoint(packFile.proofs, checkpoint, content.checkpoint) : broken(packFile.proofs, `its checkpoint's note is not the one in ${packFile.content}`);
}
function pageLeaves(html) {
	const proof = html && readPageProof(html.proof);
	return proof ? [{
		where: packFile.html,
		leaves: new Map(proof.records.leaves.map(([id, , leaf]) => [id, leaf]))
	}] : [];
}

// src/pack/pdf/syntax.ts
const white = /* @__PURE__ */ new Set([
	0,
	9,
	10,
	12,
	13,
	32
]);
const delimiters = new Set([..."()<>[]{}/%"].map((character) => character.charCodeAt(0)));
const code = (character) => character.charCodeAt(0);
/** Where the next token begins: past white space and comments (ISO 32000-1, 7.2). */
function skipSpace(file, from) {
	let at = from;
	for (;;) {
		const byte = file[at];
		if (byte === void 0) return at;
		if (byte === code("%")) while (file[at] !== void 0 && file[at] !== 10 && file[at] !== 13) at += 1;
		else if (white.has(byte)) at += 1;
		else return at;
	}
}
/** Where the object beginning at `from` ends; a reference is one object (ISO 32000-1, 7.3). Throws for anything malformed. */
function skipValue(file, from, depth = 0) {
	if (depth > 100) throw new Error("the PDF nests too deeply to be read");
	const [first, second] = [file[from], file[from + 1]];
	if (first === code("(")) return skipLiteral(file, from);
	if (first === code("[")) return skipUntil(file, from + 1, "]", depth);
	if (first === code("<") && second === code("<")) return skipUntil(file, from + 2, ">>", depth);
	if (first === code("<")) {
		let at = from + 1;
		while (file[at] !== void 0 && file[at] !== code(">")) at += 1;
		if (file[at] === void 0) throw new Error("the PDF breaks off in a string");
		return at + 1;
	}
	const end = skipRegular(file, first === code("/") ? from + 1 : from);
	if (end === from) throw new Error(`the PDF cannot be read at byte ${from}`);
	return skipReference(file, from, end) ?? end;
}
/** The entries of the dictionary beginning at `from`, and where it ends. Throws where there is none, and for a key that stands twice. */
function readDictionary(file, from) {
	const entries = /* @__PURE__ */ new Map();
	const places = /* @__PURE__ */ new Map();
	let at = skipSpace(file, from);
	if (file[at] !== code("<") || file[at + 1] !== code("<")) throw new Error(`the PDF has no dictionary at byte ${from}`);
	at = skipSpace(file, at + 2);
	while (file[at] !== code(">")) {
		if (file[at] !== code("/")) throw new Error(`the PDF's dictionary cannot be read at byte ${at}`);
		const keyEnd = skipRegular(file, at + 1);
		const key = nameOf(latin1(file, at, keyEnd));
		const start = skipSpace(file, keyEnd);
		const end = skipValue(file, start);
		if (entries.has(key)) throw new Error(`the PDF's dictionary says /${key} twice`);
		entries.set(key, latin1(file, start, end));
		places.set(key, start);
		at = skipSpace(file, end);
	}
	return {
		entries,
		end: at + 2,
		places
	};
}
/** The entries of a dictionary given as its text. */
const dictionaryOf = (raw) => readDictionary(Buffer.from(raw, "latin1"), 0).entries;
/** The objects in an array given as its text. Throws where it is none. */
function arrayOf(raw) {
	const file = Buffer.from(raw, "latin1");
	if (file[0] !== code("[")) throw new Error("the PDF has no array where one is needed");
	const items = [];
	for (let at = skipSpace(file, 1); file[at] !== code("]");) {
		const end = skipValue(file, at);
		items.push(latin1(file, at, end));
		at = skipSpace(file, end);
	}
	return items;
}
/** The number of the object that a reference names; undefined where it is none. */
function referenceOf(raw) {
	const number = /^(\d{1,10})\s+0\s+R$/.exec(raw ?? "")?.[1];
	return number === void 0 ? void 0 : Number(number);
}
/** What a name says: `/text#2Fcsv` is `text/csv`. */
const nameOf = (raw) => raw.slice(1).replace(/#([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
/** A text string, literal or hexadecimal, in UTF-16 with its mark or as Latin-1 (which PDFDocEncoding is for what is written here). */
function textOf(raw) {
	const bytes = raw.startsWith("(") ? literalBytes(raw) : Buffer.from(raw.replace(/[<>\s]/g, ""), "hex");
	if (bytes[0] !== 254 || bytes[1] !== 255) return bytes.toString("latin1");
	return Buffer.from(bytes.subarray(2, bytes.length - bytes.length % 2)).swap16().toString("utf16le");
}
function skipUntil(file, from, end, depth) {
	for (let at = skipSpace(file, from);; at = skipSpace(file, skipValue(file, at, depth + 1))) {
		if (file[at] === void 0) throw new Error("the PDF breaks off in an object");
		if (file[at] === code(end) && (end === "]" || file[at + 1] === code(">"))) return at + end.length;
	}
}
function skipLiteral(file, from) {
	let open = 0;
	for (let at = from; file[at] !== void 0; at += 1) if (file[at] === code("\\")) at += 1;
	else if (file[at] === code("(")) open += 1;
	else if (file[at] === code(")") && --open === 0) return at + 1;
	throw new Error("the PDF breaks off in a text");
}
function skipRegular(file, from) {
	let at = from;
	for (let byte = file[at]; byte !== void 0 && !white.has(byte) && !delimiters.has(byte); byte = file[at]) at += 1;
	return at;
}
/** The end of `12 0 R` when the number ending at `end` begins one. */
function skipReference(file, from, end) {
	const match = /^\d+\s+\d+\s+R(?![^\s()<>[\]{}/%])/.exec(latin1(file, from, Math.min(file.length, end + 32)));
	return match ? from + match[0].length : void 0;
}
function literalBytes(raw) {
	const escapes = {
		n: "\n",
		r: "\r",
		t: "	",
		b: "\b",
		f: "\f"
	};
	const text = raw.slice(1, -1).replace(/\\(?:([0-7]{1,3})|(\r\n|[\s\S]))/g, (_, octal, other = "") => {
		if (octal !== void 0) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
		return /[\r\n]/.test(other) ? "" : escapes[other] ?? other;
	});
	return Buffer.from(text, "latin1");
}
const latin1 = (file, from, to) => Buffer.from(file.buffer, file.byteOffset + from, Math.max(0, to - from)).toString("latin1");

// src/pack/pdf/pdf-file.ts
/** An entry is 20 bytes, the first ten of them the offset (ISO 32000-1, 7.5.4). */
const entryBytes = 20;
/** Opens a PDF without copying it. Throws where its cross-reference tables cannot be followed. */
function openPdf(pdf) {
	const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
	const lastTable = Number(/startxref\s+(\d{1,12})\s+%%EOF\s*$/.exec(bytes.subarray(-64).toString("latin1"))?.[1]);
	if (!bytes.subarray(0, 5).equals(Buffer.from("%PDF-")) || Number.isNaN(lastTable)) throw new Error("the file is not a whole PDF");
	const sections = readSections(bytes, lastTable);
	const trailer = sections[0]?.trailer ?? /* @__PURE__ */ new Map();
	const placeOf = (number) => {
		const at = entryOf(sections, number);
		const entry = at === void 0 ? "" : bytes.subarray(at, at + 18).toString("latin1");
		const offset = /^(\d{10}) 00000 n/.exec(entry)?.[1];
		const head = `${number} 0 obj`;
		const place = Number(offset ?? NaN);
		if (bytes.subarray(place, place + head.length).toString("latin1") !== head) throw new Error(`the PDF's object ${number} is not where its cross-reference table says`);
		return place + head.length;
	};
	return {
		bytes,
		lastTable,
		trailer,
		object: (number) => {
			const { entries, places, end } = readDictionary(bytes, placeOf(number));
			const keyword = /^\s*stream(\r\n|\n)/.exec(bytes.subarray(end, end + 20).toString("latin1"))?.[0];
			return {
				entries,
				places,
				stream: keyword === void 0 ? void 0 : end + keyword.length
			};
		},
		value: (raw) => {
			const number = referenceOf(raw);
			if (number === void 0) return raw;
			const start = placeOf(number);
			const end = bytes.indexOf("endobj", start);
			return bytes.subarray(start, end < 0 ? start : end).toString("latin1").trim();
		}
	};
}
/** The number of the catalog. Throws where the trailer names none. */
function catalogOf(file) {
	const root = referenceOf(file.trailer.get("Root"));
	if (root === void 0) throw new Error("the PDF names no catalog");
	return root;
}
function readSections(bytes, lastTable) {
	const sections = [];
	for (let at = lastTable; at !== void 0;) {
		const section = readSection(bytes, at);
		sections.push(section);
		const previous = section.trailer.get("Prev");
		if (previous !== void 0 && !(Number(previous) < at)) throw new Error("the PDF's sections are out of order");
		at = previous === void 0 ? void 0 : Number(previous);
	}
	return sections;
}
function readSection(bytes, from) {
	const runs = [];
	const head = /^xref\s+/.exec(bytes.subarray(from, from + 16).toString("latin1"))?.[0];
	if (head === void 0) throw new Error("the PDF has no classic cross-reference table");
	for (let at = from + head.length;;) {
		const line = bytes.subarray(at, at + 48).toString("latin1");
		const run = /^(\d{1,10}) (\d{1,10})\s*?\r?\n/.exec(line);
		if (!run) {
			const end = /^\s*trailer/.exec(line)?.[0];
			if (end === void 0) throw new Error("the PDF's cross-reference table cannot be read");
			return {
				runs,
				trailer: readDictionary(bytes, at + end.length).entries
			};
		}
		at += run[0].length;
		runs.push({
			first: Number(run[1]),
			count: Number(run[2]),
			at
		});
		at += entryBytes * Number(run[2]);
	}
}
/** Where the newest entry for an object's number stands. */
function entryOf(sections, number) {
	for (const { runs } of sections) {
		const run = runs.find(({ first, count }) => number >= first && number < first + count);
		if (run) return run.at + entryBytes * (number - run.first);
	}
}

// src/pack/pdf/read-attachments.ts
/** More than any pack embeds: what claims to unpack to more is refused. */
const mostBytes = 2 ** 30;
/** The files embedded in a PDF, by name, each whole and unpacked. Throws where the PDF cannot be read or two bear one name. */
function attachmentsOf(pdf) {
	const file = openPdf(pdf);
	const attachments = /* @__PURE__ */ new Map();
	for (const [, specification] of embeddedFiles(file)) {
		const entries = dictionaryOf(file.value(specification));
		const name = textOf(file.value(entries.get("UF") ?? entries.get("F") ?? "()"));
		const stream = referenceOf(dictionaryOf(file.value(entries.get("EF") ?? "<<>>")).get("F"));
		if (stream === void 0) throw new Error(`the PDF's attachment ${name} has no content`);
		if (attachments.has(name)) throw new Error(`the PDF has two attachments called ${name}`);
		attachments.set(name, contentOf(file, stream, name));
	}
	return attachments;
}
/** The catalog's name tree of embedded files: each key and file specification, as they stand (ISO 32000-1, 7.7.4 and 7.9.6). */
function embeddedFiles(file) {
	const names = file.object(catalogOf(file)).entries.get("Names");
	const tree = names === void 0 ? void 0 : dictionaryOf(file.value(names)).get("EmbeddedFiles");
	const found = [];
	const seen = /* @__PURE__ */ new Set();
	const walk = (node) => {
		if (seen.has(node)) throw new Error("the PDF's tree of attachments turns back on itself");
		if (referenceOf(node) !== void 0) seen.add(node);
		const entries = dictionaryOf(file.value(node));
		for (const kid of arrayOf(file.value(entries.get("Kids") ?? "[]"))) walk(kid);
		const pairs = arrayOf(file.value(entries.get("Names") ?? "[]"));
		for (let i = 0; i + 1 < pairs.length; i += 2) found.push([pairs[i] ?? "", pairs[i + 1] ?? ""]);
	};
	if (tree !== void 0) walk(tree);
	return found;
}
function contentOf(file, number, name) {
	const { entries, stream } = file.object(number);
	const length = Number(file.value(entries.get("Length") ?? ""));
	if (stream === void 0 || !Number.isSafeInteger(length) || stream + length > file.bytes.length) throw new Error(`the PDF's attachment ${name} is not whole`);
	const packed = file.bytes.subarray(stream, stream + length);
	const filter = entries.get("Filter");
	if (filter === void 0) return packed;
	if (filter !== "/FlateDecode" || entries.has("DecodeParms")) throw new Error(`the PDF's attachment ${name} is packed in an unknown way`);
	try {
		return inflateSync(packed, { maxOutputLength: mostBytes });
	} catch (error) {
		throw new Error(`the PDF's attachment ${name} cannot be unpacked`, { cause: error });
	}
}

// src/pack/verify/pdf-part.ts
/** What the check is about that only the command line can make: the PDF's own signature. */
const pdfSignatureSubject = "pack.pdf signature";
const always = [
	packFile.content,
	packFile.contentEnvelope,
	packFile.key
];
/** Whether the content manifest's file is attached to the PDF. */
const attached = (name) => name === packFile.assessment || name === packFile.proofs || name.endsWith(".csv") && !name.includes("/");
/** The PDF's attachments, or what is wrong with the file; never throws. */
function attachments(pdf) {
	try {
		return filesInMemory(attachmentsOf(pdf));
	} catch (error) {
		return broken(packFile.pdf, `its attachments cannot be read: ${reasonOf(error)}`);
	}
}
/** Checks that the PDF's attachments are the files beside it, no more and no less. */
async function pdfChecks(files, outside, subjects) {
	const file = await readWhole(files, packFile.pdf);
	if (file.problem !== void 0) return [];
	const inside = attachments(file.bytes);
	return "outcome" in inside ? [inside] : [...await attachmentChecks(inside, outside, subjects), pdfSignature()];
}
/** Checks attachments by name, and against the files outside where those lie there. */
const attachmentChecks = (inside, outside, subjects) => sameFilesChecks(packFile.pdf, {
	names: inside.names,
	digests: digestsOf(inside)
}, outside, subjects && {
	required: [...subjects.filter(attached), ...always],
	optional: subjects
});
/** The PDF's own signature needs its certificate: said, not guessed. */
const pdfSignature = () => unchecked(pdfSignatureSubject, "was not checked here; flowproof verify, Adobe Acrobat or pdfsig check it (pdfsig must say Total document signed), VERIFY.txt says how with openssl cms");

// src/pack/verify/signer.ts
/** A public key in PEM, as its 32 bytes; undefined for anything else. */
function readKey(pem) {
	try {
		const raw = rawPublicKey(Buffer.from(pem).toString("latin1"));
		return raw.length === 32 ? raw : void 0;
	} catch {
		return;
	}
}
const hint$1 = "Give the fingerprint, or the path of the organisation's signing-key.pem.";
/** The key that an auditor was told, as a fingerprint: given so, or as a file in PEM. Throws ConfigError for anything else. */
function expectedFingerprint(given) {
	const digits = given.replace(/^sha256:/i, "").replace(/[:\s]/g, "").toLowerCase();
	if (/^[0-9a-f]{64}$/.test(digits)) return digits;
	let pem;
	try {
		pem = readFileSync(given);
	} catch (error) {
		throw new ConfigError(`--key ${given}: neither a fingerprint of 64 hexadecimal digits nor a file: ${reasonOf(error)}`, {
			cause: error,
			hint: hint$1
		});
	}
	const key = readKey(pem);
	if (!key) throw new ConfigError(`--key ${given}: the file holds no Ed25519 public key in PEM`, { hint: hint$1 });
	return fingerprint(key);
}
/** Whose key it is cannot be seen in a pack: it is compared with the one expected, or left to the reader. */
function keyCheck(key, expected) {
	const found = fingerprint(key);
	if (expected === void 0) return unchecked(packFile.key, `the key's fingerprint is ${found}: compare it with what the organisation told you, or give it with --key`);
	return found === expected ? holds(packFile.key, `is the key you gave: ${found}`) : broken(packFile.key, `is not the key you gave: its fingerprint is ${found}, not ${expected}`);
}

// src/pack/verify/sums.ts
/** Checks that `SHA256SUMS` says of every file what the pack manifest says. */
function sumsChecks(sums, signed) {
	const lines = Buffer.from(sums).toString("utf8").split("\n");
	if (lines.pop() !== "") return [broken(packFile.sums, "its last line is cut")];
	const stated = /* @__PURE__ */ new Map();
	for (const line of lines) {
		const [, digest, name] = /^([0-9a-f]{64}) [ *]([^/\\]+)$/.exec(line) ?? [];
		if (digest === void 0 || name === void 0) return [broken(packFile.sums, `has a line that is no sum: ${line}`)];
		if (stated.has(name)) return [broken(packFile.sums, `lists ${name} twice`)];
		stated.set(name, digest);
	}
	const names = /* @__PURE__ */ new Set([...stated.keys(), ...signed.keys()]);
	names.delete(packFile.sums);
	const differing = [...names].filter((name) => stated.get(name) !== signed.get(name));
	return differing.length === 0 ? [holds(packFile.sums, "says of every file what the manifest says")] : differing.map((name) => broken(packFile.sums, `says something else of ${name} than the manifest`));
}

// src/pack/verify/zip-directory.ts
/** PKWARE's APPNOTE, 4.3: lengths of the fixed parts of its records. */
const endLength = 22;
const localLength = 30;
const entryLength = 46;
const most = {
	entries: 1e4,
	directory: 16777216,
	total: 64 * 1024 ** 3
};
const ratio = 1032;
/** A ZIP that is not as we write one; the message is for a person. */
const badZip = (what) => new Error(what);
/** Finds the end record in the last bytes of a file: its comment must reach exactly to the end. */
function findEnd(tail) {
	for (let at = tail.length - 22; at >= 0; at -= 1) if (tail.readUInt32LE(at) === 101010256 && at + 22 + tail.readUInt16LE(at + 20) === tail.length) return at;
	throw badZip("it has no end record: it is not a ZIP, or was cut");
}
/** The end record; undefined where sizes are in the long one (zip64). */
function readEnd(end) {
	const [disk, start, here, entries] = [
		4,
		6,
		8,
		10
	].map((at) => end.readUInt16LE(at));
	const [length, at] = [end.readUInt32LE(12), end.readUInt32LE(16)];
	if (entries === 65535 || length === 4294967295 || at === 4294967295) return void 0;
	return checkedEnd(disk === 0 && start === 0 && here === entries, {
		at,
		length,
		entries
	});
}
/** Where the long end record begins, from its locator. */
function readLocator(locator) {
	if (locator.readUInt32LE(0) !== 117853008 || locator.readUInt32LE(4) !== 0 || locator.readUInt32LE(16) !== 1) throw badZip("its zip64 locator is not readable");
	return long(locator, 8);
}
/** The long end record (zip64). */
function readLongEnd(end) {
	if (end.readUInt32LE(0) !== 101075792 || long(end, 4) !== 44) throw badZip("its zip64 end record is not readable");
	const entries = long(end, 32);
	return checkedEnd(end.readUInt32LE(16) === 0 && end.readUInt32LE(20) === 0 && long(end, 24) === entries, {
		entries,
		length: long(end, 40),
		at: long(end, 48)
	});
}
function checkedEnd(whole, end) {
	if (!whole) throw badZip("it is one part of several");
	if (end.entries > most.entries || end.length > most.directory) throw badZip("it lists more files than a bundle has");
	return end;
}
/** The entries of a central directory; throws for names or sizes that no bundle of ours has. */
function readDirectory(directory, end) {
	const entries = [];
	let at = 0;
	for (let i = 0; i < end.entries; i += 1) {
		if (at + entryLength > directory.length || directory.readUInt32LE(at) !== 33639248) throw badZip("its list of files is cut");
		const [nameLength, extraLength, commentLength] = [
			28,
			30,
			32
		].map((offset) => directory.readUInt16LE(at + offset));
		const next = at + entryLength + nameLength + extraLength + commentLength;
		if (next > directory.length) throw badZip("its list of files is cut");
		entries.push(readEntry(directory.subarray(at, next), nameLength, extraLength));
		at = next;
	}
	if (at !== directory.length) throw badZip("its list of files is followed by something else");
	checkTogether(entries, end.at);
	return entries;
}
function readEntry(entry, nameLength, extraLength) {
	const name = entryName(entry.subarray(entryLength, entryLength + nameLength));
	const [flags, method] = [entry.readUInt16LE(8), entry.readUInt16LE(10)];
	if (flags & 8257) throw badZip(`${name} in it is encrypted`);
	if (method !== 0 && method !== 8) throw badZip(`${name} in it is compressed in a way that is not known here`);
	const kind = entry.readUInt8(5) === 3 ? (entry.readUInt16LE(40) & 61440) >>> 0 : 0;
	if (kind !== 0 && kind !== 32768) throw badZip(`${name} in it is a link or a device`);
	const longs = longFields(entry.subarray(entryLength + nameLength, entryLength + nameLength + extraLength));
	const field = (offset) => {
		const value = entry.readUInt32LE(offset);
		return value === 4294967295 ? longs(name) : value;
	};
	const size = field(24);
	const stored = field(20);
	const at = field(42);
	if (method === 0 && size !== stored) throw badZip(`${name} in it has two lengths`);
	if (size > stored * ratio + ratio) throw badZip(`${name} in it claims to be longer than its bytes can hold`);
	return {
		name,
		deflated: method === 8,
		stored,
		size,
		at
	};
}
function longFields(extra) {
	let values = Buffer.alloc(0);
	for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) if (extra.readUInt16LE(at) === 1) values = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
	let next = 0;
	return (name) => {
		if (next + 8 > values.length) throw badZip(`${name} in it has no length`);
		next += 8;
		return long(values, next - 8);
	};
}
/** A plain name, in the one folder or in none: nothing in it leads anywhere. */
function entryName(bytes) {
	const name = bytes.toString("utf8");
	const plain = name.startsWith("attachments/") ? name.slice(attachmentFolder.length) : name;
	if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(plain)) throw badZip(`${name} in it is no name of a bundle's file`);
	return name;
}
function checkTogether(entries, directoryAt) {
	const names = /* @__PURE__ */ new Set();
	let total = 0;
	for (const { name, size } of entries) {
		const folded = name.toLowerCase();
		if (names.has(folded)) throw badZip(`${name} is in it twice`);
		names.add(folded);
		total += size;
	}
	if (total > most.total) throw badZip("it claims to hold more than a bundle does");
	let reached = 0;
	for (const { name, at, stored } of [...entries].sort((a, b) => a.at - b.at)) {
		if (at < reached) throw badZip(`${name} in it lies over another file`);
		checkNoRoom(reached, at);
		reached = at + 30 + Buffer.byteLength(name) + stored;
	}
	if (reached > directoryAt) throw badZip("a file in it lies over its list of files");
	checkNoRoom(reached, directoryAt);
}
/** A descriptor may follow a file (APPNOTE 4.3.9); where a header has room, a tool that reads from the start finds a file that the list does not name. */
function checkNoRoom(from, to) {
	if (to - from >= 30) throw badZip("something lies in it that its list of files does not name");
}
function long(buffer, at) {
	const value = buffer.readBigUInt64LE(at);
	if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw badZip("it states an impossible length");
	return Number(value);
}

// src/pack/verify/zip-files.ts
const pieceLength = 65536;
/** The files of a ZIP on the disk, read piece by piece. Throws for one that is cut, hides names, or is made to be unpacked without end. */
async function zipFiles(path) {
	const file = await open(path, "r");
	try {
		const { size } = await file.stat();
		const end = await endOf(file, size);
		const entries = new Map(readDirectory(await bytesAt(file, end.at, end.length), end).map((entry) => [entry.name, entry]));
		return {
			names: [...entries.keys()].sort(),
			open(name) {
				const entry = entries.get(name);
				if (!entry) throw badZip(`there is no ${name}`);
				return unpacked(file, entry);
			},
			problems: [],
			close: () => file.close()
		};
	} catch (error) {
		await file.close();
		throw error;
	}
}
async function endOf(file, size) {
	const tailAt = Math.max(0, size - 22 - 65535);
	const tail = await bytesAt(file, tailAt, size - tailAt);
	const endInTail = findEnd(tail);
	const endAt = tailAt + endInTail;
	const end = readEnd(tail.subarray(endInTail, endInTail + 22));
	if (end) return reaching(end, endAt);
	const locatorAt = endAt - 20;
	const longAt = readLocator(await bytesAt(file, locatorAt, 20));
	if (longAt + 56 !== locatorAt) throw badZip("its zip64 end record is not where it must be");
	return reaching(readLongEnd(await bytesAt(file, longAt, 56)), longAt);
}
/** Nothing may lie between the list of files and what ends it. */
function reaching(end, endAt) {
	if (end.at + end.length !== endAt) throw badZip("its list of files is not where it must be");
	return end;
}
async function* unpacked(file, entry) {
	const header = await bytesAt(file, entry.at, 30);
	const nameLength = header.readUInt16LE(26);
	const name = await bytesAt(file, entry.at + 30, nameLength);
	if (header.readUInt32LE(0) !== 67324752 || name.toString("utf8") !== entry.name) throw badZip("its two headers in the ZIP differ");
	const stored = pieces(file, entry.at + 30 + nameLength + header.readUInt16LE(28), entry.stored);
	let length = 0;
	for await (const chunk of entry.deflated ? inflated(stored) : stored) {
		length += chunk.length;
		if (length > entry.size) throw badZip("it is longer than the ZIP says");
		yield chunk;
	}
	if (length !== entry.size) throw badZip("it is shorter than the ZIP says");
}
async function* inflated(stored) {
	const inflate = createInflateRaw({ chunkSize: pieceLength });
	const feeding = feed(inflate, stored);
	feeding.catch((error) => inflate.destroy(error));
	for await (const chunk of inflate) yield chunk;
	await feeding;
}
async function feed(inflate, stored) {
	for await (const piece of stored) if (!inflate.write(piece)) await new Promise((resolve) => inflate.once("drain", resolve));
	inflate.end();
}
async function* pieces(file, from, length) {
	for (let at = 0; at < length; at += pieceLength) yield await bytesAt(file, from + at, Math.min(pieceLength, length - at));
}
async function bytesAt(file, at, length) {
	if (at < 0) throw badZip("it is cut");
	const bytes = Buffer.alloc(length);
	let done = 0;
	while (done < length) {
		const { bytesRead } = await file.read(bytes, done, length - done, at + done);
		if (bytesRead === 0) throw badZip("it is cut");
		done += bytesRead;
	}
	return bytes;
}

// src/pack/verify/folder.ts
/** The files over which the pack manifest cannot be, because they come after it. */
const manifests = [
	packFile.manifest,
	packFile.manifestEnvelope,
	packFile.manifestSignature
];
/** Verifies the folder of an issued pack: both manifests, every file, and what each part says of the others. */
async function verifyFolder(directory, expectedKey) {
	const files = await folderFiles(directory);
	const digests = digestsOf(files);
	const pem = await readWhole(files, packFile.key);
	const key = pem.problem === void 0 ? readKey(pem.bytes) : void 0;
	if (!key) {
		const why = pem.problem ?? "it is no Ed25519 public key in PEM";
		return {
			kind: "folder",
			checks: [broken(packFile.key, `${why}; without it no signature can be checked`), ...files.problems]
		};
	}
	const pack = await packManifest(files, digests, key);
	const bundle = await openBundle(join(directory, packFile.bundle), files);
	try {
		const html = await htmlOf(files);
		const content = await verifyContent({
			files,
			digests,
			key,
			bundle: bundle.opened,
			html: html.sealed,
			elsewhere: {
				names: () => false,
				where: ""
			}
		});
		const subjects = content.content?.subject.map(({ name }) => name);
		const signed = firstOf$1(signedDigests(pack.statement), signedDigests(content.content), digests);
		return {
			kind: "folder",
			...facts$1(content, key),
			...pack.digest === void 0 ? {} : { manifest: pack.digest },
			checks: [
				...pack.checks,
				keyCheck(key, expectedKey),
				...between$1(pack.statement, content),
				...content.checks,
				...html.checks,
				...bundle.checks,
				...bundle.opened ? await bundleChecks(bundle.opened, signed, subjects) : [],
				...await pdfChecks(files, signed, subjects)
			]
		};
	} finally {
		await bundle.opened?.files.close();
	}
}
/** What a manifest says of its files: a part that still holds them is not at fault where one outside was altered. */
function signedDigests(statement) {
	const digests = new Map(statement?.subject.map(({ name, digest }) => [name, digest]));
	return { of: async (name) => digests.get(name) };
}
/** What a verification tells of a pack besides its checks. */
function facts$1({ content, proofs }, key) {
	const checkpoint = content?.predicate.checkpoint;
	const origin = checkpoint && originOf(checkpoint);
	return {
		key: fingerprint(key),
		...content ? { content } : {},
		...proofs ? { proofs } : {},
		...checkpoint ? { checkpoint: {
			size: checkpoint.size,
			root: checkpoint.root,
			...origin === void 0 ? {} : { origin }
		} } : {}
	};
}
async function packManifest(files, digests, key) {
	const read = /* @__PURE__ */ new Map();
	const unread = [];
	for (const name of [...manifests, packFile.sums]) {
		const file = await readWhole(files, name);
		if (file.problem === void 0) read.set(name, file.bytes);
		else unread.push(broken(name, file.problem));
	}
	const [manifest, envelope, signature] = manifests.map((name) => read.get(name));
	const digest = manifest ? { digest: sha256Hex$1(manifest) } : {};
	if (!envelope) return {
		checks: [...unread, ...files.problems],
		...digest
	};
	const signed = verifyStatement({
		name: packFile.manifest,
		envelopeName: packFile.manifestEnvelope,
		envelope,
		key,
		shape: packStatement,
		...manifest ? { file: manifest } : {},
		...signature ? { alone: {
			name: packFile.manifestSignature,
			signature
		} } : {}
	});
	const { statement } = signed;
	const checks = [...signed.checks, ...unread];
	if (!statement) return {
		checks: [...checks, ...files.problems],
		...digest
	};
	const listed = new Map(statement.subject.map(({ name, digest }) => [name, digest.sha256]));
	const known = /* @__PURE__ */ new Set([...listed.keys(), ...manifests]);
	const sums = read.get(packFile.sums);
	return {
		...digest,
		statement,
		checks: [
			...checks,
			...await subjectChecks(packFile.manifest, statement.subject, digests, {
				names: () => false,
				where: ""
			}),
			...addedChecks(files.names, known, packFile.manifest),
			...files.problems,
			...sums ? sumsChecks(sums, listed) : []
		]
	};
}
/** What the two manifests say of each other. */
function between$1(pack, { content }) {
	if (!pack || !content) return [];
	const { predicate } = pack;
	const stated = content.predicate;
	const contentDigest = pack.subject.find(({ name }) => name === packFile.content)?.digest.sha256;
	return [predicate.content === contentDigest && predicate.pack.name === stated.pack.name && predicate.pack.revision === stated.pack.revision && predicate.pack.edition === stated.pack.edition && predicate.checkpoint.size === stated.checkpoint.size && predicate.checkpoint.root === stated.checkpoint.root ? holds(packFile.manifest, `is of the same pack, content and checkpoint as ${packFile.content}`) : broken(packFile.manifest, `is of another pack, content or checkpoint than ${packFile.content}`)];
}
async function htmlOf(files) {
	const file = await readWhole(files, packFile.html);
	if (file.problem !== void 0) return { checks: [] };
	const sealed = readSealedHtml(file.bytes);
	return sealed ? {
		sealed,
		checks: []
	} : { checks: [broken(packFile.html, notSealed)] };
}
/** What a page is that cannot be taken apart. */
const notSealed = `does not carry its seal as it was issued: ${htmlSubject.content} and ${htmlSubject.proof} cannot be found in it`;
async function openBundle(path, { names }) {
	if (!names.includes(packFile.bundle)) return { checks: [unchecked("records", `what they say: ${packFile.bundle} is missing`)] };
	try {
		const files = await zipFiles(path);
		return {
			opened: {
				files,
				digests: digestsOf(files)
			},
			checks: []
		};
	} catch (error) {
		return { checks: [broken(packFile.bundle, `cannot be opened: ${reasonOf(error)}`)] };
	}
}

// src/pack/verify/parts-alone.ts
const notHere = "not here, but in the pack's folder";
const nowhere = { of: async () => void 0 };
/** Verifies `evidence.zip` without the folder it lay in. */
async function verifyBundle(path, expectedKey) {
	let files;
	try {
		files = await zipFiles(path);
	} catch (error) {
		return {
			kind: "bundle",
			checks: [broken(packFile.bundle, `cannot be opened: ${reasonOf(error)}`)]
		};
	}
	try {
		return await verifyBundleFiles(files, expectedKey);
	} finally {
		await files.close();
	}
}
/** The same of the bundle's files, unpacked or not. */
async function verifyBundleFiles(files, expectedKey) {
	const here = unsignedInBundle.filter((name) => files.names.includes(name));
	const bundle = {
		files,
		digests: digestsOf(files)
	};
	return verifyPart("bundle", bundle, expectedKey, async (subjects) => [
		...files.problems,
		...await bundleChecks(bundle, nowhere, subjects),
		...here.length > 0 ? [unchecked(packFile.bundle, `${listed(here)}: no manifest in the bundle is about them; the pack's folder has one`)] : []
	]);
}
/** Verifies `pack.pdf` without the folder it lay in, by what is attached to it. */
async function verifyPdf(path, expectedKey) {
	const files = attachments(await readFile(path));
	if ("outcome" in files) return {
		kind: "pdf",
		checks: [files]
	};
	return verifyPart("pdf", {
		files,
		digests: digestsOf(files)
	}, expectedKey, async (subjects) => [
		...await attachmentChecks(files, nowhere, subjects),
		unchecked(packFile.pdf, "that its pages say what its attachments say: its own signature and the pack's folder show it"),
		pdfSignature()
	]);
}
async function verifyPart(kind, part, expectedKey, others) {
	const { files } = part;
	const pem = await readWhole(files, packFile.key);
	const key = pem.problem === void 0 ? readKey(pem.bytes) : void 0;
	if (!key) {
		const why = pem.problem ?? "it is no Ed25519 public key in PEM";
		return {
			kind,
			checks: [broken(packFile.key, `${why}; without it no signature can be checked`)]
		};
	}
	const content = await verifyContent({
		...part,
		key,
		...kind === "bundle" ? { bundle: part } : {},
		elsewhere: {
			names: (name) => !files.names.includes(name),
			where: notHere
		}
	});
	const subjects = content.content?.subject.map(({ name }) => name);
	return {
		kind,
		...facts$1(content, key),
		checks: [
			keyCheck(key, expectedKey),
			...content.checks,
			...await others(subjects)
		]
	};
}
/** Verifies `pack.html` without the folder it lay in: what it shows, and the records that it cites. */
async function verifyHtml(path, expectedKey) {
	const html = readSealedHtml(await readFile(path));
	const proof = html && readPageProof(html.proof);
	if (!html || !proof) return {
		kind: "html",
		checks: [broken(packFile.html, notSealed)]
	};
	const key = Buffer.from(proof.key, "base64");
	const signed = verifyStatement({
		name: packFile.content,
		envelopeName: packFile.contentEnvelope,
		envelope: Buffer.from(html.envelope),
		key,
		shape: contentStatement
	});
	const { statement } = signed;
	const digests = htmlDigests(html);
	const here = { of: async (name) => digests.get(name) };
	const checks = [keyCheck(key, expectedKey), ...signed.checks];
	if (statement) checks.push(...await subjectChecks(packFile.content, statement.subject, here, {
		names: (name) => !digests.has(name),
		where: notHere
	}), ...[...digests.keys()].filter((name) => !statement.subject.some((subject) => subject.name === name)).map((name) => broken(packFile.html, `${name} is not signed`)), sameCheckpoint(packFile.html, proof.checkpoint, statement.predicate.checkpoint));
	const result = {
		checks,
		...statement ? { content: statement } : {}
	};
	return {
		kind: "html",
		...facts$1(result, key),
		checks: [
			...checks,
			...pageChecks(html, key, void 0),
			unchecked("records", `what they say: that lies in ${packFile.bundle}`)
		]
	};
}

// src/pack/verify/continuity.ts
const subject = "continuity";
/**
* Whether a pack continues an older one that was kept: rollback, fork and truncation of the ledger show here and
* nowhere else. Both must hold by themselves too, or nothing follows from it.
*/
function continuity(newer, older) {
	if (newer.name === older.name) return continuity({
		...newer,
		name: `the newer ${newer.name}`
	}, {
		...older,
		name: `the older ${older.name}`
	});
	if (newer.manifest !== void 0 && older.proofs?.earlier.some(({ manifest }) => manifest === newer.manifest)) return [holds(subject, `${newer.name} was issued before ${older.name}, which names it: compared the other way round`), ...continuity(older, newer)];
	if (!newer.checkpoint || !older.checkpoint) {
		const which = newer.checkpoint ? older : newer;
		return [unchecked(subject, `${which.name} has no signed content manifest, so no checkpoint to compare`)];
	}
	if ([newer, older].some(({ checks }) => checks.some(({ outcome }) => outcome === "broken"))) return [...between(newer, older), unchecked(subject, "one of the two packs is broken, so continuity shows nothing")];
	return between(newer, older);
}
function between(newer, older) {
	const [now, then] = [newer.checkpoint, older.checkpoint];
	if (now.origin !== void 0 && then.origin !== void 0 && now.origin !== then.origin) return [broken(subject, `${newer.name} is of the ledger ${now.origin}, ${older.name} of ${then.origin}: neither continues the other`)];
	return [
		...ledgerContinuity(newer, older, now, then),
		...chain(newer, older),
		...sameKey(newer, older)
	];
}
function ledgerContinuity(newer, older, now, then) {
	if (now.size === then.size) return [now.root === then.root ? holds(subject, `both are under the same checkpoint of ${now.size} records`) : broken(subject, `FORK: two checkpoints of ${now.size} records with other roots, ${now.root} and ${then.root}: the ledger was kept in two versions`)];
	if (now.size < then.size) return [broken(subject, `the ledger was rolled back or cut: ${newer.name} is under ${now.size} records, ${older.name} was under ${then.size} already`)];
	const entries = newer.proofs?.earlier.filter(({ checkpoint }) => checkpoint.size === then.size) ?? [];
	if (entries.length === 0) return [withoutProof(newer, older, then)];
	if (entries.some(({ consistency }) => continues(now, then, consistency))) return [holds(subject, `the ledger of ${now.size} records continues the one of ${then.size} that ${older.name} is under: nothing was cut or altered`)];
	return entries.some(({ checkpoint }) => checkpoint.root !== then.root) ? [broken(subject, `FORK: at ${then.size} records ${older.name} has the root ${then.root}, ${newer.name} continues ${entries[0]?.checkpoint.root}: the ledger was kept in two versions, or rewritten`)] : [broken(subject, `${newer.name} does not show that its ledger continues the one that ${older.name} is under`)];
}
/** A pack names every pack issued before it, each with a proof: one that is left out was hidden, or its records were. */
function withoutProof(newer, older, then) {
	const [now, before] = [newer, older].map(({ content }) => content?.predicate.issued.at);
	return now !== void 0 && before !== void 0 && before < now && newer.proofs ? broken(subject, `${newer.name} must name ${older.name}, issued ${before}, and prove that it continues its ${then.size} records: it does neither, so the ledger may be another`) : unchecked(subject, `${newer.name} carries no proof that it continues the ${then.size} records that ${older.name} is under`);
}
function chain(newer, older) {
	if (older.manifest === void 0 || !newer.proofs || newer.manifest === older.manifest) return [];
	if (newer.proofs.earlier.find(({ manifest }) => manifest === older.manifest)) return [holds(subject, `${newer.name} names ${older.name} as issued before it, by the SHA-256 of its ${packFile.manifest}`)];
	return [unchecked(subject, `${newer.name} does not name this ${older.name} among the packs issued before it: ask why`)];
}
function sameKey(newer, older) {
	if (newer.key === void 0 || older.key === void 0) return [];
	return newer.key === older.key ? [holds(subject, "both are signed with the same key")] : [unchecked(subject, `${newer.name} is signed with another key than ${older.name}: ask the organisation whether it changed its key`)];
}

// src/pack/verify/index.ts
const hint = "Name a pack's folder, or its pack.html, pack.pdf or evidence.zip.";
/**
* Verifies a pack's folder, `evidence.zip`, `pack.html` or `pack.pdf`, offline. Whatever lies there gives checks, never an
* error; throws ConfigError where nothing lies, or nothing of a pack, and for a key that cannot be read.
*/
async function verifyPath(path, options = {}) {
	const key = options.key === void 0 ? void 0 : expectedFingerprint(options.key);
	const kind = await kindOf(path);
	const name = basename(resolve(path));
	try {
		return {
			name,
			...await verifiers[kind](path, key)
		};
	} catch (error) {
		return {
			name,
			kind,
			checks: [broken(name, `cannot be read: ${reasonOf(error)}`)]
		};
	}
}
const verifiers = {
	folder: verifyDirectory,
	bundle: verifyBundle,
	html: verifyHtml,
	pdf: verifyPdf
};
async function verifyDirectory(path, key) {
	const files = await folderFiles(path);
	const manifest = await readWhole(files, packFile.manifest);
	if (manifest.problem === void 0 && isDraft(manifest.bytes)) return verifyDraft(files, manifest.bytes, key);
	return files.names.includes(packFile.records) && !files.names.some((name) => name.startsWith("manifest.")) ? verifyBundleFiles(files, key) : verifyFolder(path, key);
}
async function kindOf(path) {
	if ((await stat(path).catch((cause) => {
		throw new ConfigError(`${path} cannot be read: ${reasonOf(cause)}`, {
			cause,
			hint
		});
	})).isDirectory()) return "folder";
	const byName = /\.(zip|html?|pdf)$/i.exec(path)?.[1]?.toLowerCase();
	if (byName !== void 0) return byName === "zip" ? "bundle" : byName === "pdf" ? "pdf" : "html";
	const start = await firstBytes(path);
	if (start.startsWith("PK")) return "bundle";
	if (start.startsWith("%PDF-")) return "pdf";
	if (start.toLowerCase().startsWith("<!doctype html")) return "html";
	throw new ConfigError(`${path} is no part of a pack that can be verified alone`, { hint });
}
async function firstBytes(path) {
	const file = await open(path, "r");
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
		return buffer.toString("latin1", 0, bytesRead);
	} finally {
		await file.close();
	}
}

// src/pack/verify/print.ts
/** What was verified, in one line or two. */
function heading({ kind, name, content }) {
	const what = {
		folder: "an issued pack",
		draft: "a draft",
		bundle: "an evidence bundle",
		html: "the page of a pack",
		pdf: "the PDF of a pack",
		store: "the store"
	}[kind];
	if (!content) return `${named(name)}: ${what}`;
	const { pack, period, issued } = content.predicate;
	return plain(`${name}: ${what}. ${pack.organisation}, ${period.id}, ${pack.name}, revision ${pack.revision}, ${pack.edition} edition, issued ${issued.at} by ${issued.by}`);
}
/** The checks in lines: outcome, subject and sentence in columns. */
function checkLines(checks) {
	const width = Math.max(0, ...checks.map(({ subject }) => Math.min(subject.length, 24)));
	return checks.map(({ outcome, subject, text }) => {
		return `${(outcome === "broken" ? "BROKEN" : outcome).padEnd(9)}  ${subject.padEnd(width)}  ${text}`;
	});
}
/** What all checks came to, in one line. */
function verdict(checks) {
	const of = (outcome) => checks.filter((check) => check.outcome === outcome);
	const broken = of("broken");
	if (broken.length === 0) return `whole and unaltered as far as checked: ${counted(of("holds").length, "check holds", "checks hold")}, ${of("unchecked").length} could not be checked`;
	const subjects = [...new Set(broken.map(({ subject }) => subject))];
	return `BROKEN: ${subjects.slice(0, 10).join(", ")}${subjects.length > 10 ? ` and ${subjects.length - 10} more` : ""}: ${counted(broken.length, "check does", "checks do")} not hold`;
}

// src/pack/verify/main.ts
const usage = `usage: node verify.mjs [PATH] [--against OLDER] [--key KEY] [--json]

  PATH             a pack's folder, or its evidence.zip, pack.html or pack.pdf;
                   without it, the folder that this program lies in
  --against OLDER  a pack that you kept: does PATH continue it?
  --key KEY        the key that PATH must be signed with: its fingerprint, or a
                   PEM file; whether OLDER has the same is told
  --json           the checks as JSON

exit: 0 nothing is broken, 5 something is, 2 the command cannot be carried out`;
async function main() {
	const given = process.argv.slice(2);
	if (given.includes("--help") || given.includes("-h")) {
		console.log(usage);
		return 0;
	}
	const args = read(given);
	if (typeof args === "string") return refuse(args);
	try {
		return await verify$1(args);
	} catch (error) {
		return refuse(reasonOf(error));
	}
}
async function verify$1({ path, against, key, json }) {
	const pack = await verifyPath(path, key === void 0 ? {} : { key });
	const older = against === void 0 ? void 0 : await verifyPath(against);
	const chain = older ? continuity(pack, older) : [];
	const all = [
		...pack.checks,
		...older?.checks ?? [],
		...chain
	];
	const broken = all.some(({ outcome }) => outcome === "broken");
	if (json) {
		const both = {
			pack: facts(pack),
			...older ? {
				older: facts(older),
				continuity: chain
			} : {}
		};
		console.log(JSON.stringify({
			outcome: broken ? "broken" : "whole",
			verdict: verdict(all),
			...both
		}, null, 2));
	} else {
		const parts = [
			[
				heading(pack),
				"",
				...checkLines(pack.checks)
			],
			...older ? [[
				heading(older),
				"",
				...checkLines(older.checks)
			], checkLines(chain)] : [],
			[verdict(all)]
		];
		console.log(parts.map((lines) => lines.join("\n")).join("\n\n"));
	}
	return broken ? 5 : 0;
}
const facts = ({ kind, name, key, manifest, checkpoint, checks }) => ({
	kind,
	name,
	key,
	manifest,
	checkpoint,
	checks
});
function read(given) {
	const values = {};
	let json = false;
	for (let i = 0; i < given.length; i += 1) {
		const word = given[i];
		const [name, joined] = word.startsWith("--") ? word.split(/=(.*)/s, 2) : [word];
		if (word === "--json") json = true;
		else if (name === "--against" || name === "--key") {
			const value = joined ?? given[++i];
			if (value === void 0) return `${name} needs a value`;
			values[name === "--key" ? "key" : "against"] = value;
		} else if (word.startsWith("-")) return `${word} is not known`;
		else if (values.path !== void 0) return `one PATH, not two: ${values.path} and ${word}`;
		else values.path = word;
	}
	return {
		path: dirname(fileURLToPath(import.meta.url)),
		...values,
		json
	};
}
function refuse(problem) {
	console.error(`${plain(problem)}\n\n${usage}`);
	return 2;
}
const texts = String.prototype;
texts.isWellFormed ??= function() {
	return !/\p{Surrogate}/u.test(this);
};
process.exitCode = await main();

export {  };
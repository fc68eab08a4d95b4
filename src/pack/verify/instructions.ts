/** `VERIFY.txt`: how to check an issued pack with verify.mjs, or with openssl 3 and GNU coreutils alone. Every command is indented by four. */
export const instructions = (): string => text;

const text = String.raw`HOW TO CHECK THIS PACK

pack.html, pack.pdf  the pack; each carries its own proof
assessment.json      all that it states, as data; the CSV files are its tables
evidence.zip         the records that it rests on (records.jsonl), proofs, and
                     in attachments/ the files that management attested
proofs.json          that those records are under one checkpoint of the ledger
content.json         signed first: these files, period, result, who issued it
manifest.json        signed last: every file of this folder
signing-key.pem      the public key; content.dsse.json, manifest.dsse.json and
                     manifest.sig hold the signatures

1. With Node 18 or later: installs nothing, needs no network

    node verify.mjs

It names what is broken and what it cannot check. Compare the fingerprint of
the key with the one the organisation told you, by another way than this pack.
"node verify.mjs --against OLDER", OLDER being a pack you kept, shows that the
ledger was not cut or rewritten since. A forged pack can bring a forged
verify.mjs: use one that you trust, or part 2.

2. With openssl 3 and GNU coreutils alone, in this folder. The key:

    t=$(mktemp -d)
    openssl pkey -pubin -in signing-key.pem -outform DER | tail -c 32 \
      | sha256sum

The manifest is signed with it, and so is the content manifest (each must say
"Signature Verified Successfully"):

    pae() { printf 'DSSEv1 28 application/vnd.in-toto+json %d ' \
      "$(wc -c < "$1")"; cat "$1"; }
    signed() { openssl pkeyutl -verify -pubin -inkey signing-key.pem -rawin \
      -in "$1" -sigfile "$2"; }
    pae manifest.json > "$t/manifest"; signed "$t/manifest" manifest.sig
    pae content.json > "$t/content"
    grep -o '"sig": *"[^"]*"' content.dsse.json | cut -d '"' -f 4 \
      | openssl base64 -d -A > "$t/content.sig"
    signed "$t/content" "$t/content.sig"

The manifest lists SHA256SUMS (prints 1), and that lists every file (each OK).
A file that neither names does not belong to the pack:

    grep -c "$(sha256sum SHA256SUMS | cut -c 1-64)" manifest.json
    sha256sum -c SHA256SUMS

The checkpoint of the ledger is signed too:

    printf '%b' "$(grep -o '"note": *"[^"]*"' content.json | cut -d '"' -f 4)" \
      > "$t/note"
    sed '/^$/,$d' "$t/note" > "$t/text"
    tail -n 1 "$t/note" | cut -d ' ' -f 3 | openssl base64 -d -A \
      | tail -c 64 > "$t/note.sig"
    signed "$t/text" "$t/note.sig"

3. The time, where proofs.json has a token. AUTHORITY.pem is the certificate
of the timestamp authority, from the authority itself:

    grep -o '"token": *"[^"]*"' proofs.json | cut -d '"' -f 4 \
      | openssl base64 -d -A > "$t/token"
    openssl ts -reply -in "$t/token" -token_in -text
    openssl ts -verify -data "$t/note" -in "$t/token" -token_in \
      -CAfile AUTHORITY.pem

4. The PDF's own signature, where it has one. Adobe Acrobat shows it; pdfsig
must say "Signature is Valid" and "Total document signed". With openssl (the
first line must print the length of pack.pdf twice):

    set -- $(LC_ALL=C grep -a -o '/ByteRange *\[[0-9 ]*\]' pack.pdf \
      | tail -n 1 | tr -dc '0-9 ')
    echo $(($3 + $4)) $(wc -c < pack.pdf)
    { head -c "$2" pack.pdf; tail -c "+$(($3 + 1))" pack.pdf; } > "$t/pdf"
    head -c "$3" pack.pdf | tail -c "+$(($2 + 1))" | tr -dc '0-9A-Fa-f' \
      | tr a-f A-F | basenc --base16 -d > "$t/cms"
    openssl pkcs7 -inform DER -in "$t/cms" -print_certs -out "$t/chain.pem"
    openssl x509 -in "$t/chain.pem" -noout -subject -sha256 -fingerprint
    openssl cms -verify -cades -inform DER -in "$t/cms" -binary \
      -content "$t/pdf" -out /dev/null -purpose any -partial_chain \
      -CAfile "$t/chain.pem"

What this shows: no byte changed since the owner of the key signed; with
verify.mjs also that each record is as the ledger took it in, and that the
ledger continues that of every pack issued before. A token shows that the
checkpoint existed no later than its time; any other date is only stated.
What it does not show: whose key and certificate these are (compare their
fingerprints), that the sources told the truth, or that a review was earnest.
`;

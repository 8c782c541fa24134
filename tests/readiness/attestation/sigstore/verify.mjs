// Verifies a Sigstore bundle with a public key that the caller trusts: `node verify.mjs BUNDLE PUBLIC_KEY`.
// Prints the verified statement, and ends with 1 when the bundle is refused.
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { assertBundleLatest, bundleFromJSON } from "@sigstore/bundle";
import { toSignedEntity, Verifier } from "@sigstore/verify";

const [bundlePath, keyPath] = process.argv.slice(2);
const publicKey = createPublicKey(readFileSync(keyPath));
const der = publicKey.export({ format: "der", type: "spki" });
const name = createHash("sha256").update(der).digest("base64");

const trusted = {
  certificateAuthorities: [],
  timestampAuthorities: [],
  tlogs: [],
  ctlogs: [],
  publicKey: (hint) => {
    if (hint !== name) throw new Error(`unknown key ${hint}`);
    return { publicKey, validFor: () => true };
  },
};

try {
  const bundle = bundleFromJSON(JSON.parse(readFileSync(bundlePath, "utf8")));
  assertBundleLatest(bundle);
  const verifier = new Verifier(trusted, { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 });
  verifier.verify(toSignedEntity(bundle));
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  console.log(JSON.stringify({ payloadType, statement: JSON.parse(payload.toString("utf8")) }));
} catch (error) {
  console.error(`refused: ${error.message}`);
  process.exitCode = 1;
}

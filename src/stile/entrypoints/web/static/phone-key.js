/**
 * The key of this phone: made here, kept by the browser, and never given out, not even to this page. What it signs is
 * what `stile.domain.passes` reads.
 */

const STEP = 30; // seconds
const NAME = "stile-pass";
const STORE = "phone";
const HERE = { name: "ECDSA", namedCurve: "P-256" };

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function inStore(mode, what) {
  const database = await open();
  try {
    return await new Promise((done, failed) => {
      const asked = what(database.transaction(STORE, mode).objectStore(STORE));
      asked.transaction.oncomplete = () => done(asked.result);
      asked.transaction.onerror = asked.transaction.onabort = () => failed(asked.transaction.error);
    });
  } finally {
    database.close();
  }
}

/** `{ handle, key, late }`, or undefined. `late`: milliseconds that this phone's clock is behind the site's. */
export const kept = () => inStore("readonly", (store) => store.get("me"));
export const keep = (phone) => inStore("readwrite", (store) => store.put(phone, "me"));
export const forget = () => inStore("readwrite", (store) => store.delete("me"));

/** A new key, and its public half in base64. `false`: nobody takes the private half out of this browser. */
export async function makeKey() {
  const pair = await crypto.subtle.generateKey(HERE, false, ["sign"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  return { key: pair.privateKey, publicKey: btoa(String.fromCharCode(...spki)) };
}

export const stepAt = (ms) => Math.floor(ms / 1000 / STEP);
/** Milliseconds until the next code. */
export const leftAt = (ms) => STEP * 1000 - (ms % (STEP * 1000));
export const LASTS = STEP * 1000;

/** @param {"1"|"2"} use "1" to come in, "2" to ask whether the code was used. */
export async function sign({ handle, key }, use, step) {
  const message = new TextEncoder().encode(`stile pass ${use} ${handle} ${step}`);
  const signed = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, message));
  return use + handle + String(step).padStart(9, "0") + decimal(signed.slice(0, 32)) + decimal(signed.slice(32));
}

/** 32 bytes as 78 digits. */
function decimal(bytes) {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  return number.toString().padStart(78, "0");
}

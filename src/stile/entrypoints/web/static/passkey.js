/** Passkeys: asks the server for a challenge, the browser for an answer, and sends it back.
 *
 * A form with `data-passkey="add"` or `"prove"` names where options come from (`data-options`) and where the answer goes
 * (`data-to`); its fields go along both times. Its button is off until it is known that this browser has passkeys here.
 */

const FAILED = "The passkey was not used. Please try again.";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function post(address, fields) {
  const answer = await fetch(address, { method: "POST", body: fields, headers: { accept: "application/json" } });
  if (answer.redirected) {
    location.assign(answer.url); // signed out meanwhile, or something is owed first
    return new Promise(() => {});
  }
  const told = await answer.json().catch(() => ({ problem: FAILED }));
  if (!answer.ok) throw new Error(told.problem ?? FAILED);
  return told;
}

const credentials = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

async function add(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: credentials(options.excludeCredentials),
    },
  });
  const { clientDataJSON, attestationObject } = made.response;
  return written(made, { clientDataJSON: toText(clientDataJSON), attestationObject: toText(attestationObject) });
}

async function prove(options) {
  const used = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: credentials(options.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  return written(used, {
    clientDataJSON: toText(clientDataJSON),
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : null,
  });
}

function written(credential, response) {
  const id = toText(credential.rawId);
  return JSON.stringify({ id, rawId: id, type: credential.type, response });
}

/** What went wrong, for the person: the browser's own reasons are for programmers. */
function inWords(error) {
  if (error.name === "InvalidStateError") return "This device holds a passkey for this account already.";
  if (error.name === "NotAllowedError") return "Nothing was chosen, or it took too long. Please try again.";
  if (error.name === "SecurityError") return "Passkeys do not work at this address. Open the site by its name.";
  return error instanceof DOMException || error instanceof TypeError ? FAILED : error.message;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const problem = form.querySelector("[data-problem]");
  const byNumber = /^[\d.]+$|:/.test(location.hostname); // browsers give passkeys to names only
  const works = window.PublicKeyCredential && window.isSecureContext && !byNumber;
  for (const one of form.querySelectorAll("button")) one.disabled = !works;
  if (!works) {
    const without = problem.querySelector("span");
    without.textContent = byNumber && location.hostname === "127.0.0.1"
      ? `For passkeys open this page at ${location.protocol}//localhost:${location.port}.`
      : "This browser has no passkeys at this address.";
    problem.hidden = form.dataset.quiet !== undefined;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const options = await post(form.dataset.options, new FormData(form));
      const answer = new FormData(form);
      answer.set("answer", await (form.dataset.passkey === "add" ? add : prove)(options));
      location.assign((await post(form.dataset.to, answer)).to);
    } catch (error) {
      problem.querySelector("span").textContent = inWords(error);
      problem.hidden = false;
      button.disabled = false;
    }
  });
}

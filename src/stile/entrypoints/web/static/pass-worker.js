/** Keeps the page of the code, so that it opens at a door without a line. The newest is taken where there is one. */

const NAME = "stile-pass-1";
const KEPT = [
  "/pass",
  "/static/stile.css",
  "/static/logo.svg",
  "/static/parts.js",
  "/static/pass.js",
  "/static/phone-key.js",
  "/static/pass.webmanifest",
  "/static/vendor/qr/index.js",
];
const PATIENCE = 1_500; // ms: a weak line at the door is no line

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = caches.keys().then((names) => Promise.all(names.filter((one) => one !== NAME).map((one) => caches.delete(one))));
  event.waitUntil(others.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method === "GET" && origin === location.origin && KEPT.includes(pathname)) event.respondWith(answer(pathname, event.request));
});

async function answer(pathname, request) {
  const cache = await caches.open(NAME);
  const old = await cache.match(pathname);
  const fresh = fetch(request).then((found) => {
    if (found.ok) cache.put(pathname, found.clone());
    return found;
  });
  if (!old) return fresh;
  const late = new Promise((done) => setTimeout(done, PATIENCE, old));
  return Promise.race([fresh.catch(() => old), late]);
}

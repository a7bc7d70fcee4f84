{% load static %}// Keeps the questionnaire at hand without a network and goes on sending what waits.
importScripts("{% static 'js/outbox.js' %}");

const CACHE = "noko-survey";
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { pathname } = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

// The newest page when the network answers in time, else the one kept from the last visit.
async function page(request) {
  const kept = await caches.match(request, { ignoreSearch: true });
  try {
    const signal = kept ? AbortSignal.timeout(PATIENCE) : undefined;
    const answer = await fetch(request, { signal });
    if (answer.ok) (await caches.open(CACHE)).put(request, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

// Names of files change with their content, so a kept one is always right.
async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

// A rejected promise makes the browser try again later, by its own clock.
self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") {
    event.waitUntil(
      self.outbox.flush().then((left) => {
        if (left) throw new Error("some answers still wait");
      }),
    );
  }
});

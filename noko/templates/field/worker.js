{% load static %}// Pages of the field that were opened once open without a network, too.
const CACHE = "noko-field-1";
const SHELL = [
  "{% static 'css/tokens.css' %}", "{% static 'css/base.css' %}", "{% static 'css/components.css' %}",
  "{% static 'css/print.css' %}", "{% static 'css/office.css' %}", "{% static 'css/field.css' %}",
  "{% static 'js/field.js' %}", "{% static 'icon.svg' %}", "{% url 'field:route' %}",
];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  const own = address.origin === location.origin;
  // A page of an interview has a key for one answer: an old one is of no use.
  const once = address.pathname.startsWith("{% url 'field:interviews' %}");
  if (request.method === "GET" && own && !once) event.respondWith(fresh(request));
});

async function fresh(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

// The questionnaire with a program: answers are kept on the device as they are given, hidden
// questions are not asked, and a finished answer is sent as soon as there is a network. Whatever
// fails here, the plain form underneath still works.

import {
  answers,
  begun,
  complaint,
  draft,
  follow,
  keep,
  noticed,
  offerClearing,
  passTime,
  renew,
  resume,
} from "./survey-draft.js";
import { offerFile, panel, random } from "./survey-parts.js";

const form = document.getElementById("form");
const { code, organisation } = form.dataset;
const state = document.getElementById("state");
const introduction = document.querySelector(".intro");
const PROOF_BITS = 12;
const TRIES = [5, 15, 60, 300];

// --- sending -----------------------------------------------------------------------------------

async function submit(event) {
  event.preventDefault();
  const wrong = complaint();
  if (wrong) {
    complain(...wrong);
    return;
  }
  keep();
  const item = await finished();
  try {
    const before = await outbox.all();
    const known = before.find((one) => one.key === item.key);
    item.order = 1 + Math.max(0, ...before.map((one) => one.order ?? 0));
    if (known?.state !== "accepted") await outbox.put(item);
  } catch {
    form.submit(); // nothing can be kept on this device: the browser sends the form itself
    return;
  }
  filling = false;
  renew();
  await show();
  state.focus();
  await send();
}

// Says it above for who listens, and at the question for who looks.
function complain(field, text) {
  panel(state, { title: "Проверьте ответы", lines: [text], wrong: true });
  const question = field.closest("fieldset");
  const line = Object.assign(document.createElement("p"), { className: "e", textContent: text });
  question.querySelector("legend").after(line);
  question.classList.add("wrong");
  field.focus();
}

async function finished() {
  const fields = Object.fromEntries(new FormData(form));
  return {
    key: draft.key,
    url: form.getAttribute("action"),
    code,
    organisation,
    state: "waiting",
    body: {
      key: draft.key,
      version: fields.version,
      c: fields.c,
      lang: fields.lang,
      answers: answers(),
      seconds: Math.round(draft.seconds),
      device: device(),
      proof: await proof(draft.key),
    },
  };
}

let tried = 0;
let waiting;

async function send() {
  clearTimeout(waiting);
  const left = await outbox.flush().catch(() => 0);
  await show();
  if (!left) {
    tried = 0;
    return;
  }
  waiting = setTimeout(send, TRIES[Math.min(tried, TRIES.length - 1)] * 1000);
  tried += 1;
  const worker = await navigator.serviceWorker?.getRegistration("/s/");
  await worker?.sync?.register("outbox").catch(() => {});
}

// A random number of this device: so that mass filling-in can be noticed.
function device() {
  try {
    const found = localStorage.getItem("noko:device") ?? random();
    localStorage.setItem("noko:device", found);
    return found;
  } catch {
    return "";
  }
}

// A little work that costs one answer nothing and a flood of them something.
const proofs = new Map();

function proof(key) {
  if (!proofs.has(key)) proofs.set(key, worked(key).catch(() => ""));
  return Promise.race([proofs.get(key), new Promise((done) => setTimeout(done, 2000, ""))]);
}

async function worked(key) {
  if (!crypto.subtle) return "";
  for (let number = 0; ; number += 1) {
    const text = new TextEncoder().encode(`${key}:${number}`);
    const made = new DataView(await crypto.subtle.digest("SHA-256", text));
    if (made.getUint32(0) >>> (32 - PROOF_BITS) === 0) return String(number);
  }
}

// --- what the page shows -----------------------------------------------------------------------

let filling = false; // somebody has begun, or asked for, another questionnaire
let notice = null;

// The form, or what has become of the answers of this device.
async function show() {
  const all = await outbox.all().catch(() => []);
  const items = all.filter((item) => item.code === code);
  items.sort((one, other) => (one.order ?? 0) - (other.order ?? 0));
  if (items.some((item) => item.key === draft.key)) {
    filling = false; // another tab has sent this very questionnaire
    renew();
  }
  const last = items.find((item) => item.state !== "accepted") ?? items.at(-1);
  const shown = filling || !last;
  form.hidden = introduction.hidden = !shown;
  const open = last && last.state !== "accepted";
  const told = shown ? (notice ?? (open ? said(last) : null)) : said(last);
  if (told) panel(state, told);
  else state.replaceChildren();
}

function said(item) {
  const file = { text: "Сохранить ответ в файл", act: () => offerFile([item]) };
  const another = { text: "Заполнить ещё одну анкету", act: again };
  if (item.state === "accepted") {
    return {
      title: "Ответ принят",
      receipt: item.receipt,
      lines: [
        "Спасибо. Квитанция показывает, что ответ дошёл; по ней нельзя узнать, что вы ответили. Страницу можно закрыть.",
      ],
      buttons: [another],
    };
  }
  if (item.state === "waiting") {
    return {
      title: "Ответ сохранён и ждёт связи",
      lines: [
        "Он на этом устройстве и уйдёт сам, когда появится связь, сколько бы времени ни прошло. Если вы закроете страницу, откройте её ещё раз, когда связь будет.",
      ],
      buttons: [{ text: "Отправить сейчас", act: send, main: true }, file, another],
    };
  }
  const drop = { text: "Удалить с устройства", act: () => outbox.remove(item).then(show) };
  const back = { text: "Вернуться к ответам", act: () => restore(item), main: true };
  return {
    title: item.state === "closed" ? "Опрос закрыт" : "Ответ не принят",
    lines: [item.message, "Ваши ответы не пропали: они на этом устройстве."],
    wrong: true,
    buttons: item.state === "closed" ? [file, drop] : [back, file, drop],
  };
}

async function again() {
  renew();
  filling = true;
  notice = null;
  await show();
  state.replaceChildren();
  document.getElementById("q-first").focus();
}

async function restore(item) {
  filling = true;
  notice = null;
  renew(item.body.answers);
  form.hidden = false;
  keep();
  await outbox.remove(item);
  await show();
  document.getElementById("q-first").focus();
}

function begin() {
  filling = true;
  if (state.querySelector(".flaws")) show();
  for (const line of form.querySelectorAll(".wrong .e")) line.remove();
  for (const question of form.querySelectorAll(".wrong")) question.classList.remove("wrong");
  noticed();
}

// --- the start ---------------------------------------------------------------------------------

// Keeps the page itself for a visit without a network.
async function ready() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/s/worker.js", { scope: "/s/" });
  const named = [...document.querySelectorAll("link[href], script[src]")];
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const files = loaded.filter((name) => new URL(name).pathname.startsWith("/static/"));
  const store = await caches.open("noko-survey");
  await store.addAll([
    ...new Set([location.href, ...named.map((item) => item.href || item.src), ...files]),
  ]);
  await navigator.storage?.persist?.();
}

const returned = form.querySelector("[checked]") !== null; // the server has sent the form back
if (returned) {
  draft.key = form.querySelector("[name=key]").value;
  keep();
} else if (resume()) {
  filling = true;
  notice = {
    title: "Продолжите с того же места",
    lines: ["Ответы, которые вы уже дали, сохранились на этом устройстве."],
    buttons: [{ text: "Начать заново", act: again }],
  };
}
offerClearing();
document.getElementById("counted").hidden = false;
document.getElementById("later").hidden = true; // this device keeps the answers by itself
follow();
form.addEventListener("input", begin);
form.addEventListener("submit", submit);
document.addEventListener("visibilitychange", passTime);
addEventListener("pagehide", keep);
addEventListener("online", send);
addEventListener("focus", () => tried && send());
outbox.changed?.addEventListener("message", (event) => event.data === code && show());
proof(draft.key);
if (!returned) await show();
ready().catch(() => {}); // without it the page works, only not when opened without a network
await send();

// The questions of the page and what has been answered so far, kept on the device.

import { random } from "./survey-parts.js";

const form = document.getElementById("form");
const place = `noko:draft:${form.dataset.code}`;
const questions = [...form.querySelectorAll("fieldset.q")];
const conditional = questions.filter((question) => question.dataset.if);
const counted = document.getElementById("counted");

export const draft = { key: random(), values: {}, seconds: 0 };
let seen = performance.now();

function value(question) {
  const field =
    question.querySelector("input[type=radio]:checked") ??
    question.querySelector("textarea, .number");
  return field ? field.value.trim() : "";
}

function set(question, given) {
  for (const field of question.querySelectorAll("input, textarea")) {
    if (field.type === "radio") field.checked = field.value === given;
    else field.value = given;
  }
}

function put(values) {
  for (const question of questions) {
    if (values[question.id]) set(question, values[question.id]);
  }
}

// The answers to what is asked, by question.
export function answers() {
  const asked = questions.filter((question) => !question.disabled);
  return Object.fromEntries(asked.map((q) => [q.id, value(q)]).filter(([, given]) => given));
}

// The first thing that the server would send back: its field and why. None: null.
export function complaint() {
  const closed = questions.filter((question) => question.querySelector("input[type=radio]"));
  if (!closed.some((question) => !question.disabled && value(question))) {
    const first = closed[0].querySelector("input");
    return [first, "Нет ни одного ответа. Ответьте хотя бы на один вопрос."];
  }
  for (const field of form.querySelectorAll(".number")) {
    const { least, greatest, number } = field.dataset;
    const given = Number(field.value.trim());
    const whole = Number.isInteger(given) && given >= least && given <= greatest;
    if (field.value.trim() && !whole) {
      return [field, `Вопрос ${number}: укажите целое число от ${least} до ${greatest}.`];
    }
  }
  return null;
}

export const begun = () => Object.keys(draft.values).length > 0;

// Hides what is not asked, counts, and remembers: after every change.
export function noticed() {
  follow();
  keep();
}

export function follow() {
  for (const question of conditional) {
    const [name, needed] = question.dataset.if.split("=");
    const before = document.getElementById(name);
    const asked = !before.disabled && value(before) === needed;
    question.hidden = !asked;
    question.disabled = !asked;
  }
  const asked = questions.filter((question) => !question.disabled);
  counted.textContent = `Отвечено: ${asked.filter(value).length} из ${asked.length}`;
  for (const question of questions) {
    const button = question.querySelector(".clear");
    if (button) button.hidden = !value(question);
  }
}

export function keep() {
  if (form.hidden) return;
  passTime();
  draft.values = Object.fromEntries(
    questions.map((q) => [q.id, value(q)]).filter(([, given]) => given),
  );
  try {
    if (begun()) localStorage.setItem(place, JSON.stringify(draft));
    else localStorage.removeItem(place);
  } catch {
    // Nothing can be kept on this device: the answers stand on the page, and the form sends them.
  }
}

// Time in front of the questions, by a clock that nobody sets.
export function passTime() {
  const now = performance.now();
  if (document.visibilityState === "visible") draft.seconds += Math.max(0, (now - seen) / 1000);
  seen = now;
}

// An empty form with a key of its own.
export function renew(values = {}) {
  form.reset();
  Object.assign(draft, { key: random(), values, seconds: 0 });
  seen = performance.now();
  put(values);
  follow();
  try {
    localStorage.removeItem(place);
  } catch {
    // Nothing was kept.
  }
}

// What an earlier visit has left; true when there was something.
export function resume() {
  try {
    const { key, values, seconds } = JSON.parse(localStorage.getItem(place)) ?? {};
    if (!values) return false;
    Object.assign(draft, { key, values, seconds });
  } catch {
    return false;
  }
  put(draft.values);
  return begun();
}

// A radio button cannot be switched off by itself.
export function offerClearing() {
  for (const question of questions) {
    const first = question.querySelector("input[type=radio]");
    if (!first) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "clear";
    const number = parseInt(question.querySelector(".n").textContent, 10);
    button.textContent = `Снять ответ на вопрос ${number}`;
    button.addEventListener("click", () => {
      set(question, "");
      noticed();
      first.focus();
    });
    question.append(button);
  }
}

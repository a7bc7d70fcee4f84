// What the pages of the survey share: panels with buttons, files of answers, random keys.

export function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

// Shows one thing in `place`: title, lines, a receipt if there is one, and what can be done.
export function panel(place, { title, lines = [], receipt = "", wrong = false, buttons = [] }) {
  const made = element("div", "", wrong ? "flaws" : "panel");
  made.append(element("h2", title));
  if (receipt) {
    const line = element("p", "Квитанция: ", "receipt");
    line.append(element("b", receipt));
    made.append(line);
  }
  for (const text of lines) made.append(element("p", text));
  for (const { text, act, main } of buttons) {
    const button = element("button", text, main ? "button" : "button quiet");
    button.type = "button";
    button.addEventListener("click", act);
    made.append(button);
  }
  place.replaceChildren(made);
}

// Gives the answers as a file that this page can send from any device.
export function offerFile(items) {
  const answers = items.map(({ url, code, organisation, body }) => ({
    url,
    code,
    organisation,
    body,
  }));
  const blob = new Blob([JSON.stringify({ noko: 1, answers }, null, 1)], {
    type: "application/json",
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = "noko-otvety.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// The answers of such a file as items of the outbox; an error that a person can read otherwise.
export async function readFile(file) {
  let found;
  try {
    found = JSON.parse(await file.text());
  } catch {
    throw new Error("Файл не читается. Нужен файл, который сохранила страница анкеты.");
  }
  const answers = found?.noko === 1 && Array.isArray(found.answers) ? found.answers : [];
  const lawful = answers.filter(
    ({ url, code, body }) =>
      /^[a-z0-9]{4,12}$/.test(code) && url === `/s/${code}/` && /^[0-9a-f]{32}$/.test(body?.key),
  );
  if (!lawful.length || lawful.length !== answers.length) {
    throw new Error("В файле нет ответов. Нужен файл, который сохранила страница анкеты.");
  }
  return lawful.map((item) => ({ ...item, key: item.body.key, state: "waiting" }));
}

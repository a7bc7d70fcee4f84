// Answers that wait on this device, and answers out of a file that another device has saved.

import { offerFile, panel, readFile } from "./survey-parts.js";

const place = document.getElementById("waiting");
const field = document.getElementById("file");
const box = document.getElementById("from-file");

function counted(number) {
  const tens = number % 100;
  const ones = number % 10;
  if (ones === 1 && tens !== 11) return `${number} ответ`;
  if (ones > 1 && ones < 5 && (tens < 12 || tens > 14)) return `${number} ответа`;
  return `${number} ответов`;
}

async function show() {
  const items = await outbox.all();
  const waiting = items.filter((item) => item.state === "waiting");
  const refused = items.filter((item) => ["refused", "closed"].includes(item.state));
  if (waiting.length) {
    panel(place, {
      title: `Ждут отправки: ${counted(waiting.length)}`,
      lines: ["Они на этом устройстве и уйдут сами, когда появится связь."],
      buttons: [
        { text: "Отправить сейчас", act: send, main: true },
        { text: "Сохранить ответы в файл", act: () => offerFile(waiting) },
      ],
    });
  } else if (refused.length) {
    panel(place, {
      title: `Не приняты: ${counted(refused.length)}`,
      lines: [...new Set(refused.map((item) => item.message))],
      wrong: true,
      buttons: [{ text: "Сохранить ответы в файл", act: () => offerFile(refused) }],
    });
  } else place.replaceChildren();
}

async function send() {
  await outbox.flush();
  await show();
}

field.addEventListener("change", async () => {
  try {
    const items = await readFile(field.files[0]);
    for (const item of items) await outbox.put(item);
    await outbox.flush();
    await show();
    const keys = items.map((item) => item.key);
    const done = (await outbox.all()).filter((i) => keys.includes(i.key) && i.state === "accepted");
    if (done.length === items.length) {
      panel(place, {
        title: `Принято: ${counted(done.length)}`,
        lines: [`Квитанции: ${done.map((item) => item.receipt).join(", ")}.`],
      });
    }
  } catch (error) {
    panel(place, { title: "Файл не подошёл", lines: [error.message], wrong: true });
  }
  field.value = "";
});

box.hidden = false;
addEventListener("online", send);
await send();

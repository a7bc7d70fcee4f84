// The inspection on a phone: every mark is kept on the device at once and sent when there is a
// network; photographs are made small here and wait in a queue of their own.

const form = document.getElementById("inspection");
const state = document.getElementById("state");
const photoState = document.getElementById("photo-state");
const RETRY_MS = 20_000;
const SIDE = 1600;
const QUALITY = 0.8;
const HOPELESS = ["not_a_photo", "photo_too_large"];

if ("serviceWorker" in navigator) {
  const worker = form ? form.dataset.worker : "/field/worker.js";
  navigator.serviceWorker.register(worker).catch(() => {});
}
if (form && !("closed" in form.dataset)) start(form);

function start(form) {
  const name = `noko-field-${form.dataset.place}`;
  const kept = read(name);
  // A page kept for work without a network may be older than what this device has sent since.
  const ahead = kept && Number(kept.base) - Number(form.elements.version.value);
  const behind = kept && ahead < 0 && !kept.sent;
  if (kept && (ahead > 0 || (ahead === 0 && !kept.sent))) {
    restore(kept.fields);
    form.elements.version.value = kept.base;
  } else if (behind) {
    restore(kept.fields);
    say("На этом устройстве остались отметки, которых нет в сохранённом осмотре. Они показаны ниже: проверьте их и сохраните.");
  }
  let timer = 0;
  let sending = null;
  let again = false;

  form.addEventListener("input", () => {
    keep();
    count();
    clearTimeout(timer);
    timer = setTimeout(send, 1500);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    keep();
    if (navigator.onLine && !sending) return;
    event.preventDefault();
    if (navigator.onLine) sending.then(() => form.requestSubmit(event.submitter));
    else say("Сети нет. Отметки сохранены на этом устройстве и уйдут, когда сеть появится. Сдать осмотр можно будет тогда же.");
  });
  addEventListener("online", () => { if (waits()) send(); sendPhotos(); });
  setInterval(() => { if (waits()) send(); sendPhotos(); }, RETRY_MS);
  const photo = document.getElementById("photo-form");
  if (photo) photo.addEventListener("submit", (event) => { event.preventDefault(); queuePhoto(photo); });
  count();
  if (waits() && !behind) send();
  sendPhotos();

  function waits() {
    const now = read(name);
    return Boolean(now) && !now.sent;
  }

  function fields() {
    return [...new FormData(form)].filter(([key]) => key.startsWith("m.") || key === "note");
  }
  function keep(sent = false) {
    try {
      localStorage.setItem(name, JSON.stringify({ base: form.elements.version.value, fields: fields(), sent }));
    } catch { say("На устройстве нет места: отметки хранятся только на этой странице. Сохраните осмотр."); }
  }
  function restore(fields) {
    for (const [key, value] of fields) {
      const field = form.elements[key];
      if (!field) continue;
      if (field instanceof RadioNodeList || field.type === "radio") {
        for (const radio of form.querySelectorAll(`[name="${CSS.escape(key)}"]`)) radio.checked = radio.value === value;
      } else field.value = value;
    }
  }
  function count() {
    const groups = [...form.querySelectorAll(".marks")].filter((group) => group.children.length === 3);
    const left = groups.filter((group) => !group.querySelector("input:checked")).length;
    const place = document.getElementById("left");
    if (place) place.textContent = left ? `осталось отметить: ${left}` : "отмечено всё";
  }
  // One after the other: two at once would look like two devices that undo each other.
  function send() {
    again = Boolean(sending);
    sending ??= sendOnce().finally(() => {
      sending = null;
      if (again && waits()) send();
    });
  }
  async function sendOnce() {
    const sent = JSON.stringify(fields());
    let answer;
    try {
      answer = await fetch(location.href, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    } catch {
      say("Сети нет. Отметки сохранены на этом устройстве и уйдут сами, когда сеть появится.");
      return;
    }
    if (answer.redirected) { say("Вход закончился. Отметки сохранены на этом устройстве: войдите снова и откройте эту страницу."); return; }
    const body = await answer.json().catch(() => ({ message: "Сервер ответил с ошибкой. Отметки сохранены на этом устройстве." }));
    if (!answer.ok) { say([body.message, ...(body.problems || [])].join(" ")); return; }
    form.elements.version.value = body.version;
    keep(JSON.stringify(fields()) === sent);
    say("Сохранено.");
  }

  // Photographs ----------------------------------------------------------------------------------

  async function queuePhoto(photo) {
    const file = photo.elements.photo.files[0];
    if (!file) { tell("Снимок не выбран."); return; }
    const whole = photo.elements.location.checked;
    // A picture drawn anew carries nothing of the camera; with the place it goes as it is.
    const blob = whole ? file : await smaller(file).catch(() => file);
    const record = { key: crypto.randomUUID(), place: form.dataset.place, item: photo.querySelector("[name=item]").value, location: whole, blob, address: form.dataset.photos };
    await put(record);
    photo.elements.photo.value = "";
    tell("Снимок сохранён на устройстве и уйдёт, как только будет сеть.");
    sendPhotos();
  }
  async function sendPhotos() {
    for (const record of await all()) {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.set("item", record.item);
      body.set("key", record.key);
      if (record.location) body.set("location", "1");
      body.set("photo", record.blob, "photo.jpg");
      let answer;
      try {
        answer = await fetch(record.address, { method: "POST", body, headers: { Accept: "application/json" } });
      } catch { return; }
      if (answer.redirected) return;
      const told = await answer.json().catch(() => null);
      if (!told) return;
      // Anything but what can never become a photograph stays here and is tried again.
      if (answer.ok || HOPELESS.includes(told.kind)) await remove(record.key);
      tell(answer.ok ? "Снимок отправлен: он появится на странице после обновления." : told.message);
    }
  }
}

async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed()), "image/jpeg", QUALITY));
}

function read(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

function say(text) {
  state.textContent = text;
}

function tell(text) {
  if (photoState) photoState.textContent = text;
}

function store(mode, work) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("noko-field", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("photos", { keyPath: "key" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const asked = work(opening.result.transaction("photos", mode).objectStore("photos"));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    };
  });
}
function put(record) { return store("readwrite", (photos) => photos.put(record)); }
function all() { return store("readonly", (photos) => photos.getAll()); }
function remove(key) { return store("readwrite", (photos) => photos.delete(key)); }

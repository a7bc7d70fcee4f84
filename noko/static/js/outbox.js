// Answers on their way: kept on the device until the server has said that it has them. Shared by
// the page and by the service worker, which goes on sending when the page is closed.
//
// An item: key, order, url, code, organisation, body, state (waiting, accepted, refused, closed), and
// what the server said: receipt or message. An accepted item keeps its receipt and no answers.

self.outbox = (() => {
  const STORE = "outbox";
  const changed = "BroadcastChannel" in self ? new BroadcastChannel("noko-outbox") : null;

  function opened() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("noko", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  // Resolves when the device has it on its disk.
  async function within(mode, deed) {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(STORE, mode, { durability: "strict" });
        const asked = deed(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const all = () => within("readonly", (store) => store.getAll());

  async function put(item) {
    await within("readwrite", (store) => store.put(item));
    changed?.postMessage(item.code);
  }

  async function remove(item) {
    await within("readwrite", (store) => store.delete(item.key));
    changed?.postMessage(item.code);
  }

  // Whatever is no clear answer of our server (no network, a hotel's sign-in page, a restart) means
  // "later": only a receipt ends the waiting, and only a reason of ours ends the trying.
  async function send(item) {
    let answer;
    let said;
    try {
      answer = await fetch(item.url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(item.body),
        credentials: "omit",
      });
      said = await answer.json();
    } catch {
      return item;
    }
    if (answer.ok && said.receipt) {
      const { key, url, code, organisation, order } = item;
      return { key, url, code, organisation, order, state: "accepted", receipt: said.receipt };
    }
    if (answer.status === 410 && said.kind === "wave_closed") {
      return { ...item, state: "closed", message: said.message };
    }
    const refused = ["flaws", "other_version", "trapped", "too_large", "unreadable", "unknown_link"];
    return refused.includes(said.kind)
      ? { ...item, state: "refused", message: said.message }
      : item;
  }

  // Sends what waits, one after another; resolves to the number of those that still wait.
  async function flush() {
    const work = async () => {
      let left = 0;
      for (const item of (await all()).filter((one) => one.state === "waiting")) {
        const after = await send(item);
        if (after === item) left += 1;
        else await put(after);
      }
      return left;
    };
    return self.navigator.locks ? self.navigator.locks.request("noko-outbox", work) : work();
  }

  return { all, put, remove, flush, changed };
})();

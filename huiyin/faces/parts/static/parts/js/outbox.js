// What a telephone sends waits in this browser's store (IndexedDB) until the server has it: one by one, the oldest first, under an id that
// makes one of what was sent twice. No browser of a telephone sends for a page that is closed, so the page says that it has to stay open.
(() => {
  async function store(mode, act) {
    const base = await new Promise((resolve, reject) => {
      const asked = indexedDB.open("huiyin-outbox", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "id" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    try {
      return await new Promise((resolve, reject) => {
        const all = base.transaction("waiting", mode), asked = act(all.objectStore("waiting"));
        all.oncomplete = () => resolve(asked.result);
        all.onabort = () => reject(all.error);
      });
    } finally { base.close(); }
  }

  // crypto.randomUUID exists on secure pages only; an office network may have none.
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40; bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  // The outbox of one place of the house. `send(item)` answers with what to do once the item has left the store, because the server has it;
  // with nothing where it has to wait. `changed(waiting, sending)` is told the items that wait and the id of the one on its way.
  function outbox(place, send, changed) {
    let sending = "";
    const waiting = async () => (await store("readonly", (all) => all.getAll())).filter((one) => one.place === place).sort((one, other) => one.at < other.at ? -1 : 1);
    const tell = async () => changed(await waiting(), sending);
    const drop = async (id) => { await store("readwrite", (all) => all.delete(id)); await tell(); };
    async function add(item) {
      await store("readwrite", (all) => all.put({ id: newId(), at: new Date().toISOString(), ...item, place }));
      await tell();
    }
    async function go() {
      if (sending) return;
      try {
        for (let one = (await waiting())[0]; one; one = (await waiting())[0]) {
          sending = one.id;
          await tell();
          const sent = await send(one);
          if (!sent) break;
          await drop(one.id);
          sent();
        }
      } catch { /* No net: it waits. */ } finally { sending = ""; await tell(); }
    }
    addEventListener("online", go);
    setInterval(async () => { if ((await waiting()).length) go(); }, 20000);
    return { add, drop, go };
  }

  // A photo of a telephone is made small enough to be kept here and sent over a poor net; null where it cannot be read.
  async function shrunk(file) {
    try {
      const picture = await createImageBitmap(file), scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale)); canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    } catch { return null; }
  }

  window.huiyinOutbox = { outbox, shrunk };
})();

// What lies on the device, for pages and for the worker: acts that wait for a net ("waiting"), pages as they were seen last ("kept"), whose
// they are ("about"). Both are sealed with a key that the server gives to the person and the browser never gives out again; it goes with the
// session, at logout, and when somebody else signs in. Where a browser has no cryptography (pages without HTTPS) acts wait unsealed, and no
// page is kept.
(() => {
  const SOON_MS = 6 * 3600e3, SHELVES = ["waiting", "kept", "about"], subtle = self.crypto?.subtle;

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("huiyin-device", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("waiting", { keyPath: "id" });
        asked.result.createObjectStore("kept", { keyPath: "url" });
        asked.result.createObjectStore("about");
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }
  async function store(shelf, mode, act) {
    const base = await open();
    try {
      return await new Promise((resolve, reject) => {
        const all = base.transaction(shelf, mode), asked = act(all.objectStore(shelf));
        all.oncomplete = () => resolve(asked.result);
        all.onabort = () => reject(all.error);
      });
    } finally { base.close(); }
  }
  const about = (name) => store("about", "readonly", (all) => all.get(name));
  const note = (name, value) => store("about", "readwrite", (all) => all.put(value, name));
  const empty = (shelf) => store(shelf, "readwrite", (all) => all.clear());

  // The session is over: what waits stays sealed until the same person signs in, pages are kept no longer.
  async function lock() {
    await store("about", "readwrite", (all) => all.delete("key"));
    await empty("kept");
  }
  async function key() {
    const found = await about("key");
    if (found && found.until > Date.now()) return found.key;
    if (found) await lock();
    return null;
  }
  async function seal(said, bytes) {
    const with_ = subtle && await key();
    if (!with_) return { said, bytes };
    const head = new TextEncoder().encode(JSON.stringify(said)), whole = new Uint8Array(4 + head.length + bytes.byteLength);
    new DataView(whole.buffer).setUint32(0, head.length);
    whole.set(head, 4); whole.set(new Uint8Array(bytes), 4 + head.length);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, sealed: await subtle.encrypt({ name: "AES-GCM", iv }, with_, whole) };
  }
  // What was sealed as {said, bytes}; null while the key is not here.
  async function unseal(one) {
    if (!one.iv) return one;
    const with_ = await key();
    if (!with_) return null;
    const whole = new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv: one.iv }, with_, one.sealed));
    const long = new DataView(whole.buffer).getUint32(0);
    return { said: JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + long))), bytes: whole.slice(4 + long).buffer };
  }
  async function wipe() {
    for (const shelf of SHELVES) await empty(shelf);
    if (self.caches) for (const name of await caches.keys()) await caches.delete(name);
  }
  // The device is the person's from now on: whatever somebody else left on it goes, and the key is fetched where it is missing or old.
  async function become(person, address) {
    const before = await about("owner");
    if (before && before !== person) await wipe();
    if (before !== person) await note("owner", person);
    const found = await about("key");
    if (!subtle || (found && found.until > Date.now() + SOON_MS)) return;
    const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    const told = await answer.json(), raw = Uint8Array.from(atob(told.key), (one) => one.charCodeAt(0));
    if (told.person !== person) return;
    await note("key", { key: await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]), until: Date.now() + told.seconds * 1000 });
  }
  self.huiyinStore = { store, about, seal, unseal, wipe, lock, become, sealing: Boolean(subtle) };
})();

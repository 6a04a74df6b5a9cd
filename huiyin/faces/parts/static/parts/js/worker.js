// The worker of the staff's pages: it keeps the shell (styles and scripts, nobody's) and, sealed, the pages that the server marks as kept
// (X-Keep: whose it is), and answers with them when there is no net or it hangs.
importScripts("/static/parts/js/store.js");
const { store, about, seal, unseal, lock } = self.huiyinStore;
const SHELL = "huiyin-shell", MOST_KEPT = 50, PATIENCE_MS = 6000, YOUNG_MS = 120000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(shell(request));
  else if (request.mode === "navigate") event.respondWith(request.method === "GET" ? page(event, url) : sent(request));
});
self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(Promise.all([...event.data.keep.map(fresh), ...event.data.shell.map((one) => shell(new Request(one)).catch(() => {}))]));
});

async function shell(request) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

const address = (url) => url.pathname + url.search;

async function page(event, url) {
  const asked = fetch(event.request).then(async (answer) => {
    await keep(url, answer.clone());
    return answer;
  });
  event.waitUntil(asked.catch(() => {}));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)).then(() => kept(url));
  try {
    return (await Promise.race([asked, late])) || (await asked);
  } catch {
    return (await kept(url)) || nothing(false);
  }
}

async function sent(request) {
  try { return await fetch(request); } catch { return nothing(true); }
}

async function fresh(path) {
  const url = new URL(path, location.origin), old = await store("kept", "readonly", (all) => all.get(address(url)));
  if (old && Date.now() - old.at < YOUNG_MS) return;
  try { await keep(url, await fetch(url, { credentials: "same-origin" })); } catch { /* No net: what is kept stays. */ }
}

// Somebody who is not signed in any more is sent to the login: nothing is kept for them.
async function keep(url, answer) {
  const over = answer.redirected && new URL(answer.url).pathname === "/login";
  if (over || url.pathname === "/login") { if (url.pathname !== "/login" || answer.ok) await lock(); return; }
  const whose = answer.headers.get("X-Keep");
  if (!answer.ok || answer.redirected || !whose || whose !== await about("owner")) return;
  const headers = ["Content-Type", "Content-Security-Policy"].map((name) => [name, answer.headers.get(name)]).filter(([, value]) => value);
  const sealed = await seal({ headers }, await answer.arrayBuffer());
  if (!sealed.iv) return;
  await store("kept", "readwrite", (all) => all.put({ url: address(url), at: Date.now(), ...sealed }));
  const every = await store("kept", "readonly", (all) => all.getAll());
  every.sort((one, other) => other.at - one.at);
  for (const old of every.slice(MOST_KEPT)) await store("kept", "readwrite", (all) => all.delete(old.url));
}

// The page as it was kept: it says since when, and its clock goes on from the time of the server as it was then.
async function kept(url) {
  const found = await store("kept", "readonly", (all) => all.get(address(url))), open = found && await unseal(found);
  if (!open) return null;
  const passed = Date.now() - found.at;
  const text = new TextDecoder().decode(open.bytes)
    .replace("<html ", `<html data-kept-at="${new Date(found.at).toISOString()}" `)
    .replace(/(<meta name="server-time" content=")([^"]+)"/, (_all, head, time) => `${head}${new Date(Date.parse(time) + passed).toISOString()}"`);
  return new Response(text, { headers: new Headers(open.said.headers) });
}

function nothing(unsent) {
  const chinese = !/^en/.test(self.navigator.language || "zh");
  const words = chinese
    ? { title: "离线", text: unsent ? "当前无网络，刚才没有提交。返回后内容还在。" : "当前无网络，这个页面没有存在本机。", back: "返回", duty: "值班" }
    : { title: "Offline", text: unsent ? "There is no net; nothing was sent. Go back, your words are still there." : "There is no net, and this page is not kept on the device.", back: "Back", duty: "Duty" };
  const styles = ["tokens", "base"].map((name) => `<link rel="stylesheet" href="/static/parts/css/${name}.css">`).join("");
  const html = `<!DOCTYPE html><html lang="${chinese ? "zh-CN" : "en"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${styles}<title>${words.title}</title></head><body><main class="alone"><section class="alone-card"><h1>${words.title}</h1><p>${words.text}</p><p><a class="button" href="/duty">${words.duty}</a></p></section></main></body></html>`;
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'; style-src 'self'" } });
}

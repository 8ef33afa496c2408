// A page without a browser: runs the tracking script over stand-ins and prints what it sent.
// Standard input: {script, href, attributes, id, referrer, optedOut, prerendering, steps: [code]}.
const vm = require("node:vm");
const given = JSON.parse(require("node:fs").readFileSync(0, "utf8"));

const sent = [];
const listeners = {};
const listen = (name, then) => { (listeners[name] ||= []).push(then); };
const fire = (name) => (listeners[name] || []).forEach((then) => then({}));
const attributes = { id: given.id || "pianjs", "data-code": "CODE", ...given.attributes };
const tag = {
  id: attributes.id,
  src: "https://stats.example/pa.js",
  dataset: { code: attributes["data-code"] },
  attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
  getAttribute: (name) => attributes[name] ?? null,
};
const location = {
  href: given.href,
  get hostname() { return new URL(this.href).hostname; },
  get protocol() { return new URL(this.href).protocol; },
  toString() { return this.href; },
};
const timers = [];
const page = {
  URL, URLSearchParams, Promise, JSON, Math, Object, Date, console: { info() {} },
  location,
  document: {
    currentScript: given.detached ? null : tag,
    querySelector: (wanted) => wanted.split(",").includes("#" + tag.id) ? tag : null,
    title: "A title", referrer: given.referrer ?? "https://news.example/",
    prerendering: !!given.prerendering,
    addEventListener: listen,
  },
  screen: { width: 1920, height: 1080 },
  localStorage: { getItem: () => given.optedOut ? "" : null },
  navigator: { sendBeacon: (url, body) => { sent.push({ method: "BEACON", url, body: JSON.parse(body) }); return !given.deaf; } },
  fetch: (url, { method }) => { sent.push({ method, url }); return Promise.resolve(); },
  history: { pushState: (_, __, href) => { location.href = new URL(href, location.href).href; } },
  addEventListener: listen,
  setInterval: (then, ms) => timers.push({ then, ms: Number(ms) }),
  settled: [],
};
page.window = page;
page.go = (href) => { location.href = new URL(href, location.href).href; fire("popstate"); };
page.show = () => { page.document.prerendering = false; fire("prerenderingchange"); };
page.tick = () => timers.forEach(({ then }) => then());
page.track = (...call) => page.pirsch(...call).then(() => page.settled.push("sent"), () => page.settled.push("failed"));
vm.createContext(page);
vm.runInContext(given.script, page);
for (const step of given.steps || []) {
  vm.runInContext(step, page);
}
setImmediate(() => console.log(JSON.stringify({ sent, settled: page.settled, intervals: timers.map(({ ms }) => ms) })));

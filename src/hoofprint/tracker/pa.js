// The browser script: page views, events and keep-alives (clients.md section 4).
// The build drops comments and indentation, and the sections between "// [part" and "// ]" of the
// parts that are switched off. Lines are never joined: what ends a line ends as it does here.
(() => {
  const doc = document;
  const running = doc.currentScript;
  const tag = running && running.dataset.code ? running : doc.querySelector("#pianjs,#pirschextendedjs,#pirschjs,#pirscheventsjs,#pirschsessionsjs");
  if (!tag) return;
  const option = (name) => tag.getAttribute("data-" + name);
  const on = (name) => (option(name) || name) !== "false" && option(name) !== null;
  const code = option("code");
  const dev = option("dev");
  const endpoint = (name) => option(name + "-endpoint") || (option("endpoint") || new URL(tag.src || "/", location).origin) + "/" + name;

  const silent = () => {
    try {
      if (localStorage.getItem("disable_pirsch") !== null) return true;
    } catch {
      // forbidden storage: nobody opted out there
    }
    return !on("dev") && (/^(localhost|127(\.\d+){3}|\[::1\])?$/.test(location.hostname) || location.protocol === "file:");
  };
  // A prerendered page is measured when it is shown, if ever.
  const shown = (then) => doc.prerendering ? doc.addEventListener("prerenderingchange", then, { once: true }) : then();

  const address = () => {
    const url = new URL(location);
    if (dev && dev !== "true") {
      url.port = "";
      url.hostname = dev;
    }
    if (on("disable-query")) url.search = "";
    return url.href.slice(0, 1800);
  };
  // [views events
  const referrer = () => on("disable-referrer") ? "" : doc.referrer;
  const size = (side) => on("disable-resolution") ? null : screen[side];
  const tags = (prefix) => {
    const found = {};
    for (const key of (option("tag") || "").split(",")) if (key.trim()) found[prefix + key.trim()] = "1";
    for (const { name, value } of tag.attributes) if (/^data-tag-/.test(name)) found[prefix + name.slice(9)] = value;
    return found;
  };
  // ]
  // [views sessions
  const send = (name, method, fields) => {
    const query = new URLSearchParams({ nc: Date.now(), code, url: address() });
    for (const key in fields) if (fields[key]) query.set(key, fields[key]);
    fetch(endpoint(name) + "?" + query, { method, keepalive: true, credentials: "omit" }).catch(() => {});
  };
  // ]

  // [events
  window.pirsch = (name, { duration, meta = {}, non_interactive } = {}) => new Promise((done, failed) => {
    if (!name) return failed("pirsch: an event needs a name");
    if (silent()) return done();
    const event_meta = {};
    for (const key in meta) event_meta[key] = Object(meta[key]) === meta[key] ? JSON.stringify(meta[key]) : meta[key];
    shown(() => navigator.sendBeacon(endpoint("event"), JSON.stringify({
      identification_code: code,
      url: address(),
      title: doc.title,
      referrer: referrer(),
      screen_width: size("width"),
      screen_height: size("height"),
      tags: tags(""),
      event_name: name,
      event_duration: Math.round(duration) || 0,
      event_meta,
      non_interactive: !!non_interactive,
    })) ? done() : failed("pirsch: not sent"));
  });
  // ]

  // [views
  let seen;
  const view = () => {
    const page = location.href.split("#")[0];
    if (silent() || page === seen) return;
    seen = page;
    send("hit", "GET", { t: doc.title, ref: referrer(), w: size("width"), h: size("height"), ...tags("tag_") });
  };
  if (!on("disable-page-views")) shown(() => {
    view();
    if (on("disable-history")) return;
    const push = history.pushState;
    history.pushState = function () {
      push.apply(this, arguments);
      view();
    };
    addEventListener("popstate", view);
  });
  // ]
  // [sessions
  if (on("enable-sessions")) shown(() => setInterval(() => silent() || send("session", "POST"), option("interval-ms") || 60000));
  // ]
})();

// The numbers of one dashboard, all of them from the public API.
"use strict";

(() => {
  const DAYS = 30;
  const LISTED = "8";
  const main = document.getElementById("dashboard");
  const access = new URLSearchParams(location.search).get("access");
  const number = new Intl.NumberFormat();
  const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

  /** The date of the domain's time zone, so many days ago, as YYYY-MM-DD. */
  function date(ago) {
    const parts = new Intl.DateTimeFormat("en-CA", {
      timeZone: main.dataset.timezone, year: "numeric", month: "2-digit", day: "2-digit",
    }).formatToParts(new Date());
    const part = (type) => Number(parts.find((one) => one.type === type).value);
    return new Date(Date.UTC(part("year"), part("month") - 1, part("day") - ago))
      .toISOString().slice(0, 10);
  }

  /** The answer of a report from a day until today. */
  async function ask(report, from, more = {}) {
    const query = new URLSearchParams({ id: main.dataset.id, from, to: date(0), ...more });
    if (access) query.set("access", access);
    const answer = await fetch(`/api/v1/statistics/${report}?${query}`);
    if (!answer.ok) throw new Error(`${report} was answered with ${answer.status}`);
    return answer.json();
  }

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function nothing() {
    return element("p", "Nothing was counted in this time.", { class: "empty" });
  }

  function totals(found) {
    const made = element("dl", undefined, { class: "totals" });
    made.append(...[
      ["Visitors", number.format(found.visitors)],
      ["Page views", number.format(found.views)],
      ["Sessions", number.format(found.sessions)],
      ["Bounce rate", percent.format(found.bounce_rate)],
    ].map(([name, value]) => {
      const box = element("div");
      box.append(element("dt", name), element("dd", value));
      return box;
    }));
    return [made];
  }

  function chart(rows) {
    const most = Math.max(0, ...rows.map((row) => row.visitors));
    if (most === 0) return [nothing()];
    const width = 10;
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const label = `Visitors by day, at most ${number.format(most)}`;
    const shape = { viewBox: `0 0 ${rows.length * width} 100`, preserveAspectRatio: "none", role: "img", "aria-label": label };
    for (const [key, value] of Object.entries(shape)) svg.setAttribute(key, value);
    const draw = (name, attributes) => {
      const made = document.createElementNS(space, name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      svg.append(made);
      return made;
    };
    rows.forEach((row, at) => {
      const height = (100 * row.visitors) / most;
      const bar = draw("rect", { class: "bar", x: at * width + 1, y: 100 - height, width: width - 2, height });
      const title = document.createElementNS(space, "title");
      title.textContent = `${day.format(new Date(row.day))}: ${number.format(row.visitors)}`;
      bar.append(title);
    });
    draw("line", { class: "axis", x1: 0, x2: rows.length * width, y1: 100, y2: 100 });
    const scale = element("p", undefined, { class: "scale" });
    const ends = [rows[0], rows[rows.length - 1]].map((row) => day.format(new Date(row.day)));
    scale.append(element("span", ends[0]), element("span", ends[1]));
    return [element("p", `${number.format(most)} at most`, { class: "scale" }), svg, scale];
  }

  function list(heading, name) {
    return (rows) => {
      if (rows.length === 0) return [nothing()];
      const table = element("table");
      const head = element("tr");
      head.append(element("th", heading, { scope: "col" }), element("th", "Visitors", { scope: "col" }));
      table.append(element("thead"), element("tbody"));
      table.tHead.append(head);
      for (const row of rows) {
        const line = element("tr");
        const text = name(row);
        line.append(element("td", text, { title: text }), element("td", number.format(row.visitors)));
        table.tBodies[0].append(line);
      }
      return [table];
    };
  }

  function country(row) {
    if (!row.country_code) return "Unknown";
    try {
      return new Intl.DisplayNames(undefined, { type: "region" }).of(row.country_code.toUpperCase());
    } catch {
      return row.country_code.toUpperCase();
    }
  }

  /** Fill a part of the page; when that fails, the others are shown all the same. */
  async function fill(id, asked, present) {
    const part = document.getElementById(id);
    try {
      part.replaceChildren(...present(await asked));
    } catch (error) {
      part.replaceChildren(element("p", "Not available", { class: "empty" }));
      const trouble = document.getElementById("trouble");
      trouble.textContent = "Some numbers could not be loaded. Reload the page to try again.";
      trouble.hidden = false;
      console.error(error);
    } finally {
      part.removeAttribute("aria-busy");
    }
  }

  const start = date(DAYS - 1);
  fill("today", ask("total", date(0)), totals);
  fill("month", ask("total", start), totals);
  fill("chart", ask("visitor", start), chart);
  fill("pages", ask("page", start, { limit: LISTED }), list("Page", (row) => row.path || "/"));
  fill("referrers", ask("referrer", start, { limit: LISTED }),
    list("From", (row) => row.referrer_name || row.referrer || "Direct"));
  fill("countries", ask("country", start, { limit: LISTED }), list("Country", country));
})();

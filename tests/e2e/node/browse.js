// Visits pages with Chromium: {executable, agent, visits: [{url, width, height, scheme, steps,
// screenshot}, ...]} on standard input. A step is [what, argument]: click (a button's name), see (a
// status text), run (JavaScript) or sent (a part of the address of a request that is answered). A
// visit has a profile of its own; its answer has the page's title, everything that went wrong, every
// address that was asked for, and how wide the page is.
import { text } from "node:stream/consumers";
import { chromium } from "playwright-core";

const { executable, agent, visits } = JSON.parse(await text(process.stdin));
const browser = await chromium.launch({
  executablePath: executable,
  timeout: 90_000,
  args: [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
  ],
});

const STEPS = {
  click: ({ page }, name) => page.getByRole("button", { name }).first().click(),
  see: ({ page }, said) => page.getByRole("status").filter({ hasText: said }).waitFor(),
  run: ({ page }, code) => page.evaluate(code),
  sent: async ({ page, answered }, part) => {
    const arrived = (response) => response.url().includes(part);
    if (![...answered].some((request) => request.url().includes(part))) await page.waitForResponse(arrived);
  },
};

const answers = [];
for (const { url, width = 1280, height = 800, scheme = "light", steps = [], screenshot } of visits) {
  const context = await browser.newContext({
    userAgent: agent,
    viewport: { width, height },
    screen: { width, height },
    colorScheme: scheme,
  });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const errors = [];
  const asked = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  context.on("request", (request) => asked.push(`${request.method()} ${request.url()}`));
  // An answer that the page doesn't read is called a failure, too, once the browser lets go of it.
  const answered = new Set();
  context.on("response", (response) => {
    answered.add(response.request());
    if (!response.ok()) errors.push(`${response.url()} ${response.status()}`);
  });
  context.on("requestfailed", (request) => {
    if (!answered.has(request)) errors.push(`${request.url()} ${request.failure().errorText}`);
  });
  await page.goto(url, { waitUntil: "load" });
  for (const [what, ...given] of steps) await STEPS[what]({ page, answered }, ...given);
  if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
  const wide = await page.evaluate("document.documentElement.scrollWidth");
  answers.push({ title: await page.title(), errors, asked, wide });
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify(answers));

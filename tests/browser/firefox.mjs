// Opens pages in Firefox over WebDriver BiDi; prints what each asked for and complained of.
import { launch } from "./firefox_launch.mjs";

const [modules, executablePath, firstPage, ...pages] = process.argv.slice(2);
const browser = await launch(modules, executablePath);
const results = {};
const frames = (page) =>
  page.evaluate(
    () =>
      new Promise((done) =>
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))),
      ),
  );
const read = (page, name) =>
  page.$eval(`[data-name="${name}"]`, (e) => Number(e.dataset.value));

// Firefox lays out the part of a formula that it has received and complains of what is still to come;
// the same question is asked here of the whole page.
const PREMATURE = /^(Error: )?Invalid markup: Incorrect number of children/;
const wrongFormulas = (page) =>
  page.evaluate(() => {
    const children = {
      msup: 2,
      msub: 2,
      mover: 2,
      munder: 2,
      mfrac: 2,
      mroot: 2,
      msubsup: 3,
      munderover: 3,
    };
    return Object.entries(children).flatMap(([tag, count]) =>
      [...document.querySelectorAll(tag)]
        .filter((e) => e.children.length !== count)
        .map((e) => e.outerHTML),
    );
  });

async function open(address) {
  const page = await browser.newPage();
  await page.bringToFront();
  await page.setViewport({ width: 1100, height: 900 });
  /** @type {Record<string, string[]> & { explorers?: number, ready?: number }} */
  const seen = { requests: [], failures: [], complaints: [] };
  const complain = (text) => {
    if (!PREMATURE.test(text)) seen.complaints.push(text);
  };
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("requestfailed", (request) => seen.failures.push(request.url()));
  page.on("response", (response) => {
    if (response.status() >= 400) seen.failures.push(response.url());
  });
  page.on("pageerror", (error) => complain(String(error)));
  page.on("console", (message) => {
    if (/error|warn/.test(message.type())) complain(message.text());
  });
  await page.goto(address, { waitUntil: "load" });
  // What waits for a prediction is opened.
  await page.evaluate(() => {
    for (const it of document.querySelectorAll(".prediction-outcome"))
      it.classList.add("prediction-open");
  });
  seen.explorers = (await page.$$(".actgrad-explorer")).length;
  for (const view of await page.$$(".actgrad-explorer")) {
    await view.evaluate((e) => e.scrollIntoView());
    await page.waitForFunction((e) => "ready" in e.dataset, { timeout: 20000 }, view);
  }
  await frames(page);
  seen.complaints.push(...(await wrongFormulas(page)));
  return { page, seen };
}

for (const address of pages) {
  const { page, seen } = await open(address);
  seen.ready = (await page.$$(".actgrad-explorer[data-ready]")).length;
  results[address] = seen;
  await page.close();
}

const { page, seen } = await open(firstPage);
const handle = await page.$('[role="slider"][aria-label="Point x on the curve"]');
await handle.evaluate((e) => e.scrollIntoView({ block: "center" }));
const box = await handle.boundingBox();
const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
const start = await read(page, "x");
await page.mouse.move(x, y);
await page.mouse.down();
await page.mouse.move(x + 60, y);
await page.mouse.up();
await frames(page);
const dragged = { x: await read(page, "x"), y: await read(page, "y") };
await handle.evaluate((e) => e.focus());
await page.keyboard.press("ArrowLeft");
await frames(page);
const stepped = await read(page, "x");
const stepper = await page.$(".actgrad-stepper");
await stepper.evaluate((e) => e.scrollIntoView({ block: "center" }));
const rows = () =>
  page.$$eval(
    "table.derivation",
    (tables) =>
      [...tables[0].tBodies[0].rows].filter((r) =>
        r.checkVisibility({ visibilityProperty: true }),
      ).length,
  );
await (await stepper.$('button[aria-label="Next line"]')).click();
await frames(page);
const lines = await rows();
results.used = { ...seen, start, dragged, stepped, lines };
await browser.close();
process.stdout.write(JSON.stringify(results));

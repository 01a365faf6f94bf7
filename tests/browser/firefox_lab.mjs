// Uses the lab in Firefox, from each address: node firefox_lab.mjs MODULES FIREFOX ADDRESS...
import { launch } from "./firefox_launch.mjs";

const [modules, executablePath, ...addresses] = process.argv.slice(2);
const browser = await launch(modules, executablePath);

async function use(address) {
  const page = await browser.newPage();
  await page.bringToFront();
  /** @type {{ requests: string[], complaints: string[], said: string[] }} */
  const seen = { requests: [], complaints: [], said: [] };
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  const silence = () => page.$eval("#lab [role=status]", (status) => status.replaceChildren());
  const says = async (pattern) => {
    await page.waitForFunction(
      (text) =>
        new RegExp(text).test(document.querySelector("#lab [role=status]")?.textContent ?? ""),
      { timeout: 60_000 },
      pattern,
    );
    seen.said.push(await page.$eval("#lab [role=status]", (status) => status.textContent));
    await silence();
  };
  const write = async (field, text) => {
    await page.$eval(field, (e) => e instanceof HTMLInputElement && e.select());
    await page.type(field, text);
    await page.keyboard.press("Enter");
  };
  await page.goto(address, { waitUntil: "load" });
  await write("#lab-function", "x^3 sin(x)");
  await says("^\\d+ steps, \\d+ proved");
  await page.click("#lab-prove");
  await says("^Write the next line");
  await write("#lab-line", "3x^2 cos(x)");
  await says("^✗");
  await write("#lab-line", "3x^2 sin(x) + x^3 cos(x)");
  await says("^✓");
  await write("#lab-function", "x^x +");
  await says("^Not derived");
  await write("#lab-function", "sin(exp(-x^2)*log(1+x^2))/(1+tanh(sqrt(1+x^4)))^3");
  await says("being proved");
  await page.click("#lab-stop");
  await says("^Stopped");
  await write("#lab-function", "x Phi(x)");
  await says("^\\d+ steps, \\d+ proved");
  await page.close();
  return seen;
}

const results = {};
for (const address of addresses) results[address] = await use(address);
await browser.close();
process.stdout.write(JSON.stringify(results));

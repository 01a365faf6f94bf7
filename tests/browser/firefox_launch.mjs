// Starts Firefox over WebDriver BiDi; it reaches no host but this machine.
import { createRequire } from "node:module";

export function launch(modules, executablePath) {
  const puppeteer = createRequire(`${modules}/`)("puppeteer-core");
  return puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    // A proxy that refuses stands for every host but this machine.
    extraPrefsFirefox: {
      "network.proxy.type": 1,
      "network.proxy.http": "127.0.0.1",
      "network.proxy.http_port": 9,
      "network.proxy.ssl": "127.0.0.1",
      "network.proxy.ssl_port": 9,
      "network.proxy.no_proxies_on": "127.0.0.1",
    },
  });
}

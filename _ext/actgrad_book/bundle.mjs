// Makes what all pages share small: reads what there is as JSON, writes what remains as JSON.
import { createRequire } from "node:module";
import { dirname, join } from "node:path/posix";
import { text } from "node:stream/consumers";

// The packages are installed where this is run, beside their lock file.
const require = createRequire(`${process.cwd()}/`);
const { PurgeCSS } = require("purgecss");
const postcss = require("postcss");
const esbuild = require("esbuild");
/** @type {any} */
const woff2 = require("wawoff2");

const TARGET = ["chrome109", "firefox115", "safari16.4"];
// Every page says its theme; words of scripts that are no classes of a page.
const NOWHERE = /html:not\(\[data-theme\]\)|\.toggle\b|\.admonition\.(error|sidebar)/;
// What a script writes as a property, and its sheet names as an attribute.
const WRITTEN = [
  "open",
  "hidden",
  "disabled",
  "checked",
  "data-ready",
  "data-theme",
  "data-mode",
  "data-status",
  "aria-pressed",
  "aria-disabled",
];
const MODES = ["light", "dark", "auto"];

/** Return the style sheet with its addresses seen from the folder of the one sheet. */
function moved({ name, css }) {
  const root = postcss.parse(css);
  root.walkAtRules("font-face", (face) => {
    if (face.toString().includes("Font Awesome")) face.remove(); // book.css draws the icons
  });
  root.walkRules((rule) => {
    const kept = rule.selectors.filter((selector) => !NOWHERE.test(selector));
    if (kept.length) rule.selectors = kept;
    else rule.remove();
  });
  root.walkDecls((declaration) => {
    declaration.value = declaration.value.replace(
      /url\((["']?)(?![a-z]+:|#|\/)([^)"']+)\1\)/g,
      (_, quote, address) => `url(${quote}${join(dirname(name), address)}${quote})`,
    );
  });
  return root;
}

/** Return the sheets as one; a rule that stands in several of the last ones stands once. */
function joined(sheets, repeating) {
  const whole = postcss.root({ nodes: sheets.flatMap((sheet) => moved(sheet).nodes) });
  const seen = new Set();
  for (const node of repeating.flatMap((css) => postcss.parse(css).nodes)) {
    const rule = node.toString();
    if (!seen.has(rule)) whole.append(node);
    seen.add(rule);
  }
  return whole.toString();
}

/** Return the rules of a style sheet that the pages use, minified. */
async function purged(css, used) {
  const names = [...used.attributes, ...WRITTEN];
  const values = [...used.values, ...MODES];
  const extractor = () => ({ ...used, attributes: { names, values } });
  const [{ css: kept }] = await new PurgeCSS().purge({
    content: [{ raw: "pages", extension: "used" }],
    css: [{ raw: css }],
    extractors: [{ extensions: ["used"], extractor }],
    keyframes: true,
    variables: true,
    // States hold for any element; a mode is what a reader chooses; scripts put the names of
    // curves together.
    safelist: {
      standard: [/^:/, /^actgrad-(?:function|derivative|overlay|difference|series-\d)$/],
    },
  });
  const { code } = await esbuild.transform(kept, {
    loader: "css",
    minify: true,
    target: TARGET,
    legalComments: "none",
  });
  return code;
}

/** Return a script in a scope of its own, minified. */
async function script(source) {
  const { code } = await esbuild.transform(source, {
    minify: true,
    target: TARGET,
    format: "iife",
  });
  return code;
}

/** Return an explorer's module as a script that registers it under its key. */
function registering([key, module]) {
  const widget = module
    .replace(/^export default /m, `(window.actgradModules ??= {})["${key}"] = `)
    .replace(/^export /gm, "");
  return script(widget).then((code) => [key, code]);
}

const given = JSON.parse(await text(process.stdin));
process.stdout.write(
  JSON.stringify({
    css: await purged(joined(given.sheets, given.moduleSheets), given.used),
    font: Buffer.from(await woff2.compress(Buffer.from(given.font, "base64"))).toString(
      "base64",
    ),
    js: await script(given.script),
    exercises: await script(given.exercises),
    modules: Object.fromEntries(
      await Promise.all(Object.entries(given.modules).map(registering)),
    ),
  }),
);

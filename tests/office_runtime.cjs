// A web add-in's side of the functions: headless Chromium loads xlwings Server's own JavaScript from a running server,
// with stand-ins for Office.js, and calls functions as Excel does: each argument as rows, an omitted one as null.
//
// node office_runtime.cjs NODE_MODULES CHROMIUM ADDRESS < jobs.json > answers.json
const { createRequire } = require("module");
const { chromium } = createRequire(require("path").resolve(process.argv[2], "index.js"))("playwright-core");
const [program, address] = process.argv.slice(3);
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const OFFICE = `
  globalThis.registry = {};
  globalThis.Office = {
    onReady: async (then) => { const host = { host: "Excel" }; if (then) then(host); return host; },
    context: { requirements: { isSetSupported: () => true } },
  };
  globalThis.CustomFunctions = {
    associate: (id, work) => { registry[id] = work; },
    ErrorCode: { invalidValue: "#VALUE!", notAvailable: "#N/A" },
    Error: class extends Error { constructor(code, message) { super(message); this.code = code; } },
  };
  const setting = (name, value) => ({ [name]: value, load() { return this; } });
  globalThis.Excel = { RequestContext: class {
    workbook = setting("name", "own.xlsx");
    application = { cultureInfo: { ...setting("name", "en-US"), datetimeFormat: setting("shortDatePattern", "m/d/yyyy") } };
    async sync() {}
  } };
  globalThis.asExcel = async (meta, data, { id, args, address }) => {
    const known = meta.functions.find((found) => found.id === id);
    const given = known.parameters.map((parameter, i) => {
      const value = args[i] === "TOKDATA" ? data : args[i];
      if (value === undefined || value === null) return null;
      return Array.isArray(value) ? value : [[value]];
    });
    try {
      return { value: await registry[id](...given, { address, functionName: id }) };
    } catch (error) {
      return { error: error.code || String(error), message: error.message };
    }
  };`;

(async () => {
  let input = "";
  for await (const chunk of process.stdin) input += chunk;
  const { jobs, data, token } = JSON.parse(input);
  const browser = await chromium.launch({ executablePath: program, args: FLAGS });
  try {
    const page = await browser.newPage();
    const failures = [];
    page.on("pageerror", (error) => failures.push(error.message));
    await page.route("**/excel.html*", async (route) => {
      const pane = await (await page.request.get(`${address}/taskpane.html`)).text();
      const config = pane.match(/<script id="config"[^>]*>[^]*?<\/script>/)[0];
      const body = `<!doctype html><meta charset="utf-8"><script>${OFFICE}</script>${config}
        <script type="module">
          import "/static/js/config.js";
          import * as utils from "/static/js/utils.js";
          globalThis.xlwings = utils;
          globalThis.loaded = true;
        </script>
        <script src="/static/js/auth.js"></script>
        <script src="/xlwings/custom-functions-code.js" defer></script>`;
      await route.fulfill({ contentType: "text/html", body });
    });
    await page.goto(`${address}/excel.html?token=${token}`);
    await page.waitForFunction(() => globalThis.loaded && Object.keys(registry).length > 0);
    const found = await page.evaluate(async ({ jobs, data }) => {
      const meta = await (await fetch("/xlwings/custom-functions-meta.json")).json();
      const start = performance.now();
      const answers = await Promise.all(jobs.map((job) => asExcel(meta, data, job)));
      return { answers, names: meta.functions.map((known) => known.name), seconds: (performance.now() - start) / 1000 };
    }, { jobs, data });
    process.stdout.write(JSON.stringify({ ...found, failures }));
  } finally {
    await browser.close();
  }
})();

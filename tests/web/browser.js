// SPDX-License-Identifier: GPL-3.0-or-later
// The pages in a real browser: axe-core, console, hostile names, keyboard, search, sort, charts. Prints one
// line a finding and ends with 1 when there was any.
//   node browser.js FOLDER LANGUAGE      (playwright-core and axe-core from NODE_PATH)
"use strict";
const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const folder = path.resolve(process.argv[2]), language = process.argv[3];
let bad = 0, passed = 0;
function want(what, good, more) {
	if (good) { passed++; return; }
	bad++;
	console.log("FAIL " + what + (more === undefined ? "" : ": " + JSON.stringify(more)));
}

function pagesOf() {
	const top = fs.readdirSync(folder).filter((name) => name.endsWith(".html"));
	const sub = (dir, most) => fs.readdirSync(path.join(folder, dir)).filter((name) => name.endsWith(".html")).slice(0, most).map((name) => dir + "/" + name);
	return top.concat(sub("network", 2), sub("device", 4), sub("backup", 2));
}
// A file's name may hold a '%', which an address has to escape.
const address = (page) => "file://" + path.join(folder, page).split("/").map(encodeURIComponent).join("/");

async function open(context, page, settle) {
	const tab = await context.newPage();
	tab.findings = [];
	tab.on("console", (message) => { if (["error", "warning"].includes(message.type())) tab.findings.push(message.text()); });
	tab.on("pageerror", (error) => tab.findings.push(error.message));
	tab.on("request", (request) => { if (!request.url().startsWith("file://") && !request.url().startsWith("data:")) tab.findings.push("asks for " + request.url()); });
	tab.on("dialog", (dialog) => { tab.findings.push("a dialog: " + dialog.message()); dialog.dismiss(); });
	await tab.goto(address(page));
	await tab.waitForFunction(() => !document.querySelector(".charts") || document.querySelector(".ranges"));
	if (settle) await tab.waitForTimeout(settle);
	return tab;
}

async function look(browser, page, scheme, width) {
	const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 }, bypassCSP: false });
	const tab = await open(context, page);
	const name = [page, scheme, width].join(" ");
	want(name + ": nothing in the console", tab.findings.length === 0, tab.findings);
	want(name + ": language", (await tab.getAttribute("html", "lang")) === language);
	const size = await tab.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
	want(name + ": no sideways scrolling", size[0] <= size[1], size);
	// A page's policy forbids what axe needs; the debugger may evaluate all the same.
	const session = await context.newCDPSession(tab);
	await session.send("Runtime.evaluate", { expression: axe });
	const answer = await session.send("Runtime.evaluate", { expression: "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then((r) => JSON.stringify(r.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].target.join(' '), v.nodes[0].failureSummary])))", awaitPromise: true, returnByValue: true });
	const violations = JSON.parse(answer.result.value || '[["axe did not run"]]');
	want(name + ": axe", violations.length === 0, violations);
	await context.close();
}

async function behave(browser) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const devices = JSON.parse(fs.readFileSync(path.join(folder, "devices.json"), "utf8"));
	let tab = await open(context, "devices.html");
	await tab.keyboard.press("/");
	await tab.keyboard.type(devices[0].name.slice(0, 12));
	await tab.waitForSelector("#search .hits li a");
	want("search finds a device", (await tab.textContent("#search .hits li a")) !== "");
	await tab.keyboard.press("Tab");
	await tab.keyboard.press("Enter");
	await tab.waitForURL(/\/device\//);
	want("the keyboard opens what was found", /\/device\//.test(tab.url()));
	await tab.close();

	tab = await open(context, "index.html");
	await tab.keyboard.press("Tab");
	want("the first stop skips to the content", (await tab.evaluate(() => document.activeElement.className)) === "skip");
	await tab.keyboard.press("Enter");
	want("and does", (await tab.evaluate(() => location.hash)) === "#main");
	await tab.close();

	tab = await open(context, "devices.html");
	const before = await tab.$$eval("table.sortable tbody th", (cells) => cells.map((cell) => cell.textContent));
	await tab.focus("table.sortable thead th:nth-child(2) button");
	await tab.keyboard.press("Enter");
	const up = await tab.$$eval("table.sortable tbody th", (cells) => cells.map((cell) => cell.textContent));
	await tab.keyboard.press("Enter");
	const down = await tab.$$eval("table.sortable tbody th", (cells) => cells.map((cell) => cell.textContent));
	want("sorting keeps every row", before.slice().sort().join() === up.slice().sort().join());
	want("sorting turns around", up[0] === down[down.length - 1] && up.length > 1, [up[0], down[0]]);
	want("the counts add up to the inventory", (await tab.$$("table.sortable tbody tr")).length === devices.length);
	await tab.close();

	const withChart = devices.find((d) => fs.readFileSync(path.join(folder, decodeURIComponent(d.page).replace(/\.html$/, ".js")), "utf8").includes('"rows":['  + "0") || true);
	tab = await open(context, decodeURIComponent(withChart.page), 300);
	await tab.evaluate(() => document.querySelector(".plot").scrollIntoView());
	await tab.waitForSelector(".plot canvas");
	await tab.focus(".ranges button:nth-child(2)");
	await tab.keyboard.press("Enter");
	want("the range is chosen by keyboard", (await tab.getAttribute(".ranges button:nth-child(2)", "aria-pressed")) === "true");
	const box = await (await tab.$(".plot")).boundingBox();
	await tab.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2);
	await tab.waitForFunction(() => document.querySelector(".values b") !== null);
	want("values under the pointer", (await tab.textContent(".values b")) !== "");
	want("charts: nothing in the console", tab.findings.length === 0, tab.findings);
	await tab.close();
	await context.close();
}

async function withoutScript(browser) {
	const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
	const devices = JSON.parse(fs.readFileSync(path.join(folder, "devices.json"), "utf8"));
	const tab = await context.newPage();
	await tab.goto(address("index.html"));
	want("without a script: valid until", (await tab.locator("#fresh time").count()) === 2);
	await tab.goto(address(decodeURIComponent(devices[0].page)));
	want("without a script: the numbers stand in tables", (await tab.locator(".chart table tbody tr").count()) >= 24);
	await context.close();
}

async function hostile(browser) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const tab = await open(context, "devices.html", 300);
	want("no name became markup", (await tab.evaluate(() => document.querySelectorAll("main img, main iframe, main script, main [onerror], main [onload]").length)) === 0);
	want("no name ran a script", (await tab.evaluate(() => window.pwned === undefined)));
	await context.close();
}

async function stale(browser) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	await context.addInitScript(() => { const now = Date.now; Date.now = () => now() + 86400000; });
	const tab = await open(context, "index.html");
	await tab.waitForSelector("#stale:not([hidden])");
	want("old figures are called old", (await tab.textContent("#stale")).length > 20);
	await context.close();
}

(async () => {
	const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
	for (const page of pagesOf())
		for (const scheme of ["light", "dark"])
			await look(browser, page, scheme, 1280);
	for (const page of pagesOf()) await look(browser, page, "light", 360);
	await behave(browser);
	await withoutScript(browser);
	await hostile(browser);
	await stale(browser);
	await browser.close();
	console.log(`${language}: ${passed} held, ${bad} did not`);
	process.exit(bad ? 1 : 0);
})().catch((error) => { console.log("FAIL " + error.message); process.exit(1); });

// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader does with the pages; each in a browser context of its own, with `options` where it has any.
"use strict";
const fs = require("fs");
const path = require("path");

const number = (text) => parseInt(text.replace(/\D+/g, " ").trim().split(" ")[0], 10);

exports.search = async (site, context) => {
	const tab = await site.open(context, "devices.html");
	if (site.devices.length === 0) return;
	const wanted = site.devices[0].name;
	await tab.keyboard.press("/");
	await tab.keyboard.type(wanted.slice(0, 12));
	await tab.waitForSelector("#search .hits li a");
	site.want("search finds a device", (await tab.textContent("#search .hits li a")).startsWith(wanted.slice(0, 12)));
	await tab.fill("#query", "no such thing anywhere");
	await tab.waitForFunction(() => document.querySelector("#search .hits").hidden);
	site.want("search says that it found nothing", (await tab.textContent("#search [role=status]")).length > 5);
	await tab.fill("#query", wanted);
	await tab.waitForSelector("#search .hits li a");
	await tab.focus("#query");
	await tab.keyboard.press("Tab");
	await tab.keyboard.press("Enter");
	await tab.waitForURL(/\/device\//);
	site.want("the keyboard opens what was found", (await tab.textContent("h1")).trim() === wanted, await tab.textContent("h1"));
};

exports.keyboard = async (site, context) => {
	const tab = await site.open(context, "index.html");
	await tab.keyboard.press("Tab");
	site.want("the first stop skips to the content", (await tab.evaluate(() => document.activeElement.className)) === "skip");
	await tab.keyboard.press("Enter");
	site.want("and does", (await tab.evaluate(() => location.hash)) === "#main");
	await tab.keyboard.press("Tab");
	site.want("what comes next lies in the content", await tab.evaluate(() => document.activeElement === document.body || document.querySelector("main").contains(document.activeElement)));
	await tab.goto(site.address("risks.html"));
	const seen = new Set();
	for (let i = 0; i < 60; i++) {
		await tab.keyboard.press("Tab");
		const stop = await tab.evaluate(() => {
			const e = document.activeElement, style = getComputedStyle(e);
			return [e.tagName, e.getAttribute("href"), style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0];
		});
		if (stop[0] === "BODY") break;
		site.want("a focused element is seen to be: " + stop[0] + " " + stop[1], stop[2]);
		if (stop[1]) seen.add(stop[1]);
		if (stop[0] === "SUMMARY" && !seen.has("opened")) {
			await tab.keyboard.press("Enter");
			seen.add("opened");
			site.want("a risk opens by keyboard", await tab.evaluate(() => document.querySelector("details").open));
		}
	}
	for (const page of ["index.html", "devices.html", "backups.html", "cutover.html", "incidents.html", "availability.html", "risks.html", "about.html"])
		site.want("the keyboard reaches " + page, seen.has(page));
};

exports.tables = async (site, context) => {
	const tab = await site.open(context, "devices.html");
	const names = () => tab.$$eval("table.sortable tbody tr:not([hidden]) th", (cells) => cells.map((cell) => cell.textContent));
	const before = await names();
	site.want("the table is the inventory", before.length === site.devices.length, [before.length, site.devices.length]);
	if (before.length < 14) return;
	await tab.focus("table.sortable thead th:nth-child(2) button");
	await tab.keyboard.press("Enter");
	const up = await names();
	await tab.keyboard.press("Enter");
	const down = await names();
	site.want("sorting keeps every row", before.slice().sort().join() === up.slice().sort().join());
	site.want("sorting turns around", up[0] === down[down.length - 1] && up[0] !== down[0], [up[0], down[0]]);
	site.want("sorting says its order", (await tab.getAttribute("table.sortable thead th:nth-child(2)", "aria-sort")) === "descending");
	await tab.fill(".filter input", site.devices[0].name);
	site.want("the filter keeps what fits", (await names()).includes(site.devices[0].name) && (await names()).length < before.length);
	await tab.fill(".filter input", "");
	site.want("and gives back the rest", (await names()).length === before.length);
};

// The counts of every card add up to its own sum, and the sums to the inventory.
exports.counts = async (site, context) => {
	const tab = await site.open(context, "index.html");
	const groups = await tab.$$eval(".headline .counts, .card .counts", (lists) => lists.map((list) => Array.from(list.children).map((item) => item.textContent)));
	const sums = groups.map((group) => {
		const total = number(group[group.length - 1]);
		site.want("the counts add up", group.slice(0, -1).map(number).reduce((a, b) => a + b, 0) === total, group);
		return total;
	});
	site.want("the headline counts the inventory", sums[0] === site.devices.length, sums);
	site.want("the networks together are the inventory", sums.slice(1).reduce((a, b) => a + b, 0) === site.devices.length, sums);
	const wrong = site.devices.filter((d) => d.state !== "ok").length;
	site.want("the headline says how many are well", number(await tab.textContent(".figure")) === site.devices.length - wrong);
};

// One chart on a phone: ranges, zoom, values under the finger.
exports.charts = async (site, context) => {
	const device = site.devices.find((d) => /"rows":\[[^\]]*[0-9]/.test(site.read(decodeURIComponent(d.page).replace(/\.html$/, ".js"))));
	if (!device) return;
	const tab = await site.open(context, decodeURIComponent(device.page));
	await tab.waitForSelector(".ranges");
	await tab.evaluate(() => document.querySelector(".plot").scrollIntoView());
	await tab.waitForSelector(".plot canvas");
	await tab.focus(".ranges button:nth-child(2)");
	await tab.keyboard.press("Enter");
	site.want("the range is chosen by keyboard", (await tab.getAttribute(".ranges button:nth-child(2)", "aria-pressed")) === "true");
	await tab.click(".ranges button:nth-child(1)");
	const axis = () => tab.$$eval(".plot:first-of-type .dygraph-axis-label-x", (labels) => labels.map((label) => label.textContent).join());
	const whole = await axis();
	const box = await (await tab.$(".plot")).boundingBox();
	const at = (x) => [box.x + box.width * x, box.y + box.height / 2];
	await tab.mouse.move(...at(0.5));
	await tab.waitForFunction(() => document.querySelector(".values b") !== null);
	site.want("values under the pointer", (await tab.textContent(".values b")) !== "");
	await tab.mouse.down();
	await tab.mouse.move(...at(0.7), { steps: 4 });
	await tab.mouse.up();
	const near = await axis();
	site.want("dragging zooms", near !== whole, [whole, near]);
	await tab.mouse.dblclick(...at(0.5));
	site.want("a double click goes back", (await axis()) === whole, [whole, await axis()]);
	await tab.mouse.move(5, 5);
	await tab.waitForFunction(() => document.querySelector(".values b") === null);
	// The mouse, which lies elsewhere, takes them away again at once.
	await tab.evaluate(() => {
		window.touched = "";
		new MutationObserver(() => { window.touched += document.querySelector(".values").querySelectorAll("b").length; }).observe(document.querySelector(".values"), { childList: true });
	});
	await tab.touchscreen.tap(...at(0.6));
	await tab.waitForFunction(() => /[1-9]/.test(window.touched));
	site.want("values under the finger", true);
	site.want("charts: nothing in the console", tab.findings.length === 0, tab.findings);
};
exports.charts.options = { hasTouch: true, viewport: { width: 800, height: 900 } };

exports.withoutScript = async (site, context) => {
	const tab = await site.open(context, "index.html");
	site.want("without a script: when written and until when valid", (await tab.locator("#fresh time").count()) === 2);
	site.want("without a script: no banner over good pages", !(await tab.locator("#failed").isVisible()) && !(await tab.locator("#stale").isVisible()));
	const device = site.devices.find((d) => site.read(decodeURIComponent(d.page)).includes("<figure"));
	if (!device) return;
	await tab.goto(site.address(decodeURIComponent(device.page)));
	site.want("without a script: the numbers stand in tables", (await tab.locator(".chart table tbody tr").count()) >= 24);
};
exports.withoutScript.options = { javaScriptEnabled: false };

exports.stale = async (site, context) => {
	await context.addInitScript(() => { const now = Date.now; Date.now = () => now() + 86400000; });
	const tab = await site.open(context, "index.html");
	await tab.waitForSelector("#stale:not([hidden])");
	site.want("old figures are called old", (await tab.textContent("#stale")).length > 20);
};

// The wall renews itself when there is something newer, and says so when there is not.
exports.wall = async (site, context) => {
	const file = path.join(site.folder, "fresh.js"), before = fs.readFileSync(file, "utf8");
	await context.clock.install();
	const tab = await site.open(context, "wall.html");
	await tab.waitForFunction(() => !document.querySelector("script[src*='fresh.js']"));
	await tab.evaluate(() => { window.old = true; });
	try {
		fs.writeFileSync(file, before.replace(/"written":"[^"]*"/, '"written":"2031-01-01T00:00:00Z"').replace(/"valid_until":"[^"]*"/, '"valid_until":"2031-01-01T00:02:00Z"'));
		await context.clock.fastForward(16000);
		await tab.waitForFunction(() => window.old === undefined);
		site.want("the wall loads itself anew", true);
	} finally {
		fs.writeFileSync(file, before);
	}
};

// fresh.css and fresh.js as a failed run leaves them: test_pages.sh has made one, and ended it.
exports.failed = async (site, context) => {
	if (!fs.existsSync(path.join(site.folder, "../failed"))) return;
	const kept = path.join(site.folder, "../failed"), files = ["fresh.css", "fresh.js"];
	const good = files.map((name) => fs.readFileSync(path.join(site.folder, name)));
	try {
		files.forEach((name) => fs.copyFileSync(path.join(kept, name), path.join(site.folder, name)));
		const tab = await site.open(context, "index.html");
		await tab.waitForSelector("#stale:not([hidden])");
		site.want("a failed run: the pages say why", (await tab.textContent("#stale")).includes("backups.html"), await tab.textContent("#stale"));
		site.want("and say it once", !(await tab.locator("#failed").isVisible()));
		const plain = await context.browser().newContext({ javaScriptEnabled: false });
		const page = await plain.newPage();
		await page.goto(site.address("index.html"));
		site.want("a failed run: seen without a script", await page.locator("#failed").isVisible());
		await plain.close();
	} finally {
		files.forEach((name, i) => fs.writeFileSync(path.join(site.folder, name), good[i]));
	}
};

// SPDX-License-Identifier: GPL-3.0-or-later
// bench_pages.js FOLDER DEVICES: weight, first paint, and the time a reader waits for search, sort and filter.
"use strict";
const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");
const folder = path.resolve(process.argv[2]), devices = process.argv[3];

(async () => {
	const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const first = fs.readdirSync(path.join(folder, "device")).filter((name) => name.endsWith(".html")).sort();
	const throttled = async (page) => {
		const tab = await context.newPage(), session = await context.newCDPSession(tab);
		let bytes = 0;
		tab.on("requestfinished", (request) => { bytes += fs.statSync(decodeURIComponent(new URL(request.url()).pathname)).size; });
		await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
		await tab.goto("file://" + path.join(folder, page).split("/").map(encodeURIComponent).join("/"), { waitUntil: "load", timeout: 120000 });
		await tab.waitForFunction(() => performance.getEntriesByType("paint").length > 0);
		await tab.waitForTimeout(300);
		const paint = await tab.evaluate(() => Math.round(performance.getEntriesByName("first-contentful-paint")[0].startTime));
		return { tab, paint, bytes };
	};
	for (const page of ["index.html", "device/" + first[first.length - 1], "devices.html", "network/n0.html", "risks.html", "availability.html", "incidents.html"]) {
		const paints = [];
		let bytes = 0;
		for (let i = 0; i < 3; i++) {
			const shown = await throttled(page);
			paints.push(shown.paint);
			bytes = shown.bytes;
			await shown.tab.close();
		}
				console.log(`${devices} devices, ${page}: ${(bytes / 1024).toFixed(0)} KiB with all it loads, first paint ${Math.min(...paints)} ms (CPU / 4, best of 3)`);
	}
	// A page's policy forbids to make functions of texts; for the measurement it is switched off.
	const open = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
	const free = await open.newPage(), session = await open.newCDPSession(free);
	await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
	const measure = async (what, act, done) => {
		const ms = await free.evaluate(([a, d]) => new Promise((resolve) => {
			const began = performance.now(), run = new Function(a), ready = new Function("return " + d);
			run();
			(function look() { if (performance.now() - began > 30000) resolve(NaN); else if (ready()) requestAnimationFrame(() => resolve(Math.round(performance.now() - began))); else setTimeout(look, 5); })();
		}), [act, done]);
		console.log(`${devices} devices, ${what}: ${ms} ms (CPU / 4)`);
	};
	await free.goto("file://" + path.join(folder, "devices.html"), { timeout: 120000 });
	const type = (field, text) => `const f = document.querySelector("${field}"); f.value = "${text}"; f.dispatchEvent(new Event("input"));`;
	await measure("first search", type("#query", "sw-3"), "document.querySelector('#search .hits li') !== null");
	await measure("next search", type("#query", "10.4.0.7"), "/10\\.4\\.0\\.7/.test(document.querySelector('#search .hits').textContent)");
	await free.goto("file://" + path.join(folder, "network/n0.html"), { timeout: 120000 });
	await measure("sort a network's table", "Array.from(document.querySelectorAll('section[aria-labelledby=devices] th button'))[1].click();", "document.querySelector('section[aria-labelledby=devices] th[aria-sort]') !== null");
	await measure("filter it", type("section[aria-labelledby=devices] .filter input", "sw-0-100"), "document.querySelectorAll('section[aria-labelledby=devices] tbody tr:not([hidden])').length < 20");
	await browser.close();
})().catch((error) => { console.log(error.stack); process.exit(1); });

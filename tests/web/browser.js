// SPDX-License-Identifier: GPL-3.0-or-later
// The pages in a real browser, from their folders. Prints one line a finding and ends with 1 when there was any.
//   node browser.js LANGUAGE=FOLDER...      (playwright-core and axe-core from NODE_PATH)
// looks.js holds what is asked of every page, deeds.js what a reader does with some of them.
"use strict";
const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");
const { look } = require("./looks.js");
const deeds = require("./deeds.js");

let bad = 0, passed = 0;
function want(what, good, more) {
	if (good) { passed++; return; }
	bad++;
	console.log("FAIL " + what + (more === undefined ? "" : ": " + JSON.stringify(more)));
}

// A site: its folder, its devices, and how its pages are opened and listened to.
function siteOf(argument) {
	const [language, folder] = argument.split("=");
	const site = { language, folder: path.resolve(folder), want, name: path.basename(path.dirname(path.resolve(folder))) };
	const files = (dir, most) => fs.readdirSync(path.join(site.folder, dir)).filter((name) => name.endsWith(".html")).sort().slice(0, most).map((name) => dir + "/" + name);
	site.read = (file) => fs.readFileSync(path.join(site.folder, file), "utf8");
	site.devices = JSON.parse(site.read("devices.json"));
	const troubled = site.devices.filter((d) => d.state !== "ok").map((d) => decodeURIComponent(d.page)).slice(0, 2);
	site.pages = fs.readdirSync(site.folder).filter((name) => name.endsWith(".html")).concat(files("network", 1), troubled, files("device", 1), files("backup", 1));
	// A file's name may hold a '%', which an address has to escape.
	site.address = (page) => "file://" + path.join(site.folder, page).split("/").map(encodeURIComponent).join("/");
	site.tab = async (context) => {
		const tab = await context.newPage();
		tab.findings = [];
		tab.setDefaultTimeout(90000);
		tab.on("console", (message) => { if (["error", "warning"].includes(message.type())) tab.findings.push(message.text()); });
		tab.on("pageerror", (error) => tab.findings.push(error.message));
		tab.on("request", (request) => { if (!/^(file|data):/.test(request.url())) tab.findings.push("asks for " + request.url()); });
		tab.on("dialog", (dialog) => { tab.findings.push("a dialog: " + dialog.message()); dialog.dismiss(); });
		return tab;
	};
	site.open = async (context, page) => {
		const tab = await site.tab(context);
		await tab.goto(site.address(page));
		return tab;
	};
	return site;
}

(async () => {
	const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
	const wide = { viewport: { width: 1280, height: 900 } };
	for (const argument of process.argv.slice(2)) {
		const site = siteOf(argument), context = await browser.newContext(wide);
		const tab = await site.tab(context);
		for (const page of site.pages) await look(site, context, tab, page);
		await context.close();
		for (const [name, deed] of Object.entries(deeds)) {
			const options = Object.assign({}, wide, deed.options);
			const own = await browser.newContext(options);
			await deed(site, own).catch((error) => want(site.name + ", " + name, false, error.message));
			await own.close();
		}
	}
	await browser.close();
	console.log(`${passed} held, ${bad} did not`);
	process.exit(bad ? 1 : 0);
})().catch((error) => { console.log("FAIL " + error.stack); process.exit(1); });

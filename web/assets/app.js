/* netfold's pages read well without this. It adds: how old, is it stale, sort, filter, search, charts. */
(function () {
	"use strict";
	var words = window.netfold_words || {};
	var root = meta("netfold-root") || "./";
	var waiting = {};
	var lang = words.lang || document.documentElement.lang;

	function meta(name) {
		var element = document.querySelector('meta[name="' + name + '"]');
		return element ? element.content : null;
	}
	function make(name, attributes, text) {
		var element = document.createElement(name);
		Object.keys(attributes || {}).forEach(function (key) { element.setAttribute(key, attributes[key]); });
		if (text !== undefined && text !== null) element.textContent = text;
		return element;
	}
	/* A page in a folder may not fetch, but it may load scripts; they call netfold.take. */
	function load(file, name, fn) {
		var script = make("script", { src: file });
		if (name) (waiting[name] = waiting[name] || []).push(fn);
		script.onload = function () { script.remove(); if (!name && fn) fn(); };
		script.onerror = function () { script.remove(); };
		document.head.appendChild(script);
	}
	window.netfold = {
		words: words, make: make, load: load, lang: lang,
		take: function (name, value) {
			(waiting[name] || []).splice(0).forEach(function (fn) { fn(value); });
		}
	};

	/* how old */
	function age(ms) {
		var steps = [[60, "second", 1], [3600, "minute", 60], [86400, "hour", 3600], [Infinity, "day", 86400]];
		var s = Math.round(ms / 1000), i = 0;
		while (Math.abs(s) >= steps[i][0]) i++;
		return new Intl.RelativeTimeFormat(lang, { numeric: "always" }).format(-Math.round(s / steps[i][2]), steps[i][1]);
	}
	function ages() {
		var now = Date.now();
		document.querySelectorAll("time[datetime]").forEach(function (element) {
			element.title = age(now - Date.parse(element.dateTime));
		});
		document.querySelectorAll("[aria-labelledby=wrong] td.when time, .verdict time").forEach(function (element) {
			var next = element.nextElementSibling;
			if (!next) next = element.parentNode.appendChild(make("span", { "class": "ago" }));
			next.textContent = " " + element.title;
		});
	}

	/* is it stale */
	var fresh = null;
	function judge() {
		var box = document.getElementById("stale");
		if (!box) return;
		var until = Date.parse(fresh ? fresh.valid_until : meta("netfold-valid-until"));
		var written = fresh ? fresh.written : meta("netfold-written");
		var text = "";
		if (fresh && fresh.failure) text = words.failed + " " + fresh.failure;
		else if (Date.now() > until) text = words.stale + " " + new Date(written).toLocaleString(lang) + " (" + age(Date.now() - Date.parse(written)) + ").";
		if (box.textContent !== text) box.textContent = text;
		box.hidden = text === "";
		if (text) document.getElementById("failed").hidden = true;
	}
	function watch() {
		load(root + "fresh.js", "fresh", function (value) {
			var renew = fresh && fresh.written !== value.written;
			fresh = value;
			judge();
			if (renew && document.body.classList.contains("wall")) location.reload();
		});
		judge();
	}

	/* sort and filter */
	function key(cell) {
		if (!cell) return "";
		var time = cell.querySelector("time");
		if (time) return Date.parse(time.dateTime);
		var text = cell.textContent.trim();
		if (cell.classList.contains("n")) {
			var number = parseFloat(text.replace(/[\s\u00a0]/g, "").replace(",", "."));
			return isNaN(number) ? -Infinity : number;
		}
		return text.toLocaleLowerCase(lang);
	}
	function sort(table, column, head) {
		var down = head.getAttribute("aria-sort") === "ascending";
		var body = table.tBodies[0];
		var rows = Array.prototype.map.call(body.rows, function (row, i) { return { key: key(row.cells[column]), row: row, i: i }; });
		rows.sort(function (a, b) {
			var order = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : String(a.key).localeCompare(String(b.key), lang, { numeric: true });
			return (down ? -order : order) || a.i - b.i;
		});
		table.querySelectorAll("th[aria-sort]").forEach(function (th) { th.removeAttribute("aria-sort"); });
		head.setAttribute("aria-sort", down ? "descending" : "ascending");
		rows.forEach(function (entry) { body.appendChild(entry.row); });
	}
	function filter(table) {
		if (table.tBodies[0].rows.length < 14) return;
		var label = make("label", { "class": "filter" }, words.filter + " ");
		var input = make("input", { type: "search" });
		label.appendChild(input);
		table.parentNode.parentNode.insertBefore(label, table.parentNode);
		input.addEventListener("input", function () {
			var wanted = input.value.toLocaleLowerCase(lang).split(/\s+/);
			Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
				var text = row.textContent.toLocaleLowerCase(lang);
				row.hidden = !wanted.every(function (word) { return text.indexOf(word) >= 0; });
			});
		});
	}
	/* On a phone a row becomes a card, and each figure has to say what it is. */
	function label(table) {
		var heads = Array.prototype.map.call(table.tHead.rows[0].cells, function (head) { return head.textContent; });
		Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
			Array.prototype.forEach.call(row.cells, function (cell, i) {
				if (i > 0 && cell.tagName === "TD" && heads[i] && cell.textContent) cell.dataset.label = heads[i];
			});
		});
		table.classList.add("carded");
	}
	function narrow() {
		if (!phone.matches) return;
		document.querySelectorAll(".scroll table:not(.matrix):not(.carded)").forEach(label);
	}
	var phone = matchMedia("(max-width: 44rem)");
	function tables() {
		narrow();
		phone.addEventListener("change", narrow);
		document.querySelectorAll("table.sortable").forEach(function (table) {
			Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
				var button = make("button", { type: "button" }, head.textContent);
				head.textContent = "";
				head.appendChild(button);
				button.addEventListener("click", function () { sort(table, column, head); });
			});
			filter(table);
		});
	}

	/* search */
	function hit(list, device) {
		var item = make("li");
		var state = make("span");
		state.appendChild(make("span", { "class": "state s-" + device.state }, words[device.state] || device.state));
		item.appendChild(state);
		item.appendChild(make("a", { href: root + device.page }, device.name));
		item.appendChild(make("span", { "class": "code" }, device.address));
		item.appendChild(make("span", {}, device.network + " · " + device.kind));
		list.appendChild(item);
	}
	function search() {
		var box = document.getElementById("search");
		if (!box) return;
		var index = null, shown = 50;
		box.appendChild(make("label", { "for": "query" }, words.search));
		var input = box.appendChild(make("input", { id: "query", type: "search", autocomplete: "off", "aria-describedby": "query-hint" }));
		box.appendChild(make("p", { "class": "note", id: "query-hint" }, words.hint)).style.margin = ".25rem 0 0";
		var said = box.appendChild(make("p", { role: "status" }));
		var list = box.appendChild(make("ul", { "class": "hits" }));
		list.hidden = true;
		function show() {
			var wanted = input.value.trim().toLocaleLowerCase(lang).split(/\s+/).filter(Boolean);
			list.textContent = "";
			list.hidden = true;
			said.textContent = "";
			if (!wanted.length || !index) return;
			var found = index.filter(function (device) {
				return wanted.every(function (word) { return device.text.indexOf(word) >= 0; });
			});
			found.slice(0, shown).forEach(function (device) { hit(list, device); });
			list.hidden = found.length === 0;
			said.textContent = found.length === 0 ? words.none : words.found + " " + found.length + (found.length > shown ? " (" + words.more + ")" : "");
		}
		function need() {
			if (index) return show();
			load(root + box.dataset.index, "devices", function (devices) {
				devices.forEach(function (d) {
					d.text = [d.name, d.kind, d.network, d.address, d.state, words[d.state]].join(" ").toLocaleLowerCase(lang);
				});
				index = devices;
				show();
			});
		}
		input.addEventListener("input", need);
		document.addEventListener("keydown", function (event) {
			if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) { event.preventDefault(); input.focus(); }
		});
		if (location.hash.length > 1 && location.hash.indexOf("#q=") === 0) { input.value = decodeURIComponent(location.hash.slice(3)); need(); }
	}

	var here = document.querySelector(".top nav [aria-current]");
	if (here && phone.matches) here.parentNode.parentNode.scrollLeft = here.offsetLeft - 40;
	tables();
	search();
	ages();
	setInterval(ages, 30000);
	watch();
	setInterval(watch, 15000);
	if (document.querySelector(".charts")) {
		document.head.appendChild(make("link", { rel: "stylesheet", href: root + "assets/dygraph.min.css" }));
		load(root + "assets/dygraph.min.js", null, function () { load(root + "assets/chart.js"); });
	}
})();

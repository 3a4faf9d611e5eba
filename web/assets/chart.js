/* The charts of a device's page: dygraphs on the data file that .charts names. Loaded by app.js. */
(function () {
	"use strict";
	var netfold = window.netfold, words = netfold.words, make = netfold.make, lang = netfold.lang;
	var box = document.querySelector(".charts");
	var names = ["day", "week", "month", "year"];
	var plots = [], first = +box.dataset.range;
	Dygraph.PLUGINS = Dygraph.PLUGINS.filter(function (plugin) { return plugin !== Dygraph.Plugins.Legend; });

	function colours() {
		var style = getComputedStyle(document.documentElement);
		return ["--accent", "--warning", "--unknown", "--ok"].map(function (name) { return style.getPropertyValue(name).trim(); });
	}
	function rows(chart, range) {
		var width = chart.labels.length, out = [];
		for (var i = 0; i * width < range.rows.length; i++) {
			var row = [new Date((range.start + i * range.step) * 1000)];
			for (var c = 0; c < width; c++) row.push(range.rows[i * width + c]);
			out.push(row);
		}
		return out;
	}
	function number(value) {
		return value === null || value === undefined || isNaN(value) ? "–" : value.toLocaleString(lang, { maximumSignificantDigits: 4 });
	}
	/* In place of dygraphs' own legend, which sets inline styles. */
	function tell(plot, x, row) {
		plot.values.textContent = x === null ? "" : new Date(x).toLocaleString(lang);
		plot.chart.labels.forEach(function (label, i) {
			plot.values.appendChild(make("span", { "class": "key k" + i }));
			plot.values.appendChild(document.createTextNode(label));
			if (row < 0) return;
			plot.values.appendChild(document.createTextNode(" "));
			plot.values.appendChild(make("b", {}, number(plot.graph.getValue(row, i + 1))));
		});
	}
	function tick(date, granularity) {
		if (granularity >= Dygraph.MONTHLY) return date.toLocaleDateString(lang, { month: "short", year: "numeric" });
		if (date.getHours() === 0 && date.getMinutes() === 0) return date.toLocaleDateString(lang, { day: "numeric", month: "short" });
		return date.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
	}
	/* One finger asks for values and leaves the page to be scrolled; two zoom. */
	function touch(plot) {
		var usual = Dygraph.defaultInteractionModel, pinching = false;
		function ask(event, graph) {
			var box = plot.div.getBoundingClientRect(), row = graph.findClosestRow(event.touches[0].clientX - box.left);
			graph.setSelection(row);
			tell(plot, graph.getValue(row, 0), row);
		}
		return Object.assign({}, usual, {
			touchstart: function (event, graph, context) {
				pinching = event.touches.length > 1;
				if (pinching) usual.touchstart(event, graph, context); else ask(event, graph);
			},
			touchmove: function (event, graph, context) {
				if (pinching) usual.touchmove(event, graph, context); else if (event.touches.length) ask(event, graph);
			},
			touchend: function (event, graph, context) {
				if (pinching) usual.touchend(event, graph, context);
			}
		});
	}
	function draw(plot, at) {
		var range = plot.chart.ranges[at];
		if (plot.graph) { plot.graph.destroy(); plot.graph = null; }
		plot.div.textContent = "";
		plot.values.textContent = "";
		if (!range || !range.rows.length) { plot.div.textContent = words.nochart; return; }
		var end = range.start + range.step * range.rows.length / plot.chart.labels.length;
		plot.graph = new Dygraph(plot.div, rows(plot.chart, range), {
			labels: ["t"].concat(plot.chart.labels.map(function (label, i) { return i + " " + label; })),
			colors: colours(), strokeWidth: 1.5,
			highlightCallback: function (event, x, points, row) { tell(plot, x, row); },
			unhighlightCallback: function () { tell(plot, null, -1); },
			includeZero: true, connectSeparatedPoints: false, drawPoints: false, axisLineColor: "transparent",
			gridLineColor: getComputedStyle(document.documentElement).getPropertyValue("--line").trim(),
			dateWindow: [range.start * 1000, end * 1000], digitsAfterDecimal: 3,
			axes: { y: { axisLabelWidth: 46, axisLabelFormatter: function (value) { return number(value); } }, x: { drawGrid: false, axisLabelFormatter: tick } },
			animatedZooms: false, interactionModel: touch(plot)
		});
		tell(plot, null, -1);
	}
	function choose(at) {
		plots.forEach(function (plot) { plot.at = at; if (plot.seen) draw(plot, at); });
	}
	function buttons() {
		var group = make("div", { "class": "ranges", role: "group", "aria-label": words.range });
		names.forEach(function (name, at) {
			var button = group.appendChild(make("button", { type: "button", "aria-pressed": at === first ? "true" : "false" }, words[name]));
			button.addEventListener("click", function () {
				group.querySelectorAll("button").forEach(function (other) { other.setAttribute("aria-pressed", other === button ? "true" : "false"); });
				choose(at);
			});
		});
		box.parentNode.insertBefore(group, box);
		box.parentNode.insertBefore(make("p", { "class": "note" }, words.zoom), box);
	}
	/* Only what comes into view is drawn: a switch has many charts. */
	var view = new IntersectionObserver(function (entries) {
		entries.forEach(function (entry) {
			var plot = plots[entry.target.dataset.plot];
			if (entry.isIntersecting && !plot.seen) { plot.seen = true; draw(plot, plot.at); }
		});
	}, { rootMargin: "200px" });
	netfold.load(box.dataset.series, "charts", function (charts) {
		buttons();
		box.querySelectorAll(".chart").forEach(function (figure) {
			var plot = { chart: charts[figure.dataset.chart], at: first, seen: false };
			if (!plot.chart) return;
			plot.div = make("div", { "class": "plot", "data-plot": plots.length, "aria-hidden": "true" });
			plot.values = make("div", { "class": "values" });
			var details = figure.querySelector("details");
			figure.insertBefore(plot.div, details);
			figure.insertBefore(plot.values, details);
			plots.push(plot);
			view.observe(plot.div);
		});
	});
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { plots.forEach(function (plot) { if (plot.seen) draw(plot, plot.at); }); });
})();

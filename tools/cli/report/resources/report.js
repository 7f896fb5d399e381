// Draws the charts of the report with Vega and sorts its tables.
(function () {
  'use strict';
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const drawn = [];

  function element(name, text, parent) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (parent) parent.appendChild(made);
    return made;
  }

  function seriesOf(chart) {
    return (chart.specification.usermeta || {}).series || [];
  }

  // The rows of a chart's table; those of a matrix are the values of its picture.
  function rowsOf(chart) {
    if (chart.table.rows) return chart.table.rows;
    const grid = chart.specification.data[0].values[0];
    return chart.table.names.map(function (name, row) {
      return [name].concat(grid.values.slice(row * grid.width, (row + 1) * grid.width));
    });
  }

  function tableOf(chart) {
    const table = element('table');
    const head = element('tr', '', element('thead', '', table));
    for (const title of chart.table.columns) element('th', title, head);
    const body = element('tbody', '', table);
    for (const row of rowsOf(chart)) {
      const line = element('tr', '', body);
      for (const value of row) element('td', String(value), line);
    }
    return table;
  }

  function theme() {
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue('--ink').trim();
    const line = style.getPropertyValue('--line').trim();
    return {
      background: 'transparent',
      axis: { labelColor: ink, titleColor: ink, gridColor: line, domainColor: ink, tickColor: ink },
      legend: { labelColor: ink, titleColor: ink },
    };
  }

  function sample(series) {
    const space = 'http://www.w3.org/2000/svg';
    const picture = document.createElementNS(space, 'svg');
    const line = document.createElementNS(space, 'line');
    const looks = {
      x1: 0, x2: 28, y1: 4, y2: 4, stroke: series.colour, 'stroke-width': 3,
      'stroke-dasharray': series.dash[1] ? series.dash.join(' ') : 'none',
    };
    for (const name of Object.keys(looks)) line.setAttribute(name, looks[name]);
    picture.setAttribute('aria-hidden', 'true');
    picture.appendChild(line);
    return picture;
  }

  // Names of series, below each chart that has them. Charts of the same series share what is hidden
  // and what is pointed at: the one pointed at stands out in all of them, and one that is clicked, or
  // its family, is hidden in all of them.
  function legendOf(series) {
    const legend = { key: JSON.stringify(series), charts: [], hidden: new Set() };
    const items = new Map(series.map(function (each) { return [each.name, []]; }));
    function signal(name, value) {
      legend.charts.forEach(function (chart) {
        if (chart.view) chart.view.signal(name, value).runAsync();
      });
    }
    function show() {
      items.forEach(function (buttons, name) {
        for (const each of buttons) each.setAttribute('aria-pressed', String(!legend.hidden.has(name)));
      });
      signal('hidden', Array.from(legend.hidden));
    }
    function toggle(names) {
      const visible = names.some(function (name) { return !legend.hidden.has(name); });
      names.forEach(function (name) { if (visible) legend.hidden.add(name); else legend.hidden.delete(name); });
      show();
    }
    function button(text, names, list) {
      const made = element('button', '', element('li', '', list));
      made.type = 'button';
      made.appendChild(document.createTextNode(text));
      made.addEventListener('click', function () { toggle(names); });
      return made;
    }
    const families = Array.from(new Set(series.map(function (each) { return each.family; })));
    function addFamilies(parent) {
      if (families.length < 2 || series.length < 5) return;
      const list = element('ul', '', parent);
      list.className = 'legend families';
      button(charts.labels.all, series.map(function (each) { return each.name; }), list);
      families.forEach(function (family) {
        const members = series.filter(function (each) { return each.family === family; });
        button(family, members.map(function (each) { return each.name; }), list);
      });
    }
    legend.addTo = function (parent) {
      if (!legend.charts.length) addFamilies(parent);
      const list = element('ul', '', parent);
      list.className = 'legend';
      for (const each of series) {
        const item = button(each.name, [each.name], list);
        item.setAttribute('aria-pressed', 'true');
        item.insertBefore(sample(each), item.firstChild);
        items.get(each.name).push(item);
        for (const event of ['mouseenter', 'focus']) item.addEventListener(event, function () { signal('active', each.name); });
        for (const event of ['mouseleave', 'blur']) item.addEventListener(event, function () { signal('active', ''); });
      }
    };
    return legend;
  }

  function save(name, type, content) {
    const link = element('a', '', document.body);
    link.href = URL.createObjectURL(new Blob([content], { type: type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
    link.remove();
  }

  function quoted(value) {
    const text = String(value);
    return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function csvOf(chart) {
    return [chart.table.columns].concat(rowsOf(chart)).map(function (row) { return row.map(quoted).join(','); }).join('\n') + '\n';
  }

  function hiddenIn(chart) {
    return chart.legend ? Array.from(chart.legend.hidden) : [];
  }

  // A chart's picture as it stands alone: on white, with its title and the names that the page has
  // beside it.
  function pictureOf(chart) {
    const hidden = hiddenIn(chart);
    const names = seriesOf(chart).map(function (each) { return each.name; })
      .filter(function (name) { return hidden.indexOf(name) < 0; });
    const alone = Object.assign({}, chart.specification, {
      width: 760, background: '#ffffff', title: { text: chart.title, anchor: 'start' },
    });
    alone.height += 30;
    if (names.length) {
      const columns = names.length < 3 ? names.length : 3;
      alone.legends = [{
        stroke: 'colour', strokeDash: 'dash', values: names, symbolType: 'stroke', symbolSize: 400,
        symbolStrokeWidth: 2, orient: 'bottom', columns: columns, labelLimit: 230,
      }];
      alone.height += 20 + 14 * Math.ceil(names.length / columns);
    }
    const view = new vega.View(vega.parse(alone), { renderer: 'none' });
    if (hidden.length) view.signal('hidden', hidden);
    return view.toSVG().then(function (svg) {
      view.finalize();
      return svg;
    });
  }

  // Buttons that save a chart's picture and its numbers.
  function downloads(chart, parent) {
    const name = chart.title.toLowerCase().replace(/[^a-z0-9\u4e00-\u9fff]+/g, '-').replace(/^-|-$/g, '');
    const bar = element('div', '', parent);
    bar.className = 'downloads';
    const picture = element('button', charts.labels.picture, bar);
    picture.addEventListener('click', function () {
      if (!chart.view) return;
      pictureOf(chart).then(function (svg) { save(name + '.svg', 'image/svg+xml', svg); });
    });
    const numbers = element('button', charts.labels.download, bar);
    numbers.addEventListener('click', function () { save(name + '.csv', 'text/csv', csvOf(chart)); });
  }

  function draw(chart) {
    if (typeof vega === 'undefined') return;
    const width = Math.max(240, chart.place.clientWidth - 4);
    const description = chart.title + '. ' + chart.reading;  // for those who cannot see it
    const specification = Object.assign({ width: width, description: description }, chart.specification);
    const signals = hiddenIn(chart);
    if (chart.view) chart.view.finalize();
    chart.view = new vega.View(vega.parse(specification, theme()), {
      renderer: 'svg', container: chart.place, hover: false,
    });
    if (signals.length) chart.view.signal('hidden', signals);
    chart.view.runAsync();
  }

  charts.sections.forEach(function (section, number) {
    const parent = document.getElementById('charts-' + number);
    let legend = null;
    for (const chart of section) {
      const figure = element('figure', '', parent);
      element('figcaption', chart.title, figure);
      const reading = element('div', chart.reading, figure);
      reading.className = 'reading';
      if (!chart.specification) continue;
      const series = seriesOf(chart);
      if (series.length) {
        const apart = parent.className === 'multiples';
        if (!legend || apart || legend.key !== JSON.stringify(series)) legend = legendOf(series);
        legend.addTo(figure);
        legend.charts.push(chart);
        chart.legend = legend;
      }
      chart.place = element('div', '', figure);
      chart.place.className = 'plot';
      const details = element('details', '', figure);
      element('summary', charts.labels.numbers, details);
      const scroll = element('div', '', details);
      scroll.className = 'scroll';
      details.addEventListener('toggle', function () {
        if (!scroll.firstChild) scroll.appendChild(tableOf(chart));
      });
      downloads(chart, details);
      drawn.push(chart);
      draw(chart);
    }
  });

  let waiting = 0;
  function again() {
    clearTimeout(waiting);
    waiting = setTimeout(function () { drawn.forEach(draw); }, 150);
  }
  window.addEventListener('resize', again);
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);

  function keyOf(row, column) {
    const cell = row.children[column];
    const value = Number(cell.dataset.sort);
    return cell.dataset.sort !== undefined && !Number.isNaN(value) ? value : cell.textContent;
  }

  for (const table of document.querySelectorAll('table.sortable')) {
    const titles = Array.from(table.tHead.rows[0].cells);
    titles.forEach(function (title, column) {
      title.tabIndex = 0;
      title.setAttribute('role', 'button');
      title.addEventListener('keydown', function (event) {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        title.click();
      });
      title.addEventListener('click', function () {
        const descending = title.getAttribute('aria-sort') === 'ascending';
        titles.forEach(function (other) { other.removeAttribute('aria-sort'); });
        title.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
        const rows = Array.from(table.tBodies[0].rows);
        rows.sort(function (a, b) {
          const x = keyOf(a, column), y = keyOf(b, column);
          return (x > y ? 1 : x < y ? -1 : 0) * (descending ? -1 : 1);
        });
        rows.forEach(function (row) { table.tBodies[0].appendChild(row); });
      });
    });
  }
})();

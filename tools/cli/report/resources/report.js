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

  function tableOf(data) {
    const table = element('table');
    const head = element('tr', '', element('thead', '', table));
    for (const title of data.columns) element('th', title, head);
    const body = element('tbody', '', table);
    for (const row of data.rows) {
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

  // Names of series, which charts beneath share; the one pointed at stands out in all of them.
  function legendOf(series, parent) {
    const list = element('ul', '', parent);
    const legend = { key: JSON.stringify(series), charts: [] };
    list.className = 'legend';
    function show(name) {
      legend.charts.forEach(function (chart) {
        if (chart.view) chart.view.signal('active', name).runAsync();
      });
    }
    for (const each of series) {
      const item = element('li', '', list);
      item.tabIndex = 0;
      item.appendChild(sample(each));
      item.appendChild(document.createTextNode(each.name));
      for (const event of ['mouseenter', 'focus']) item.addEventListener(event, function () { show(each.name); });
      for (const event of ['mouseleave', 'blur']) item.addEventListener(event, function () { show(''); });
    }
    return legend;
  }

  function draw(chart) {
    if (typeof vega === 'undefined') return;
    const width = Math.max(240, chart.place.clientWidth - 4);
    const specification = Object.assign({ width: width }, chart.specification);
    if (chart.view) chart.view.finalize();
    chart.view = new vega.View(vega.parse(specification, theme()), {
      renderer: 'svg', container: chart.place, hover: false,
    });
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
      const series = (chart.specification.usermeta || {}).series;
      if (series && series.length > 1) {
        const apart = parent.className === 'multiples';
        if (!legend || apart || legend.key !== JSON.stringify(series)) legend = legendOf(series, figure);
        legend.charts.push(chart);
      }
      chart.place = element('div', '', figure);
      chart.place.className = 'plot';
      const details = element('details', '', figure);
      element('summary', charts.numbers, details);
      const scroll = element('div', '', details);
      scroll.className = 'scroll';
      scroll.appendChild(tableOf(chart.table));
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

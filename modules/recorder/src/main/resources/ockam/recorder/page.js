'use strict';
(() => {
  const by = id => document.getElementById(id);
  const rows = [...by('events').tBodies[0].rows];
  const apply = () => {
    const text = by('text').value.toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const fits = ['node', 'event'].every((id, i) => !by(id).value || row.cells[2 + i].textContent === by(id).value)
        && (!by('address').value || [...row.cells[4].children].some(name => name.textContent === by('address').value))
        && row.textContent.toLowerCase().includes(text);
      row.hidden = !fits;
      shown += fits;
    }
    by('count').textContent = shown + ' of ' + rows.length + ' events';
  };
  by('filter').addEventListener('input', apply);
  by('filter').addEventListener('change', apply);
  by('filter').addEventListener('submit', event => event.preventDefault());
  apply();
})();

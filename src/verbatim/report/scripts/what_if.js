// Sliders: points = sum of change x effect, interval from the covariance of the effects. No forecast.

const FRACTIONS = { 0.25: "quarter", 0.5: "half", 0.75: "quarters", 0.2: "fifth", 1: "all" };

function whatIf(model, changes) {
  const at = [...changes.keys()];
  let points = 0, variance = 0;
  for (const i of at) {
    points += changes.get(i) * model.themes[i].effect;
    for (const j of at) variance += changes.get(i) * model.covariance[i][j] * changes.get(j);
  }
  const reach = model.z * Math.sqrt(Math.max(variance, 0));
  return { points, low: points - reach, high: points + reach, after: model.nps + points };
}

function told(theme, change) {
  const name = `\u201c${theme.name}\u201d`, size = Math.abs(change);
  const amount = FRACTIONS[size] ? text(`whatif.${FRACTIONS[size]}`) : `${Math.round(100 * size)} %`;
  if (change < 0) return text("whatif.absent", { amount, name });
  const shares = { before: fixed(100 * theme.share, 1), after: fixed(100 * theme.share * (1 + change), 1) };
  const more = change === 1 ? text("whatif.twice") : text("whatif.more", { amount });
  return text("whatif.added", { more, name, ...shares });
}

function answer(model, changes) {
  if (!changes.size) return text("whatif.none", { nps: plain(model.nps) });
  const { points, low, high, after } = whatIf(model, changes), moved = [...changes.values()];
  const more = moved.some((change) => change > 0), less = moved.some((change) => change < 0);
  return text("whatif.answer", {
    changes: listed([...changes].map(([i, change]) => told(model.themes[i], change))),
    like: more && less ? text("whatif.like.both") : more ? text("whatif.like.more") : "",
    points: signed(points), interval: signedInterval(low, high), after: plain(after), before: plain(model.nps),
  });
}

function warnings(model, changes) {
  const said = [];
  for (const [i] of changes) {
    const { name, above_noise: clear, holds_zero: zero } = model.themes[i];
    if (!clear) said.push(text(zero ? "whatif.zero" : "whatif.chance", { name: `\u201c${name}\u201d` }));
  }
  for (const [i, change] of changes) {
    if (change > 0) said.push(text("whatif.adding", { name: `\u201c${model.themes[i].name}\u201d` }));
  }
  const { after } = whatIf(model, changes);
  if (Math.abs(after) > 100) said.push(text("whatif.beyond", { after: signed(after) }));
  return said;
}

function startWhatIf(model) {
  const place = byId("what-if");
  if (!place) return;
  const sliders = [...place.querySelectorAll("input[type=range]")], out = byId("what-if-answer");
  const read = () => {
    const changes = new Map();
    for (const slider of sliders) {
      const change = Number(slider.value) / 100, i = Number(slider.dataset.theme);
      const said = change ? text("whatif.amount", { change: signed(100 * change, 0) }) : text("whatif.unchanged");
      slider.nextElementSibling.textContent = said;
      slider.setAttribute("aria-valuetext", said);
      if (change) changes.set(i, change);
    }
    const { points, low, high, after } = whatIf(model, changes);
    Object.assign(out.dataset, { points, low, high, after });
    out.textContent = answer(model, changes);
    byId("what-if-notes").replaceChildren(...warnings(model, changes).map((said) => element("li", {}, said)));
  };
  place.addEventListener("input", read);
  byId("what-if-reset").addEventListener("click", () => {
    for (const slider of sliders) slider.value = 0;
    read();
  });
  read();
}

// Keeps what a page says of times true, and brings the part that changes by itself up to date.
const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];

function age(seconds) {
  if (seconds < 10) return "just now";
  for (const [unit, length] of UNITS) {
    const count = Math.floor(seconds / length);
    if (count) return `${count} ${unit}${count > 1 ? "s" : ""} ago`;
  }
  return `${Math.floor(seconds)} seconds ago`;
}

function tellAges() {
  for (const time of document.querySelectorAll("time[data-age]")) {
    const text = age((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (time.textContent !== text) time.textContent = text;
  }
}

setInterval(tellAges, 10_000);

// What was done is said once, and not again when the page is loaded again.
const here = new URL(location.href);
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  history.replaceState(null, "", here);
}

const part = () => document.querySelector("[data-refresh]");
let shown = "";

async function refresh() {
  const old = part();
  // Who types or chooses something is not disturbed, and who does not look needs nothing.
  if (document.hidden || old.querySelector("form :focus")) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-refresh]");
  if (!fresh) return;
  // Ages change all the time, and are told without this.
  const told = fresh.innerHTML.replace(/ data-age="">[^<]*/g, "");
  if (told !== shown && shown !== "") {
    const href = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceWith(fresh);
    if (href) fresh.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus();
  } else {
    old.dataset.refresh = fresh.dataset.refresh;
  }
  shown = told;
}

async function keepFresh() {
  try {
    await refresh();
  } catch {
    // The platform cannot be reached for a moment: what is shown stays.
  }
  setTimeout(keepFresh, Number(part().dataset.refresh) * 1000);
}

if (part()) {
  shown = part().innerHTML.replace(/ data-age="">[^<]*/g, "");
  setTimeout(keepFresh, Number(part().dataset.refresh) * 1000);
}

// Adds a log's new lines as they come, searches it while one types, and finds the line that an address names.
const log = document.getElementById("log");
const search = document.querySelector("#search [type=search]");
const found = document.getElementById("found");
const asked = search?.value ?? "";
const isNumbered = log?.dataset.kind !== "server" && !location.pathname.endsWith("/logs");

function matches(item) {
  return item.lastElementChild.textContent.toLowerCase().includes(search.value.trim().toLowerCase());
}

function filter() {
  let count = 0;
  for (const item of log.children) {
    item.hidden = !matches(item);
    if (!item.hidden) count += 1;
  }
  found.textContent = search.value.trim() ? `${count} of ${log.children.length} lines here; Search looks through all.` : "";
}

function write(line, number) {
  const item = document.createElement("li");
  const time = document.createElement("time");
  const text = document.createElement("span");
  time.dateTime = line.at;
  time.title = line.at.slice(0, 10);
  time.textContent = line.at.slice(11, 23);
  text.textContent = line.text;
  if (isNumbered) {
    const link = document.createElement("a");
    item.id = `L${number}`;
    link.href = `#L${number}`;
    link.textContent = number;
    link.setAttribute("aria-label", `Line ${number}`);
    item.append(link);
  }
  item.append(time, text);
  if (search) item.hidden = !matches(item);
  return item;
}

// The deployment has moved on. What one searches for stays.
function reload() {
  const address = new URL(location.href);
  const sought = search?.value.trim();
  if (!sought || sought === asked) {
    location.reload();
    return;
  }
  address.searchParams.set("q", sought);
  location.replace(address);
}

function follow() {
  const { events: path, kind, state, start } = log.dataset;
  const address = `${path}?kind=${kind}&state=${state}&start=${start}`;
  const events = new EventSource(address);
  events.addEventListener("line", (event) => {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    log.append(write(JSON.parse(event.data), Number(event.lastEventId)));
    document.getElementById("waiting")?.remove();
    if (atEnd) log.scrollTop = log.scrollHeight;
  });
  events.addEventListener("changed", () => {
    events.close();
    reload();
  });
}

// A line that is not among those shown is on another part of the log.
function findLine() {
  const number = Number(/^#L([0-9]{1,9})$/.exec(location.hash)?.[1] ?? 0);
  if (!number || !isNumbered || document.getElementById(`L${number}`)) return;
  if (new URLSearchParams(location.search).has("from") && log.children.length === 0) return;
  const address = new URL(log.dataset.home, location.href);
  address.searchParams.set("from", Math.max(1, number - 20));
  if (log.dataset.kind !== "build") address.searchParams.set("kind", log.dataset.kind);
  address.hash = location.hash;
  location.replace(address);
}

if (log) {
  search?.addEventListener("input", () => {
    // What the address says holds when the page is loaded again.
    if (!asked) filter();
  });
  findLine();
  if (!location.hash) log.scrollTop = log.scrollHeight;
  if (log.dataset.events) follow();
}

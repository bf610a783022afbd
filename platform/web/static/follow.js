// Adds the log's new lines as they come, and loads the page afresh when the deployment has moved on.
const log = document.getElementById("log");
const events = new EventSource(`${log.dataset.events}?start=${log.dataset.start}`);

events.addEventListener("line", (event) => {
  const { at, text } = JSON.parse(event.data);
  const item = document.createElement("li");
  const time = document.createElement("time");
  const span = document.createElement("span");
  time.textContent = at.slice(11, 23);
  span.textContent = text;
  item.append(time, span);
  const atEnd = innerHeight + scrollY >= document.body.scrollHeight - 40;
  log.append(item);
  document.getElementById("waiting")?.remove();
  if (atEnd) scrollTo(0, document.body.scrollHeight);
});

events.addEventListener("changed", () => {
  events.close();
  location.reload();
});

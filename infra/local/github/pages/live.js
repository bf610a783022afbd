/** Keeps the page as it would be after loading it again, while somebody looks at it and touches nothing. */

const main = () => /** @type {HTMLElement} */ (document.querySelector("main"));

/** @returns {boolean} whether a change would take something away from under the reader's hands */
function isInUse() {
  const written = [...document.querySelectorAll("textarea, input:not([type=hidden])")];
  const focused = document.activeElement?.matches("textarea, input, select");
  return document.hidden || focused || written.some((field) => field.value !== field.defaultValue)
    || document.querySelector("main details[open]:not(.unfolded)") !== null;
}

async function refresh() {
  if (!isInUse()) {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("main");
    if (answer.ok && fresh && fresh.outerHTML !== main().outerHTML && !isInUse()) main().replaceWith(fresh);
  }
}

function wait() {
  setTimeout(() => refresh().catch(() => {}).finally(wait), Number(main().dataset.seconds) * 1000);
}

wait();

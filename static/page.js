// For every page: times in the person's own zone, buttons that copy, lists that are filtered, receipts that follow.

const longest = 30000;
const zoned = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });

function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = zoned.format(new Date(time.dateTime));
  }
}

function offerCopying(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    const block = button.parentElement;
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("code").textContent);
      block.querySelector("[role=status]").textContent = "Copied";
      button.firstChild.textContent = "Copied";
    });
  }
}

// The list that a box filters follows what is typed, without a new page.
function offerFiltering(form) {
  let latest = 0;
  form.addEventListener("input", async () => {
    const number = ++latest;
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const answer = await fetch(address, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("found");
    if (number === latest && found) document.getElementById("found").replaceChildren(...found.childNodes);
  });
}

// What is waited for has ended when the page no longer says so.
async function follow(pause) {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && !page.querySelector("[data-follow]")) return location.reload();
  } catch {
    // The next look may find Slipway again.
  }
  setTimeout(follow, pause, Math.min(pause * 1.2, longest));
}

localise(document);
offerCopying(document);
document.addEventListener("redrawn", () => offerCopying(document.getElementById("main")));
document.querySelectorAll("[data-filter]").forEach(offerFiltering);
if (document.querySelector("[data-follow]")) setTimeout(follow, 2000, 2000);

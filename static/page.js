// For every page: times in the person's own zone, buttons that copy, lists that are filtered, receipts that follow, and
// a warning before the session ends.

const longest = 30000;
// Seconds before its end at which a session is said to end.
const warning = 120;
// Who is no longer signed in is sent elsewhere, and that is an error where a session is asked for.
const only = { credentials: "same-origin", redirect: "error" };
const zoned = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });

const units = [["minute", 60], ["hour", 24], ["day", 7]];

function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]:not([data-ago])")) {
    time.title = time.textContent;
    time.textContent = zoned.format(new Date(time.dateTime));
  }
  for (const time of root.querySelectorAll("time[data-ago]")) {
    time.title = zoned.format(new Date(time.dateTime));
    time.lastElementChild.textContent = `, ${time.title}`;
  }
}

// How long ago it was grows while a page is open.
function ago(moment) {
  let number = Math.floor((Date.now() - moment) / 60000);
  if (number < 1) return "just now";
  for (const [unit, most] of units) {
    if (number < most) return `${number} ${unit}${number === 1 ? "" : "s"} ago`;
    number = Math.floor(number / most);
  }
  return null;
}

function countOn() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const words = ago(new Date(time.dateTime));
    if (words) time.firstElementChild.textContent = words;
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
    if (number !== latest || !found) return;
    localise(found);
    document.getElementById("found").replaceChildren(...found.childNodes);
    // What can be gone back to, and shown to others.
    if (form.dataset.filter) history.replaceState(null, "", address);
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

function endingWords(left, most) {
  if (left <= 0) return "You are signed out. What is in a form is kept: press its button, sign in, and go on with it.";
  if (left >= most) return "You have been signed in for twelve hours, and will be signed out in two minutes. What is in a form is kept.";
  return "You will be signed out in two minutes, since nothing has happened for a while.";
}

async function askSession(address, more = {}) {
  try {
    const answer = await fetch(address, { ...only, ...more });
    return await answer.json();
  } catch {
    return { left: 0, most: 0 };
  }
}

// Another tab may have kept the session, so what is left of it is asked for before anybody is warned.
function watchSession(ending) {
  const notice = ending.querySelector("template");
  let timer = 0;

  function tell({ left, most }) {
    const near = left <= warning;
    ending.replaceChildren(notice, ...(near ? [notice.content.cloneNode(true)] : []));
    if (left > 0) document.querySelector("#session-end time").textContent = zoned.format(Date.now() + left * 1000);
    if (near) {
      const form = ending.querySelector("form");
      form.hidden = left <= 0 || left >= most;
      form.onsubmit = stay;
      ending.querySelector("[data-words]").textContent = endingWords(left, most);
    }
    watch(left);
  }

  async function stay(event) {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target));
    tell(await askSession(event.target.action, { method: "POST", body }));
  }

  function watch(left) {
    clearTimeout(timer);
    if (left <= 0) return;
    const wait = left > warning ? left - warning : left + 1;
    timer = setTimeout(async () => tell(await askSession(ending.dataset.at)), wait * 1000);
  }

  watch(Number(ending.dataset.left));
}

// From the moment of sending on it is not true any more that nothing was sent. Back brings the page as it was left.
function showUnsent(shown) {
  for (const words of document.querySelectorAll("[data-unsent]")) words.hidden = !shown;
}

document.addEventListener("submit", ({ target, submitter }) => {
  if (target.hasAttribute("data-sends") && !submitter?.hasAttribute("formaction")) showUnsent(false);
});
addEventListener("pageshow", () => showUnsent(true));

const ending = document.getElementById("ending");

localise(document);
setInterval(countOn, 30000);
offerCopying(document);
document.addEventListener("redrawn", () => offerCopying(document.getElementById("main")));
document.querySelectorAll("[data-filter]").forEach(offerFiltering);
if (document.querySelector("[data-follow]")) setTimeout(follow, 2000, 2000);
if (ending) watchSession(ending);
